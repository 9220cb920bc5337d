import { cacheTitle, isName, issueOfRow, parseLine } from "../../codec/issue-cache.ts";
import { checksum } from "../digest.ts";
import { isSystemError } from "../io-error.ts";
import { CACHE_PATH } from "../project-paths.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { ABSENT, CachedQueue, type CachedRow, keptRow } from "./cached-queue.ts";
import { readWhole } from "./read-start.ts";

/** What the cache says, and up to which commit. */
export interface LoadedCache {
  /** Digest of the `sequence.json` that goes with it. */
  sequence: string | null;
  /** Names the file of finished issues that goes with it. */
  readonly generation: string;
  /** How much of that file counts: what follows belongs to nobody. */
  readonly finishedBytes: number;
  readonly queues: Map<string, CachedQueue>;
  /** Whether every line follows from the one before. */
  isIntact: boolean;
  /** Lines of changes since it was written whole. */
  notes: number;
  /** Which state of the cache's own file this is. */
  readonly mark: string;
}

/** What the first line of the cache holds beside its rows. */
export interface CacheBase {
  readonly sequence: string | null;
  readonly generation: string;
  readonly finishedBytes: number;
  readonly queues: readonly (readonly [
    name: string,
    mark: string | null,
    superseded: readonly (readonly [string, number])[],
    rows: readonly unknown[],
  ])[];
}

/** What one commit changed, as its line says. */
export interface CacheNote {
  /** Digests of `sequence.json` before and after. */
  readonly from: string | null;
  readonly to: string | null;
  /** Marks of each directory, before and after each file that was put into it or taken out. */
  readonly directories: readonly (readonly [queue: string, before: string, after: string])[];
  /** Id, whether it was there before, and its row: null for a file that went, a bare mark for one to be read. */
  readonly rows: readonly (readonly [queue: string, id: string, existed: 0 | 1, row: unknown])[];
}

const UNKNOWN = keptRow({ mark: null, header: null });

/** Reads the cache; null where there is none, or none that this program understands. */
export function loadCache(workspace: Pick<Workspace, "root" | "system">): LoadedCache | null {
  const file = fileOrNull(workspace);
  if (file === null) return null;
  const [title, first = "", ...notes] = file.text.split("\n");
  if (title !== cacheTitle()) return null;
  const base = parseLine(first, checksum) as CacheBase | undefined;
  const cache = base === undefined ? null : cacheOf(base, file.mark);
  if (cache !== null) replay(cache, notes);
  return cache;
}

function fileOrNull(workspace: Pick<Workspace, "root" | "system">) {
  try {
    return readWhole(workspace.system.fs, absolute(workspace, CACHE_PATH));
  } catch (error) {
    if (isSystemError(error)) return null; // A cache that cannot be read is none.
    throw error;
  }
}

function cacheOf(
  { sequence, generation, finishedBytes, queues }: CacheBase,
  mark: string,
): LoadedCache | null {
  const loaded = new Map<string, CachedQueue>();
  for (const [name, directory, superseded, rows] of queues) {
    const queue = new CachedQueue(directory, superseded);
    loaded.set(name, queue);
    for (const row of rows) {
      const named = namedRow(row);
      if (named === null) return null;
      queue.rows.set(named.id, named.row);
    }
  }
  return { sequence, generation, finishedBytes, queues: loaded, isIntact: true, notes: 0, mark };
}

/** A row of an issue that has to be read each time is its bare id. */
function namedRow(row: unknown): { readonly id: string; readonly row: CachedRow } | null {
  if (isName(row)) return { id: row, row: UNKNOWN };
  const known = issueOfRow(row);
  return known === null ? null : { id: known.header.id, row: keptRow(known) };
}

/** Follows the changes since; after the first that does not fit, nothing more is believed. */
function replay(cache: LoadedCache, lines: readonly string[]): void {
  // What stands behind the last line feed is no line.
  const rest = lines.at(-1);
  cache.isIntact = rest === "" || rest === undefined;
  for (const line of lines.slice(0, -1)) {
    const note = parseLine(line, checksum) as CacheNote | undefined;
    if (note === undefined || note.from !== cache.sequence || !applyNote(cache, note)) {
      cache.isIntact = false;
      return;
    }
    cache.notes += 1;
  }
}

function applyNote(cache: LoadedCache, { to, directories, rows }: CacheNote): boolean {
  for (const [name, before, after] of directories) {
    const queue = cache.queues.get(name) ?? new CachedQueue(ABSENT);
    cache.queues.set(name, queue);
    // Somebody else was at the directory in between: it has to be looked through, whatever comes.
    queue.mark = queue.mark === before ? after : null; // A mark that is unknown equals none on disk.
  }
  for (const [name, id, existed, row] of rows) {
    const known = row === null ? null : namedRow(row);
    if (row !== null && (known === null || known.id !== id)) return false;
    cache.queues.get(name)?.put(id, known === null ? null : known.row, existed === 1);
  }
  cache.sequence = to;
  return true;
}
