import { contentAfter, type JournalRecord } from "../../codec/journal-record.ts";
import type { Clock } from "../../domain/time.ts";
import { lstatOrNull, namesAfter, namesIn } from "../directories.ts";
import { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import type { IndexState } from "../issue-cache/index-state.ts";
import type { IssueIndex } from "../issue-cache/issue-index.ts";
import { LOCK_SH } from "../lock/flock-operations.ts";
import { gunzipText } from "../logs/gzip.ts";
import { readBytes, readText } from "../read-file.ts";
import { decodeLossy, decodeUtf8, encodeUtf8 } from "../utf8.ts";
import { absolute, type Workspace } from "../workspace.ts";
import type { ProjectView } from "./project-view.ts";
import { RecentTexts } from "./recent-texts.ts";

const NOTHING = new Uint8Array();

/** A view of files, which knows what it has read. */
export interface FileView extends ProjectView {
  /** Returns what was read of a file not long ago: null for no file, undefined for not read. */
  recall(path: string): string | null | undefined;
  /** What was found out about all issues; null where nobody asked. */
  indexState(): IndexState | null;
}

/**
 * Opens a view of the files as they are, with the after-images of an unfinished change laid over them.
 * @param trusted `files` when the cache of headers has turned out to be torn
 */
export function openView(
  workspace: Workspace,
  fileNowMs: () => number,
  unfinished: JournalRecord | null,
  trusted: "cache" | "files" = "cache",
): FileView {
  let index: IssueIndex | null = null;
  const overlay = overlayOf(workspace, unfinished);
  const { fs, clock, tryFlock } = workspace.system;
  const texts = new RecentTexts();
  const looking = { root: workspace.root, system: workspace.system.pins?.byPath ?? workspace.system };
  const modifiedMs = (path: string) => {
    try {
      const stat = lstatOrNull(looking, path);
      if (stat === null) texts.remember(path, null);
      return stat?.mtimeMs ?? null;
    } catch (error) {
      if (isSystemError(error, "ENOTDIR")) return null;
      throw error;
    }
  };
  const bytesOf = (path: string) => {
    const content = overlay.get(path);
    if (content === undefined) return readBytes(fs, absolute(workspace, path));
    return typeof content === "string" ? encodeUtf8(content) : content;
  };
  return {
    read: (path) => {
      const content = overlay.get(path);
      if (content !== undefined) return content instanceof Uint8Array ? decodeUtf8(content, path) : content;
      const known = texts.recall(path);
      return known === undefined ? texts.remember(path, readText(fs, absolute(workspace, path))) : known;
    },
    recall: (path) => texts.recall(path),
    readGzip: (path) => {
      const bytes = bytesOf(path);
      return bytes === null ? null : gunzipText(bytes, path);
    },
    exists: (path) => (overlay.has(path) ? overlay.get(path) !== null : modifiedMs(path) !== null),
    list: (directory) => namesAfter(namesIn(workspace, directory), directory, overlay),
    // A lease that is about to be written is as young as can be.
    modifiedMs: (path) =>
      overlay.has(path) ? (overlay.get(path) === null ? null : fileNowMs()) : modifiedMs(path),
    isFlocked: (path) => {
      const fd = openOrNull(workspace, path);
      if (fd === null) return false;
      try {
        return !tryFlock(fd, LOCK_SH);
      } finally {
        fs.closeSync(fd);
      }
    },
    fileNowMs,
    issues: () => {
      index ??= openIndex(workspace, unfinished, trusted);
      return index;
    },
    indexState: () => index?.state ?? null,
    clock: stoppedClock(clock),
  };
}

/** One view shows one state, at one time: all that one change writes bears the same. */
function stoppedClock(clock: Clock): Clock {
  let shownMs: number | null = null;
  return {
    ...clock,
    nowMs: () => {
      shownMs ??= clock.nowMs();
      return shownMs;
    },
  };
}

/** Loaded late: most commands are about one issue. */
function openIndex(...facts: ConstructorParameters<typeof IssueIndex>): IssueIndex {
  const {
    IssueIndex,
  }: typeof import("../issue-cache/issue-index.ts") = require("../issue-cache/issue-index.ts");
  return new IssueIndex(...facts);
}

/** What files will hold, by path; null for no file. */
type Overlay = ReadonlyMap<string, string | Uint8Array | null>;

function overlayOf(workspace: Workspace, record: JournalRecord | null): Overlay {
  const overlay = new Map<string, string | Uint8Array | null>();
  for (const change of record?.changes ?? []) {
    if (change.kind === "write") overlay.set(change.path, contentAfter(change));
    if (change.kind === "append") {
      const now = readBytes(workspace.system.fs, absolute(workspace, change.path));
      overlay.set(change.path, decodeLossy(now?.subarray(0, change.at) ?? NOTHING) + change.text);
    }
  }
  return overlay;
}

function openOrNull(workspace: Workspace, path: string): number | null {
  try {
    return workspace.system.fs.openSync(absolute(workspace, path), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  } catch (error) {
    // Nobody holds an issue by a symbolic link.
    if (isSystemError(error, "ENOENT") || isSystemError(error, "ELOOP")) return null;
    throw error;
  }
}
