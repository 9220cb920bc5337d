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
  const plain = ASCII.test(wanted) ? lines.map(plainPattern) : null;
  return {
    mayBeIn(raw) {
      // Many files are looked at for a few that hold it: no copies are made of them for plain words.
      if (plain !== null) return plain.every((line) => line.test(raw));
      const folded = foldedText(raw);
      return lines.every((line) => folded.includes(line));
    },
    isIn: (part) => foldedText(part).includes(wanted),
  };
}

const ASCII = /^[\0-\x7f]*$/;

/** What else than its capital folds to a plain character, or to it and an accent. */
const ALSO: Readonly<Record<string, string>> = { i: "\u0130", k: "\u212a", ";": "\u037e", "`": "\u1fef" };

/** Finds what may fold to a text of plain characters, in a text that is not folded itself. */
function plainPattern(text: string): RegExp {
  const classes = text.split("").map((character) => {
    const alike = character + character.toUpperCase() + (ALSO[character] ?? "");
    return `[${alike.replace(/[\\\]^-]/g, "\\$&")}]`;
  });
  return new RegExp(classes.join(""));
}

/** Lower case, composed; a sigma is final or not by what stands beside it, so that both count as one. */
function foldedText(text: string): string {
  return text.normalize("NFC").toLowerCase().replaceAll("ς", "σ");
}
