import { cacheTitle, formatLine, rowOf } from "../../codec/issue-cache.ts";
import { MaiError } from "../../domain/errors.ts";
import { fillAndRename, replaceFile, writeFully } from "../change/replace-file.ts";
import { SpareTemp } from "../change/spare-temp.ts";
import { checksum } from "../digest.ts";
import { checkWritePlaces, lstatOrNull } from "../directories.ts";
import { O_NOFOLLOW, O_RDWR } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import { type Mutex, tryMutex } from "../lock/mutex.ts";
import { CACHE_PATH, FINISHED_CACHE_PATH, JOURNAL_PATH } from "../project-paths.ts";
import { encodeUtf8 } from "../utf8.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { type CachedQueue, type CachedRow, isSettled } from "./cached-queue.ts";
import { finishedTitle, formatBlocks } from "./finished-cache.ts";
import { type IndexState, joined, sequenceDigest } from "./index-state.ts";
import type { CacheBase } from "./load-cache.ts";
import { identityOf } from "./read-start.ts";
import { TornCache } from "./torn-cache.ts";

/** Out-of-date rows after which the file of finished issues is written whole again. */
const MANY_SUPERSEDED = 1000;
/** A file that changed so short a time before it was read may change again without a trace: more than a clock tick. */
const RACY_MS = 25;

/**
 * Writes what a reading found out, unless something has been committed since, or somebody else is at it.
 * @param held whether the caller has the mutex
 * @see keepIndex, which asks whether it is worth it
 */
export function writeIndex(workspace: Workspace, state: IndexState, held: "mutex held" | "mutex free"): void {
  try {
    checkWritePlaces(workspace, [CACHE_PATH]);
    const mutex = held === "mutex held" ? nothingHeld(workspace) : tryMutex(workspace);
    if (mutex === null) return;
    try {
      if (isStillTrue(mutex.place, state)) write(mutex.place, isSparse(state) ? joined(state) : state);
    } finally {
      mutex.release();
    }
  } catch (error) {
    const isExpected = isSystemError(error) || error instanceof MaiError || error instanceof TornCache;
    if (!isExpected) throw error; // Else nothing is kept: the next reading tries again.
  }
}

function nothingHeld(place: Workspace): Mutex<Workspace> {
  return { place, release: () => undefined };
}

/** Tells whether too much of the file of finished issues is out of date. */
function isSparse({ finished, queues }: IndexState): boolean {
  let rows = 0;
  for (const { superseded } of queues.values()) rows += superseded.size;
  return finished !== null && rows >= MANY_SUPERSEDED;
}

function isStillTrue(workspace: Workspace, { sequence, cache }: IndexState): boolean {
  if (lstatOrNull(workspace, JOURNAL_PATH) !== null || sequenceDigest(workspace) !== sequence) return false;
  const stat = lstatOrNull(workspace, CACHE_PATH);
  // Somebody else may have kept theirs meanwhile; their file of finished issues goes with it.
  return cache === null || (stat !== null && identityOf(stat).mark === cache.mark);
}

function write(workspace: Workspace, state: IndexState): void {
  const spare = new SpareTemp(workspace);
  try {
    const sinceMs = performance.now() - state.startedMs;
    const trust = { beforeMs: spare.nowMs() - sinceMs - RACY_MS };
    const place = writeFinished(workspace, state, trust);
    const text = `${cacheTitle()}\n${formatLine(baseOf(state, trust, place), checksum)}`;
    const temp = spare.give();
    if (temp !== null) fillAndRename(workspace, temp, { path: CACHE_PATH, content: text, durable: false });
  } finally {
    spare.discard();
  }
}

/** Files that changed later than this may have changed again in the same tick, after they were looked at. */
interface Trust {
  readonly beforeMs: number;
}

type FinishedPlace = Pick<CacheBase, "generation" | "finishedBytes">;

/** Adds what has been finished since to the file of finished issues, or writes it whole. */
function writeFinished(workspace: Workspace, state: IndexState, trust: Trust): FinishedPlace {
  const { cache, finished } = state;
  let text = "";
  for (const [name, queue] of state.queues) text += formatBlocks(name, finishedRows(queue, trust));
  if (cache === null || finished === null) return writeWhole(workspace, text);
  if (text === "") return cache;
  const fd = workspace.system.fs.openSync(absolute(workspace, FINISHED_CACHE_PATH), O_RDWR | O_NOFOLLOW);
  try {
    if (workspace.system.fs.fstatSync(fd).nlink > 1) throw new TornCache();
    const bytes = encodeUtf8(text);
    writeFully(workspace, fd, bytes, cache.finishedBytes);
    return { generation: cache.generation, finishedBytes: cache.finishedBytes + bytes.length };
  } finally {
    workspace.system.fs.closeSync(fd);
  }
}

function writeWhole(workspace: Workspace, blocks: string): FinishedPlace {
  const generation = workspace.system.randomBytes(8).toHex();
  const text = finishedTitle(generation) + blocks;
  replaceFile(workspace, FINISHED_CACHE_PATH, text, false);
  return { generation, finishedBytes: encodeUtf8(text).length };
}

function finishedRows(queue: CachedQueue, trust: Trust): readonly (readonly unknown[])[] {
  const rows: (readonly unknown[])[] = [];
  for (const row of queue.rows.values()) {
    if (row.header !== null && isSettled(row)) rows.push(rowOf(trustedMark(row, trust), row.header));
  }
  return rows;
}

function baseOf(state: IndexState, trust: Trust, place: FinishedPlace): CacheBase {
  return {
    sequence: state.sequence,
    generation: place.generation,
    finishedBytes: place.finishedBytes,
    queues: [...state.queues].map(([name, queue]) => [
      name,
      trustedMark(queue, trust),
      state.finished === null ? [] : [...queue.superseded],
      unfinishedRows(queue, trust),
    ]),
  };
}

function unfinishedRows(queue: CachedQueue, trust: Trust): readonly unknown[] {
  return [...queue.rows].flatMap(([id, row]) => {
    if (isSettled(row)) return [];
    return [row.header === null || row.dependsOnLease ? id : rowOf(trustedMark(row, trust), row.header)];
  });
}

function trustedMark(
  { mark, changedMs }: Pick<CachedRow, "mark" | "changedMs">,
  { beforeMs }: Trust,
): string | null {
  return changedMs < beforeMs ? mark : null;
}
