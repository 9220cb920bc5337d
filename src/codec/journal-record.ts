import { parseJsonObject } from "./json.ts";

/** One change of a file: whole text (null removes it), from what it was to what it shall be. */
export interface FileWrite {
  readonly kind: "write";
  readonly path: string;
  /** SHA-256 of the bytes before, null where there was no file. */
  readonly before: string | null;
  readonly after: string | null;
  /** How `after` stands for bytes that are no text. */
  readonly encoding?: "base64";
}

/** One addition to the end of a file that stood at `at` bytes before. */
export interface FileAppend {
  readonly kind: "append";
  readonly path: string;
  readonly at: number;
  readonly text: string;
}

/** A file whose modification time becomes now: a lease is renewed. */
export interface FileTouch {
  readonly kind: "touch";
  readonly path: string;
}

/** One change as the journal holds it. */
export type JournalChange = FileWrite | FileAppend | FileTouch;

/** A change in flight: all that is needed to finish it. */
export interface JournalRecord {
  readonly version: 1;
  /** Number of the last event of this change: grows with every commit. */
  readonly txid: number;
  readonly operation: string;
  readonly durable: boolean;
  readonly changes: readonly JournalChange[];
}

/** Writes a record with its checksum; `digest` is SHA-256 in hexadecimal. */
export function formatJournalRecord(record: JournalRecord, digest: (text: string) => string): string {
  const body = JSON.stringify(record);
  return `{"checksum":"${digest(body)}","record":${body}}\n`;
}

/** Returns what a write leaves in its file, null for no file. */
export function contentAfter({ after, encoding }: FileWrite): string | Uint8Array | null {
  return after !== null && encoding === "base64" ? Uint8Array.fromBase64(after) : after;
}

/** Where a journalled change may write, from the project's root. */
const WRITABLE = /^(?:\.mai|async|reports)\/[^\0]+$/;

/**
 * Reads a record; null when it is torn, altered, of another version, or names a path outside the project.
 */
export function parseJournalRecord(text: string, digest: (text: string) => string): JournalRecord | null {
  const match = /^\{"checksum":"([0-9a-f]{64})","record":(.*)\}\n$/s.exec(text);
  const body = match?.[2] ?? "";
  if (match === null || digest(body) !== match[1]) return null;
  const record = parseJsonObject(body) as JournalRecord | null;
  if (record?.version !== 1 || !Array.isArray(record.changes)) return null;
  return record.changes.every(isChange) ? record : null;
}

/** A sum that fits does not make a record sound: whoever can write the file can compute it. */
function isChange(value: unknown): boolean {
  const change = value as Readonly<Record<string, unknown>> | null;
  if (typeof change?.path !== "string" || !isInside(change.path)) return false;
  const { before, after, at, text, encoding } = change;
  switch (change.kind) {
    case "write":
      return isTextOrNull(before) && isTextOrNull(after) && (encoding === undefined || isBase64(after));
    case "append":
      return Number.isSafeInteger(at) && Number(at) >= 0 && typeof text === "string";
    case "touch":
      return true;
    default:
      return false;
  }
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function isBase64(value: unknown): boolean {
  return typeof value === "string" && BASE64.test(value);
}

function isInside(path: string): boolean {
  return WRITABLE.test(path) && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
