import { checkWritePlaces, makeDirectory } from "../directories.ts";
import { isSystemError } from "../io-error.ts";
import { withPinned } from "../pinned/pinned-file-system.ts";
import { holdPath, LOCKS_DIRECTORY } from "../project-paths.ts";
import { openView } from "../reading/open-view.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { LOCK_EX } from "./flock-operations.ts";
import { isSameFile, openLockFile } from "./mutex.ts";

/** Tries at the hold file: whoever asks about it has it for an instant. */
const TRIES = 20;
const PAUSE_MS = 1;

/** The hold of an issue: flock(2) on a file, which ends with this process, however it ends. */
export interface Hold {
  /** Whether the file that is locked still is the one that others look at. */
  isInPlace(): boolean;
  /** Removes the file, so that none is left behind; under the mutex, and while it still is locked. */
  remove(): void;
  /** Lets go. */
  release(): void;
}

/**
 * Takes the hold of an issue; null when another process has it. Only under the mutex: then nobody else is between
 * opening the file and locking it, and the lease that says so is written before anybody reads it.
 */
export function takeHold(workspace: Workspace, id: string): Hold | null {
  const path = holdPath(id);
  return withPinned(workspace, (pinned) => {
    checkWritePlaces(pinned, [path]);
    makeDirectory(pinned, LOCKS_DIRECTORY, false);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const hold = tryHold(workspace, { pinned, path });
      if (hold !== null) return hold;
      pinned.system.sleepMs(PAUSE_MS);
    }
    return null;
  });
}

/** Tells whether some process holds an issue. */
export function isHeldByProcess(workspace: Workspace, id: string): boolean {
  return openView(workspace, workspace.system.clock.nowMs, null).isFlocked(holdPath(id));
}

/** @param pinned reaches the file now; later the way to it is gone over again */
function tryHold(
  workspace: Workspace,
  { pinned, path }: { readonly pinned: Workspace; readonly path: string },
): Hold | null {
  const { fs, tryFlock } = workspace.system;
  const name = absolute(workspace, path);
  // Opened with O_CLOEXEC: what the holder starts must not keep the lock when the holder dies.
  const fd = openLockFile(pinned, path);
  const isInPlace = () => isSameFile(workspace, fd, name);
  if (!tryFlock(fd, LOCK_EX) || !isInPlace()) {
    fs.closeSync(fd);
    return null;
  }
  return {
    isInPlace,
    remove: () => {
      if (!isInPlace()) return;
      try {
        withPinned(workspace, (again) => again.system.fs.unlinkSync(name));
      } catch (error) {
        if (!isSystemError(error)) throw error;
      }
    },
    release: () => fs.closeSync(fd),
  };
}
