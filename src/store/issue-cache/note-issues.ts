import { formatLine, rowOf } from "../../codec/issue-cache.ts";
import type { JournalRecord } from "../../codec/journal-record.ts";
import { checksum, sha256 } from "../digest.ts";
import { lstatOrNull } from "../directories.ts";
import { type FileSystem, O_APPEND, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import { CACHE_DIRECTORY, CACHE_PATH, issueOfPath, SEQUENCE_PATH } from "../project-paths.ts";
import { encodeUtf8 } from "../utf8.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { textAfter } from "./index-state.ts";
import type { CacheNote } from "./load-cache.ts";
import { directoryIdentity, issueIdentity, rowOfText } from "./scan-queue.ts";

/** A cache that nobody has read for so long is left to grow out of date: the next reader makes it anew. */
const LONGEST_CACHE_BYTES = 64 * 1024 * 1024;

/** A change under way whose effect on the cache is being noted. */
export interface NotedChange {
  /** What the change has to be made with. */
  readonly workspace: Workspace;
  /**
   * Tells the cache what was changed. To be called when all files are in place and the record is still there: whoever
   * then finds no record finds the note. A fault leaves a cache that is recognised as out of date.
   */
  readonly note: () => void;
}

/**
 * Notes what a change does to issues, for the cache: one line at its end, whatever its size. The state of a
 * directory is looked up right before and right after each rename in it, so that what anybody else does there
 * meanwhile is not taken for the change's own.
 */
export function noteChange(workspace: Workspace, record: JournalRecord): NotedChange {
  if (!hasCache(workspace)) return { workspace, note: () => undefined };
  const seen = new DirectoryWatch(workspace);
  const { fs: files } = workspace.system;
  // Laid over, not copied: that would ask `node:fs` for everything it has, and load its streams and promises.
  const fs: FileSystem = Object.create(files, {
    renameSync: {
      value: (from: string, to: string) => seen.around([from, to], () => files.renameSync(from, to)),
    },
    unlinkSync: { value: (path: string) => seen.around([path], () => files.unlinkSync(path)) },
  });
  return {
    workspace: { ...workspace, system: { ...workspace.system, fs } },
    note: () => unlessRefused(() => appendNote(workspace, noteOf(workspace, record, seen)), undefined),
  };
}

/** Mark of a directory that could not be looked at: equal to no other, so that it is looked through next time. */
const UNKNOWN = "unknown";

/** The cache is never worth an error: what the system refuses is left out, and the cache is out of date then. */
function unlessRefused<Value>(act: () => Value, otherwise: Value): Value {
  try {
    return act();
  } catch (error) {
    if (isSystemError(error)) return otherwise;
    throw error;
  }
}

/** Collects in which directories of queues something happened. */
class DirectoryWatch {
  readonly #workspace: Workspace;
  readonly #prefix: string;
  readonly steps: [queue: string, before: string, after: string][] = [];
  /** Files that were put into place or taken away. */
  readonly files = new Map<string, { readonly queue: string; readonly id: string }>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#prefix = absolute(workspace, "");
  }

  around(paths: readonly unknown[], act: () => void): void {
    const files = paths.map((path) => this.#issueAt(path)).filter((file) => file !== null);
    const before = files.map(({ queue }) => this.#markOf(queue));
    act();
    for (const [index, file] of files.entries()) {
      this.steps.push([file.queue, before[index] ?? UNKNOWN, this.#markOf(file.queue)]);
      this.files.set(`${file.queue}/${file.id}`, file);
    }
  }

  #markOf(queue: string): string {
    return unlessRefused(() => directoryIdentity(this.#workspace, queue).mark, UNKNOWN);
  }

  #issueAt(path: unknown) {
    return typeof path === "string" && path.startsWith(this.#prefix)
      ? issueOfPath(path.slice(this.#prefix.length))
      : null;
  }
}

function hasCache(workspace: Workspace): boolean {
  return unlessRefused(() => {
    // A link in the place of the directory would lead out of the project.
    if (lstatOrNull(workspace, CACHE_DIRECTORY)?.isDirectory() !== true) return false;
    const stat = lstatOrNull(workspace, CACHE_PATH);
    return stat?.isFile() === true && stat.size < LONGEST_CACHE_BYTES;
  }, false);
}

function noteOf(workspace: Workspace, record: JournalRecord, seen: DirectoryWatch): CacheNote {
  const rows: CacheNote["rows"][number][] = [];
  let sequence: Pick<CacheNote, "from" | "to"> = { from: null, to: null };
  for (const change of record.changes) {
    if (change.kind !== "write") continue;
    if (change.path === SEQUENCE_PATH)
      sequence = { from: change.before, to: change.after === null ? null : sha256(change.after) };
    const file = issueOfPath(change.path);
    if (file === null || !seen.files.has(`${file.queue}/${file.id}`)) continue;
    const existed = change.before === null ? 0 : 1;
    rows.push([file.queue, file.id, existed, rowAfter(workspace, file, textAfter(change))]);
  }
  return { ...sequence, directories: seen.steps, rows };
}

/** What cannot be kept is the bare id: to be read each time. */
function rowAfter(workspace: Workspace, file: { queue: string; id: string }, text: string | null): unknown {
  if (text === null) return null;
  const { header, dependsOnLease } = rowOfText(workspace, text, file);
  const mark = issueIdentity(workspace, file.queue, file.id)?.mark ?? null;
  return header === null || dependsOnLease ? file.id : rowOf(mark, header);
}

function appendNote(workspace: Workspace, note: CacheNote): void {
  const { fs } = workspace.system;
  const fd = fs.openSync(absolute(workspace, CACHE_PATH), O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK);
  try {
    // Another name of it may be a file of somebody's; without the note the cache is out of date, and made anew.
    if (fs.fstatSync(fd).nlink > 1) return;
    const bytes = encodeUtf8(formatLine(note, checksum));
    // Once: what does not fit into one call is torn, and recognised as such.
    fs.writeSync(fd, bytes, 0, bytes.length, null);
  } finally {
    fs.closeSync(fd);
  }
}
