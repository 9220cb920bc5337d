import { MaiError } from "./errors.ts";
import { isPlainName } from "./names.ts";

/** What a command line names: an issue id, with the queue where `QUEUE/ID` was given. */
export interface IssueReference {
  readonly id: string;
  readonly queue: string | null;
}

/** Longest number that counts as sequential; six digits are hashes of older versions. */
const MAX_SEQUENTIAL_DIGITS = 5;
const ID = /^[A-Z0-9]{1,32}-[A-Z0-9]{1,32}$/;

/** Tells whether `text` has the shape of an issue id in capitals. */
export function isIssueId(text: string): boolean {
  return ID.test(text);
}

/** Returns the id that a file is named after, null where its name is not an id and `ending`: `REQ-001.orig.md` is no issue. */
export function idOfFileName(name: string, ending = ".md"): string | null {
  if (!name.endsWith(ending)) return null;
  const id = name.slice(0, -ending.length);
  return isIssueId(id) ? id : null;
}

/**
 * Reads `REQ-001`, `req-001` or `questions/REQ-001`.
 * @throws INVALID_NAME
 */
export function parseIssueReference(text: string): IssueReference {
  const slash = text.lastIndexOf("/");
  const id = text.slice(slash + 1).toUpperCase();
  const queue = slash === -1 ? null : text.slice(0, slash);
  if (isIssueId(id) && (queue === null || isPlainName(queue))) return { id, queue };
  throw new MaiError("INVALID_NAME", `${JSON.stringify(text)} is no issue id.`, {
    hint: "Ids look like REQ-001, or QUEUE/REQ-001; 'mai issue list' shows them.",
  });
}

/** Returns the id with this number: at least three digits. */
export function sequentialId(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(3, "0")}`;
}

/** Returns a hash id of three bytes, six hexadecimal digits. */
export function hashId(prefix: string, bytes: Uint8Array): string {
  return `${prefix}-${bytes.toHex().slice(0, 6).toUpperCase()}`;
}

/** Returns the number of a sequential id of this prefix, else null (hash ids of older versions have six digits). */
export function sequentialNumber(id: string, prefix: string): number | null {
  if (!id.startsWith(`${prefix}-`)) return null;
  const digits = id.slice(prefix.length + 1);
  return /^[0-9]+$/.test(digits) && digits.length <= MAX_SEQUENTIAL_DIGITS ? Number(digits) : null;
}

/** Returns the prefix for an agent's own queue: three letters or digits of the name, numbered when taken (`ALI2`). */
export function agentPrefix(name: string, taken: ReadonlySet<string>): string {
  const stem = name.replaceAll("-", "").slice(0, 3).toUpperCase();
  if (!taken.has(stem)) return stem;
  let number = 2;
  while (taken.has(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}
