import { MaiError } from "../domain/errors.ts";

const BEGIN = /^<{7}(?: |$)/;
const MIDDLE = /^={7}$/;
const END = /^>{7}(?: |$)/;
const FENCE = /^(`{3,}|~{3,})/;

/**
 * Returns the first line on which git left a marker of a conflict, from 1; null where there is none. A marker that is
 * indented or stands in a fenced block is a quotation; a fence ends with its section. `=======` alone is a heading of
 * Markdown, so that the end of a conflict counts only after it.
 */
export function conflictLine(text: string): number | null {
  if (!text.includes("<<<<<<<") && !text.includes(">>>>>>>")) return null;
  let fence: string | null = null;
  let divided = false;
  for (const [index, ended] of text.split("\n").entries()) {
    const line = ended.endsWith("\r") ? ended.slice(0, -1) : ended;
    fence = line.startsWith("## ") ? null : fenceAfter(fence, line);
    if (fence !== null) continue;
    if (BEGIN.test(line) || (divided && END.test(line))) return index + 1;
    divided ||= MIDDLE.test(line);
  }
  return null;
}

/**
 * Refuses a text in which git left a conflict.
 * @param path names the file in the error
 * @throws CORRUPT_FILE with the line
 */
export function requireNoConflict(text: string, path: string): void {
  const line = conflictLine(text);
  if (line === null) return;
  throw new MaiError("CORRUPT_FILE", conflictMessage(path, line), {
    hint: CONFLICT_HINT,
    fields: { path, line },
  });
}

/** What to do about a conflict that git left in a file. */
export const CONFLICT_HINT =
  "Decide which side is right, take out the lines of the markers (<<<<<<<, |||||||, =======, >>>>>>>), then: git add FILE";

/** Returns what an error says of a conflict in a file. */
export function conflictMessage(path: string, line: number): string {
  return `${path}: line ${line} has a conflict marker of git.`;
}

function fenceAfter(fence: string | null, line: string): string | null {
  const mark = FENCE.exec(line)?.[1];
  if (mark === undefined) return fence;
  if (fence === null) return mark;
  return mark.startsWith(fence) && line.trim() === mark ? null : fence;
}
