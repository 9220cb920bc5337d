import type { CachedIssue } from "../../codec/issue-cache.ts";
import type { MaiError } from "../../domain/errors.ts";
import { type IssueHeader, isFinished } from "../../domain/issue.ts";

/** Mark of a directory that is not there. */
export const ABSENT = "absent";

/** The issues of one queue, as far as they are not in the file of finished ones. */
export class CachedQueue {
  /** Which state of the directory the rest is from; null: it has to be looked through. */
  mark: string | null;
  /** When the directory changed last, if that was looked up now; 0 for what was kept earlier. */
  changedMs = 0;
  /** Why its directory cannot be looked through; null where it can. */
  fault: MaiError | null = null;
  /** By id: all unfinished ones, those that cannot be read, and finished ones that are not in the file yet. */
  readonly rows = new Map<string, CachedRow>();
  /** Ids whose first rows in the file of finished issues are out of date, and how many rows. */
  readonly superseded: Map<string, number>;

  constructor(mark: string | null, superseded: Iterable<readonly [string, number]> = []) {
    this.mark = mark;
    this.superseded = new Map(superseded);
  }

  /**
   * Takes a change of one file over.
   * @param row null when the file went away
   * @param existed whether it was there before: where it is no row here, the file of finished issues has one
   */
  put(id: string, row: CachedRow | null, existed: boolean): void {
    if (existed && !this.rows.has(id)) this.superseded.set(id, (this.superseded.get(id) ?? 0) + 1);
    if (row === null) this.rows.delete(id);
    else this.rows.set(id, row);
  }
}

/** One issue as the cache or its file tells it. */
export interface CachedRow extends CachedIssue {
  /** When its file changed last, if that was looked up now; 0 for what was kept earlier. */
  readonly changedMs: number;
  /** Whether it was read from its file in this very reading. */
  readonly isFresh: boolean;
  /** Whether an older state word makes it something else with a lease than without: then it is read each time. */
  readonly dependsOnLease: boolean;
  /** Why its file cannot be read. */
  readonly fault: MaiError | null;
}

/** An issue whose header is known. */
export type KnownRow = CachedRow & { readonly header: IssueHeader };

/** Makes a row of what was kept earlier. */
export function keptRow<Header extends IssueHeader | null>({
  mark,
  header,
}: CachedIssue & { readonly header: Header }): CachedRow & { readonly header: Header } {
  return { mark, header, changedMs: 0, isFresh: false, dependsOnLease: false, fault: null };
}

/** Tells whether an issue is known to be finished: such a one is not looked at again unless its directory changed. */
export function isSettled({ header }: CachedIssue): boolean {
  return header !== null && isFinished(header.status);
}
