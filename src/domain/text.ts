import { MaiError } from "./errors.ts";

/** Longest title, in characters. */
export const MAX_TITLE_CHARACTERS = 200;
/** Longest remark, reason, conclusion, summary or body, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 65_536;

/** C0 but tab and line feed, DEL, C1, the two separators, and the bidirectional controls. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const EVERY_CONTROL = new RegExp(CONTROL.source, "g");
/** What counts as a line break in text from outside, longest first. */
const LINE_BREAK = /\r\n|[\r\u2028\u2029\u0085\u000b\u000c\u001c-\u001e]/g;

const BODY_HINT = "Put details into the body: --body TEXT.";
const HALF_HINT = "Take it out: half of a surrogate pair stands alone.";

/** Tells whether `text` holds a control character that could steer a terminal or reorder what is read. */
export function hasControlCharacter(text: string): boolean {
  return CONTROL.test(text);
}

/** Returns `text` with every control character written out as `\u{202e}`, fit for a terminal. */
export function visibleText(text: string): string {
  if (!CONTROL.test(text)) return text;
  return text.replace(EVERY_CONTROL, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The same on one line: what names a file or a person must not look like two lines. */
export function visibleLine(text: string): string {
  const shown = visibleText(text);
  if (!shown.includes("\n") && !shown.includes("\t")) return shown;
  return shown.replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** Returns `text` on one line: line breaks and tabs become spaces, control characters are dropped. */
export function oneLine(text: string): string {
  return text
    .replace(LINE_BREAK, "\n")
    .replace(/[\n\t]+/g, " ")
    .replace(EVERY_CONTROL, "");
}

/**
 * Checks a title: one line, 1 to 200 characters, something to read in it.
 * @throws INVALID_TITLE
 */
export function checkTitle(title: string): string {
  const refuse = refusalWith("INVALID_TITLE");
  if (title.trim() === "") throw refuse("A title cannot be empty.", "Say in one line what is wanted.");
  if (/[\n\t]/.test(title) || hasControlCharacter(title))
    throw refuse("A title is one line without control characters.", BODY_HINT);
  if (!title.isWellFormed()) throw refuse("The title holds half a character.", HALF_HINT);
  if ([...title].length > MAX_TITLE_CHARACTERS)
    throw refuse(`A title has at most ${MAX_TITLE_CHARACTERS} characters.`, BODY_HINT);
  return title;
}

/**
 * Checks and stores-to-be text: every kind of line break becomes a line feed, all else is kept.
 * @param what names the argument in the message, such as "remark"
 * @throws INVALID_TEXT when empty, over 64 KiB of UTF-8, or holding NUL or half a character
 */
export function checkText(text: string, what: string): string {
  const refuse = refusalWith("INVALID_TEXT");
  if (text.includes("\0")) throw refuse(`The ${what} holds a NUL character.`, "Take that character out.");
  // Only JSON can bring one; as UTF-8 it would become another character.
  if (!text.isWellFormed()) throw refuse(`The ${what} holds half a character.`, HALF_HINT);
  const stored = text.replace(LINE_BREAK, "\n");
  if (stored === "")
    throw refuse(`The ${what} is empty.`, "Give it as one argument, or - for standard input.");
  const bytes = utf8Length(stored);
  if (bytes > MAX_TEXT_BYTES) {
    const most = `The ${what} has ${bytes} bytes; at most ${MAX_TEXT_BYTES} fit.`;
    throw refuse(most, "Put long material into a file and name the file.");
  }
  return stored;
}

/** Number of bytes that `text` takes as UTF-8. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function refusalWith(code: "INVALID_TITLE" | "INVALID_TEXT") {
  return (message: string, hint: string): MaiError => new MaiError(code, message, { hint });
}
