import { watch } from "node:fs";
import type { Clock } from "../domain/time.ts";
import { type FileSystem, machineFileSystem } from "./file-system.ts";
import { isSystemError } from "./io-error.ts";
import type { Libc } from "./lock/libc.ts";
import type { PinnedDirectories } from "./pinned/pinned-directories.ts";
import { type Reach, reachByProc } from "./pinned/reach.ts";
import { type StartSelf, startSelf } from "./self-process.ts";

/** Everything outside the program that a change can depend on; tests inject their own. */
export interface System {
  readonly fs: FileSystem;
  /** How names in open directories are reached. */
  readonly reach: Reach;
  /** Directories that are open already, where everything goes by those: see {@link pinDirectories}. */
  readonly pins?: PinnedDirectories;
  readonly clock: Clock;
  /** Random bytes for temp names and hash ids. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly tryFlock: Libc["tryFlock"];
  readonly startWriting: Libc["startWriting"];
  /** Whether functions of the C library can be called: see {@link Libc.isBound}. */
  readonly isLibcBound: () => boolean;
  /** Waits without giving way to other work of this process. */
  readonly sleepMs: (ms: number) => void;
  /** Number of the effective user. */
  readonly userId: () => number;
  /** Numbers of the groups that the caller is a member of. */
  readonly groupIds: () => readonly number[];
  /** Runs this program once more, as another process. */
  readonly startSelf: StartSelf;
  /** Reports entries of a directory that come, go or are replaced, as far as its file system does. @returns an end to it */
  readonly watchDirectory: (path: string, onChange: () => void) => () => void;
  /** Takes a signal that would end the process. @returns an end to that */
  readonly onSignal: (signal: NodeJS.Signals, take: () => void) => () => void;
}

/** Returns the machine itself. The C library is opened at its first use: reading rarely needs it. */
export function machineSystem(): System {
  let opened: Libc | null = null;
  const libc = () => {
    opened ??= loadLibc();
    return opened;
  };
  return {
    fs: machineFileSystem,
    reach: process.platform === "linux" ? reachByProc : loadReach(),
    clock: {
      nowMs: () => Date.now(),
      offsetMinutesAt: (epochMs) => libc().offsetMinutesAt(epochMs),
      epochMsOfLocal: (utcMs) => libc().epochMsOfLocal(utcMs),
    },
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    tryFlock: (fd, operation) => libc().tryFlock(fd, operation),
    startWriting: (fd) => libc().startWriting(fd),
    isLibcBound: () => libc().isBound,
    sleepMs: (ms) => Bun.sleepSync(ms),
    userId: () => process.geteuid?.() ?? 0,
    groupIds: () => [process.getegid?.() ?? 0, ...(process.getgroups?.() ?? [])],
    startSelf,
    watchDirectory,
    onSignal: (signal, take) => {
      process.on(signal, take);
      return () => process.off(signal, take);
    },
  };
}

/** Whoever watches looks now and then anyway: too few watches left, or none on this file system, is no error. */
function watchDirectory(path: string, onChange: () => void): () => void {
  try {
    const watcher = watch(path, onChange);
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch (error) {
    if (isSystemError(error)) return () => undefined;
    throw error;
  }
}

/** Loaded late: most readings need neither a lock nor the zone. */
function loadLibc(): Libc {
  const { openLibc }: typeof import("./lock/libc.ts") = require("./lock/libc.ts");
  return openLibc();
}

/** Loaded late, and never on Linux: the C library is opened when the first directory is entered. */
function loadReach(): Reach {
  let opened: Reach | null = null;
  const reach = () => {
    const { MACOS_CALLS, openWorkingDirectory }: typeof import("./pinned/working-directory.ts") =
      require("./pinned/working-directory.ts");
    const { reachByWorkingDirectory }: typeof import("./pinned/reach.ts") = require("./pinned/reach.ts");
    opened ??= reachByWorkingDirectory(openWorkingDirectory(MACOS_CALLS));
    return opened;
  };
  return {
    enter: (directory, name) => reach().enter(directory, name),
    leave: () => reach().leave(),
    rename: (from, to) => reach().rename?.(from, to),
  };
}
