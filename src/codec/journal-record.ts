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
  /** Each file once. */
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

/**
 * Joins two changes of one file, the later one second: a record names each file once, since the digest of what a second
 * change finds would not be that of what lies there.
 */
export function joinedChange(first: JournalChange, second: JournalChange): JournalChange {
  if (second.kind === "touch") return first;
  if (first.kind === "touch") return second;
  if (second.kind === "append") {
    return first.kind === "append"
      ? { ...first, text: first.text + second.text }
      : withTextAtEnd(first, second.text);
  }
  return first.kind === "write" ? { ...second, before: first.before } : second;
}

/** Returns a write of a file of text with more lines at its end. */
export function withTextAtEnd(write: FileWrite, text: string): FileWrite {
  const before = write.after ?? "";
  const gap = before === "" || before.endsWith("\n") || text.startsWith("\n") ? "" : "\n";
  return { ...write, after: before + gap + text };
}
