import { type IssueHeader, PRIORITIES, type Priority, STATES, type State } from "../domain/issue.ts";

/** A header whose values are anything: as a row tells it, before it is known to be one. */
type Told = { readonly [Column in keyof IssueHeader]: unknown };

/**
 * Reads what the cache keeps of an issue: the mark stands first, then the columns in this order. To add a field of the
 * header: give it a line here and one in {@link isHeader}; a cache of other columns counts as one of another version, and
 * is made anew. Without the line this does not compile. Written out, since lists run it for each issue.
 */
function headerIn(row: readonly unknown[]): Told {
  return {
    id: row[1],
    queue: row[2],
    title: row[3],
    status: row[4],
    priority: row[5],
    handler: row[6],
    creator: row[7],
    ref: row[8],
    blockedBy: row[9],
    labels: row[10],
    created: row[11],
    slaDeadline: row[12],
    fence: row[13],
  };
}

/** Grows when the format changes in any other way than by its columns. */
const FORMAT = 2;
const COLUMN_NAMES = Object.keys(headerIn([])) as (keyof IssueHeader)[];

function isHeader(told: Told): told is IssueHeader {
  return (
    isName(told.id) &&
    isName(told.queue) &&
    typeof told.title === "string" &&
    STATES.includes(told.status as State) &&
    PRIORITIES.includes(told.priority as Priority) &&
    typeof told.handler === "string" &&
    (told.creator === null || typeof told.creator === "string") &&
    (told.ref === null || typeof told.ref === "string") &&
    areTexts(told.blockedBy) &&
    areTexts(told.labels) &&
    typeof told.created === "string" &&
    (told.slaDeadline === null || typeof told.slaDeadline === "string") &&
    typeof told.fence === "number"
  );
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && (value.length === 0 || value.every((part) => typeof part === "string"));
}

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
  const mark: unknown = row[0];
  const header = headerIn(row);
  return (mark === null || typeof mark === "string") && isHeader(header) ? { mark, header } : null;
}

/** Tells whether a text can be the name of an entry of a directory. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && /^[^./\0][^/\0]*$/.test(value);
}
