import { type ParsedScript, parse } from "unbash";

/** Longest line that is read, in UTF-16 units. */
export const LONGEST_LINE = 65_536;

/** Deepest nesting of brackets that is read; the parser's time grows with depth times length. */
export const DEEPEST_NESTING = 64;

/** Most here-documents (and other `<<`) on one line; the parser looks at each of them once per line. */
export const MOST_HERE_DOCUMENTS = 2_000;

const NUL = 0;
const LESS_THAN = 60;
const OPENING: ReadonlySet<number> = new Set([40, 123]);
const CLOSING: ReadonlySet<number> = new Set([41, 125]);

/**
 * Parses shell text, or says that it cannot be read.
 *
 * The bounds are checked before the parser sees the text, which keeps its time linear and its stack shallow.
 * A text with any syntax error is not read: a shell might still run a part of it.
 */
export function readScript(text: string): ParsedScript | undefined {
  if (text.length > LONGEST_LINE || !isWithinBounds(text)) return undefined;
  const script = parse(text);
  return script.errors === undefined || script.errors.length === 0 ? script : undefined;
}

function isWithinBounds(text: string): boolean {
  let depth = 0;
  let hereDocuments = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === NUL) return false;
    if (OPENING.has(unit)) depth++;
    else if (CLOSING.has(unit)) depth = Math.max(0, depth - 1);
    else if (unit === LESS_THAN && text.charCodeAt(at + 1) === LESS_THAN) hereDocuments++;
    if (depth > DEEPEST_NESTING || hereDocuments > MOST_HERE_DOCUMENTS) return false;
  }
  return true;
}
