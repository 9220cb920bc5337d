import { MaiError } from "./errors.ts";
import { HANDOVER_PARTS, type HandoverNote } from "./issue.ts";
import { checkText } from "./text.ts";

/** Longest entry of a note, in characters: what is longer belongs into a remark. */
const MAX_ENTRY = 1000;

/**
 * Checks the entries of a note; null where there are none.
 * @throws INVALID_TEXT
 */
export function handoverNote(given: HandoverNote): HandoverNote | null {
  const [done, remaining, decisions, uncertain] = HANDOVER_PARTS.map((part) => given[part].map(entryText));
  const note = {
    done: done ?? [],
    remaining: remaining ?? [],
    decisions: decisions ?? [],
    uncertain: uncertain ?? [],
  };
  return isEmptyNote(note) ? null : note;
}

/** Tells whether a note says nothing. */
export function isEmptyNote(note: HandoverNote): boolean {
  return HANDOVER_PARTS.every((part) => note[part].length === 0);
}

/** Tells whether two notes say the same. */
export function isSameNote(a: HandoverNote, b: HandoverNote): boolean {
  return HANDOVER_PARTS.every(
    (part) => a[part].length === b[part].length && a[part].every((text, index) => text === b[part][index]),
  );
}

function entryText(text: string): string {
  const stored = checkText(text, "entry of a hand-over note");
  if (stored.trim() === "")
    throw new MaiError("INVALID_TEXT", "An entry of a hand-over note is empty.", {
      hint: "Leave its option out.",
    });
  if ([...stored].length <= MAX_ENTRY) return stored;
  throw new MaiError("INVALID_TEXT", `An entry of a hand-over note has at most ${MAX_ENTRY} characters.`, {
    hint: "Put long material into a remark or a file, and name it.",
  });
}
