import { contentAfter, type FileWrite, type JournalRecord } from "../../codec/journal-record.ts";
import { MaiError } from "../../domain/errors.ts";
import { digestOf, sha256 } from "../digest.ts";
import { fileFault } from "../io-error.ts";
import { FINISHED_CACHE_PATH, issueOfPath, SEQUENCE_PATH } from "../project-paths.ts";
import { readBytes } from "../read-file.ts";
import { decodeLossy } from "../utf8.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { CachedQueue, type CachedRow } from "./cached-queue.ts";
import { FinishedCache } from "./finished-cache.ts";
import type { LoadedCache } from "./load-cache.ts";
import {
  directoryIdentity,
  issueIdentity,
  issueKeysIn,
  orFault,
  queueDirectories,
  rowOfText,
  scanIssue,
} from "./scan-queue.ts";

type Place = Pick<Workspace, "root" | "system">;

/** What one reading knows of all issues. */
export interface IndexState {
  readonly queues: Map<string, CachedQueue>;
  /** Finished issues that are not in `queues`; null where all are. */
  readonly finished: FinishedCache | null;
  readonly cache: LoadedCache | null;
  /** Digest of the `sequence.json` that this reading found; null where there is none to read. */
  readonly sequence: string | null;
  /** When it began, on the clock of `performance.now()`. */
  readonly startedMs: number;
  /** Files that were looked at and would not have been with a better cache. */
  work: number;
}

/**
 * Makes the cache true: directories that changed since, or all of them after a commit that the cache has missed, are
 * looked through. Their files are only read where they are not the ones that the cache knows.
 * @param cache null for none
 * @throws TornCache when the file of finished issues is needed, and torn
 */
export function trueState(place: Place, cache: LoadedCache | null, record: JournalRecord | null): IndexState {
  const startedMs = performance.now();
  const sequence = sequenceDigest(place);
  const isCurrent = cache?.isIntact === true && isAt(cache.sequence, sequence, record);
  const directories = new Map(queueDirectories(place).map((name) => [name, directoryIdentity(place, name)]));
  const stale = [...directories].filter(
    ([name, { mark }]) => !isCurrent || cache.queues.get(name)?.mark !== mark,
  );
  const gone = [...(cache?.queues.keys() ?? [])].filter((name) => !directories.has(name));
  const finished =
    cache === null ? null : new FinishedCache(place.system.fs, absolute(place, FINISHED_CACHE_PATH), cache);
  const state = { cache, sequence, startedMs, work: 0 };
  if (stale.length + gone.length === 0 && cache !== null) return { ...state, finished, queues: cache.queues };
  const queues = new Map<string, CachedQueue>();
  for (const name of directories.keys()) queues.set(name, everyRow(name, cache, finished));
  for (const [name, { mark, changedMs }] of stale) {
    const known = queues.get(name) ?? new CachedQueue(mark);
    const queue = scannedOrFault(place, name, known);
    queue.mark = queue.fault === null ? mark : null;
    queue.changedMs = changedMs;
    queues.set(name, queue);
    state.work += queue.rows.size;
  }
  return { ...state, finished: null, queues };
}

/** A record that is being applied may have replaced the file of numbers already, or not yet. */
function isAt(known: string | null, now: string | null, record: JournalRecord | null): boolean {
  if (known !== null && known === now) return true;
  const change = record?.changes.find(({ path }) => path === SEQUENCE_PATH);
  if (change?.kind !== "write") return false;
  return known === change.before || (change.after !== null && known === sha256(change.after));
}

/** Returns the digest of the file that every commit replaces; null where there is none to read. */
export function sequenceDigest(place: Place): string | null {
  try {
    return digestOf(readBytes(place.system.fs, absolute(place, SEQUENCE_PATH)));
  } catch (error) {
    // A directory or a link in its place: whoever needs the numbers names it.
    if (error instanceof MaiError) return null;
    throw error;
  }
}

/** Joins what the cache keeps in two files. @throws TornCache */
export function joined(state: IndexState): IndexState {
  const queues = new Map<string, CachedQueue>();
  for (const name of state.queues.keys()) queues.set(name, everyRow(name, state.cache, state.finished));
  return { ...state, finished: null, queues };
}

function everyRow(name: string, cache: LoadedCache | null, finished: FinishedCache | null): CachedQueue {
  const kept = cache?.queues.get(name);
  const queue = new CachedQueue(kept?.mark ?? null);
  if (kept === undefined) return queue;
  finished?.live(name, kept, (row) => queue.rows.set(row.header.id, row));
  for (const [id, row] of kept.rows) queue.rows.set(id, row);
  return queue;
}

/** A directory that cannot be looked through is a queue without issues that says why. */
function scannedOrFault(place: Place, name: string, known: CachedQueue): CachedQueue {
  try {
    return scanned(place, name, known);
  } catch (error) {
    const queue = new CachedQueue(null);
    queue.fault = fileFault(error);
    if (queue.fault === null) throw error;
    return queue;
  }
}

function scanned(place: Place, name: string, known: CachedQueue): CachedQueue {
  const queue = new CachedQueue(null);
  for (const id of issueKeysIn(place, name)) {
    const row = known.rows.get(id);
    const now = row === undefined ? scanIssue(place, name, id) : freshRow(place, { queue: name, id, row });
    if (now !== null) queue.rows.set(id, now);
  }
  return queue;
}

/** Looks at a file, and reads it if it is not in the state that its row is from; null when it went away. @returns the very row where it is */
export function freshRow(
  place: Place,
  { queue, id, row }: { readonly queue: string; readonly id: string; readonly row: CachedRow },
): CachedRow | null {
  if (row.mark === null) return scanIssue(place, queue, id);
  return orFault(() => {
    const identity = issueIdentity(place, queue, id);
    if (identity === null) return null;
    return identity.mark === row.mark ? row : scanIssue(place, queue, id);
  });
}

/** Returns what a write leaves in a file of text, null for no file. */
export function textAfter(change: FileWrite): string | null {
  const content = contentAfter(change);
  return content === null || typeof content === "string" ? content : decodeLossy(content);
}

/** Lays the issues of a change in flight over what is on disk. */
export function layOver(place: Place, queues: Map<string, CachedQueue>, record: JournalRecord): void {
  for (const change of record.changes) {
    const file = change.kind === "write" ? issueOfPath(change.path) : null;
    if (change.kind !== "write" || file === null) continue;
    const queue = queues.get(file.queue) ?? new CachedQueue(null);
    queues.set(file.queue, queue);
    const text = textAfter(change);
    const row = text === null ? null : rowOfText(place, text, file);
    queue.put(file.id, row, change.before !== null);
  }
}
