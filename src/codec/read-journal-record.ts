import { isJournalPlace } from "./journal-places.ts";
import { type JournalChange, type JournalRecord, joinedChange } from "./journal-record.ts";
import { parseJsonObject } from "./json.ts";

/**
 * Reads a record; null when it is torn, altered, of another version, or names a place that changes do not write. Older
 * versions could name one file twice: its changes are joined.
 */
export function parseJournalRecord(text: string, digest: (text: string) => string): JournalRecord | null {
  const match = /^\{"checksum":"([0-9a-f]{64})","record":(.*)\}\n$/s.exec(text);
  const body = match?.[2] ?? "";
  if (match === null || digest(body) !== match[1]) return null;
  const record = parseJsonObject(body) as JournalRecord | null;
  if (record?.version !== 1 || !Array.isArray(record.changes)) return null;
  return record.changes.every(isChange) ? { ...record, changes: eachPathOnce(record.changes) } : null;
}

function eachPathOnce(changes: readonly JournalChange[]): readonly JournalChange[] {
  const joined = new Map<string, JournalChange>();
  for (const change of changes) {
    const first = joined.get(change.path);
    joined.set(change.path, first === undefined ? change : joinedChange(first, change));
  }
  return [...joined.values()];
}

/** A sum that fits does not make a record sound: whoever can write the file can compute it. */
function isChange(value: unknown): boolean {
  const change = value as Readonly<Record<string, unknown>> | null;
  if (typeof change?.path !== "string" || !isJournalPlace(change.path)) return false;
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
