/** A text to look for, without regard to case. */
export interface TextSearch {
  /** Whether a file whose raw text this is can hold it at all: each line of it stands somewhere. */
  readonly mayBeIn: (raw: string) => boolean;
  /** Whether a part of an issue holds it. */
  readonly isIn: (part: string) => boolean;
}

/**
 * Prepares a search. What a file stores otherwise than it is said only has more in front of its lines (a backslash,
 * two spaces, a label), so that a line of a part is always a piece of a line of the file.
 */
export function textSearch(text: string): TextSearch {
  const wanted = foldedText(text);
  const lines = wanted.split("\n");
  return {
    mayBeIn(raw) {
      const folded = foldedText(raw);
      return lines.every((line) => folded.includes(line));
    },
    isIn: (part) => foldedText(part).includes(wanted),
  };
}

/** Lower case, composed; a sigma is final or not by what stands beside it, so that both count as one. */
function foldedText(text: string): string {
  return text.normalize("NFC").toLowerCase().replaceAll("ς", "σ");
}
