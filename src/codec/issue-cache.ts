import { type IssueHeader, PRIORITIES, STATES } from "../domain/issue.ts";

type ColumnKind = "text" | "text or null" | "texts" | "number" | "state" | "priority";

/**
 * What the cache keeps of an issue. To add a field of the header: give it a line here; a cache of other columns
 * counts as one of another version, and is made anew. Without the line this does not compile.
 */
const HEADER_COLUMNS = {
  id: "text",
  queue: "text",
  title: "text",
  status: "state",
  priority: "priority",
  handler: "text",
  creator: "text or null",
  ref: "text or null",
  blockedBy: "texts",
  labels: "texts",
  created: "text",
  slaDeadline: "text or null",
  fence: "number",
} as const satisfies Record<keyof IssueHeader, ColumnKind>;

/** Grows when the format changes in any other way than by its columns. */
const FORMAT = 1;
const COLUMN_NAMES = Object.keys(HEADER_COLUMNS) as (keyof IssueHeader)[];

const IS_KIND = {
  text: (value) => typeof value === "string",
  "text or null": (value) => value === null || typeof value === "string",
  texts: (value) => Array.isArray(value) && value.every((part) => typeof part === "string"),
  number: (value) => typeof value === "number",
  state: (value) => STATES.some((state) => state === value),
  priority: (value) => PRIORITIES.some((priority) => priority === value),
} as const satisfies Record<ColumnKind, (value: unknown) => boolean>;

/** Digest of a text, short and quick: it recognises what was torn, and protects against nobody. */
export type Checksum = (text: string) => string;

/** One issue as the cache knows it. */
export interface CachedIssue {
  /** Which state of its file the rest is from; null: the file has to be read again. */
  readonly mark: string | null;
  /** null where the file cannot be read, or says something else with a lease than without: it is read each time. */
  readonly header: IssueHeader | null;
}

/** First line of each file of the cache, without its line feed. */
export function cacheTitle(): string {
  return `mai cache ${FORMAT} ${COLUMN_NAMES.join(",")}`;
}

/** Writes one line that tells whether it is whole. */
export function formatLine(value: unknown, checksum: Checksum): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** Reads a line, without its line feed; undefined when it is not as it was written. */
export function parseLine(line: string, checksum: Checksum): unknown {
  const space = line.indexOf(" ");
  const json = line.slice(space + 1);
  return space > 0 && checksum(json) === line.slice(0, space) ? JSON.parse(json) : undefined;
}

/** Turns an issue into a row: the mark, then the columns. */
export function rowOf(mark: string | null, header: IssueHeader): readonly unknown[] {
  return [mark, ...COLUMN_NAMES.map((name) => header[name])];
}

/** Reads a row; null when it is none. A name that would lead out of its directory makes none. */
export function issueOfRow(row: unknown): (CachedIssue & { readonly header: IssueHeader }) | null {
  if (!Array.isArray(row) || row.length !== COLUMN_NAMES.length + 1) return null;
  const header: Record<string, unknown> = {};
  for (const [index, name] of COLUMN_NAMES.entries()) {
    const value: unknown = row[index + 1];
    if (!IS_KIND[HEADER_COLUMNS[name]](value)) return null;
    header[name] = value;
  }
  const mark: unknown = row[0];
  if ((mark !== null && typeof mark !== "string") || !isName(header.id) || !isName(header.queue)) return null;
  return { mark, header: header as unknown as IssueHeader };
}

/** Tells whether a text can be the name of an entry of a directory. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !value.startsWith(".") && !/[/\0]/.test(value);
}
