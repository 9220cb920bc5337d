import type { JournalRecord } from "../../codec/journal-record.ts";
import type { MaiError } from "../../domain/errors.ts";
import { isIssueId } from "../../domain/ids.ts";
import { type IssueHeader, isFinished } from "../../domain/issue.ts";
import type { Workspace } from "../workspace.ts";
import { type CachedQueue, isSettled } from "./cached-queue.ts";
import { freshRow, type IndexState, layOver, trueState } from "./index-state.ts";
import { loadCache } from "./load-cache.ts";
import { TornCache } from "./torn-cache.ts";

/** Takes what is found of each issue: its header, or why its file cannot be read. */
export interface IssueVisitor {
  issue(header: IssueHeader): void;
  fault(error: MaiError): void;
}

/**
 * The headers of all issues: from the cache as far as it is true, else from their files. What the cache says of a
 * directory counts while the directory has not changed; unfinished issues are looked at each time.
 */
export class IssueIndex {
  readonly #place: Pick<Workspace, "root" | "system">;
  readonly #unfinished: JournalRecord | null;
  readonly #trusted: "cache" | "files";
  /** Queues whose unfinished issues have been looked at. */
  readonly #looked = new Set<string>();
  #state: IndexState | null = null;
  #odd: ReadonlyMap<string, readonly string[]> | null = null;

  /**
   * @param unfinished a change in flight, which is laid over
   * @param trusted `files` when the cache has turned out to be torn
   */
  constructor(
    place: Pick<Workspace, "root" | "system">,
    unfinished: JournalRecord | null,
    trusted: "cache" | "files" = "cache",
  ) {
    this.#place = place;
    this.#unfinished = unfinished;
    this.#trusted = trusted;
  }

  /** What it has found out so far; null when nobody asked it for anything, or something is laid over. */
  get state(): IndexState | null {
    return this.#unfinished === null ? this.#state : null;
  }

  /**
   * Looks at the issues of a queue, in no order.
   * @throws TornCache when the cache turns out to be torn half way: then an index on files alone tells
   */
  each(queue: string, finished: "shown" | "hidden", visitor: IssueVisitor): void {
    this.#state ??= this.#load();
    const cached = this.#state.queues.get(queue);
    if (cached === undefined) return;
    if (cached.fault !== null) visitor.fault(cached.fault);
    this.#look(this.#state, queue, cached);
    for (const { header, fault } of cached.rows.values()) {
      if (fault !== null) visitor.fault(fault);
      if (header !== null && (finished === "shown" || !isFinished(header.status))) visitor.issue(header);
    }
    if (finished === "shown")
      this.#state.finished?.live(queue, cached, ({ header }) => visitor.issue(header));
  }

  /** What lies among the queues and is no issue: names of directories, and the files of each by their names. */
  odd(): ReadonlyMap<string, readonly string[]> {
    this.#state ??= this.#load();
    this.#odd ??= oddNames(this.#state);
    return this.#odd;
  }

  #load(): IndexState {
    const record = this.#unfinished;
    const state =
      this.#trusted === "files" ? trueState(this.#place, null, record) : cachedState(this.#place, record);
    if (record !== null) layOver(this.#place, state.queues, record);
    return state;
  }

  /** In-place edits of unfinished issues leave no trace but in the files themselves. */
  #look(state: IndexState, name: string, queue: CachedQueue): void {
    if (this.#looked.has(name)) return;
    this.#looked.add(name);
    for (const [id, row] of queue.rows) {
      if (row.isFresh || isSettled(row)) continue;
      const now = freshRow(this.#place, { queue: name, id, row });
      if (now === row) continue;
      if (now === null) queue.rows.delete(id);
      else queue.rows.set(id, now);
      // Reading it could have been spared if the cache knew it as it is now.
      if (now?.mark !== row.mark && now?.mark !== null) state.work += 1;
    }
  }
}

function oddNames({ queues }: IndexState): ReadonlyMap<string, readonly string[]> {
  const odd = new Map<string, string[]>();
  for (const [queue, { rows }] of queues) {
    const names: string[] = [];
    for (const [key, row] of rows) if (row.header === null && !isIssueId(key)) names.push(key);
    odd.set(queue, names.sort());
  }
  return odd;
}

function cachedState(place: Pick<Workspace, "root" | "system">, record: JournalRecord | null): IndexState {
  try {
    return trueState(place, loadCache(place), record);
  } catch (error) {
    if (!(error instanceof TornCache)) throw error;
    return trueState(place, null, record);
  }
}
