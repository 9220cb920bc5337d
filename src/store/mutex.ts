import { MaiError } from "../domain/errors.ts";
import { inheritFileMode } from "./directories.ts";
import { O_CREAT, O_NOFOLLOW, O_RDWR } from "./file-system.ts";
import { isSystemError } from "./io-error.ts";
import { LOCK_EX } from "./libc.ts";
import { MUTEX_PATH } from "./project-paths.ts";
import { absolute, type Workspace } from "./workspace.ts";

/** First and longest pause between two tries, in milliseconds; each is spread by half around its value. */
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 10;
const PAUSE_GROWTH = 1.5;

/** What a mutex is taken on. */
type Place = Pick<Workspace, "root" | "system" | "lockTimeoutMs">;

/**
 * Takes the project's mutex: flock(2) on a file that is never deleted, waiting at most `lockTimeoutMs`.
 * The kernel drops it when the process dies, however it dies.
 * @param path of the lock file, from the root
 * @returns the descriptor that holds the lock; closing it releases
 * @throws BUSY after the wait
 */
export function takeMutex(place: Place, path: string = MUTEX_PATH): number {
  const { clock, sleepMs, randomBytes } = place.system;
  const deadlineMs = clock.nowMs() + place.lockTimeoutMs;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const fd = tryMutex(place, path);
    if (fd !== null) return fd;
    if (clock.nowMs() >= deadlineMs) throw busy(place, path);
    sleepMs(pauseMs * (0.5 + (randomBytes(1)[0] ?? 0) / 256));
    pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS);
  }
}

/** Tries the mutex once; null when somebody else has it. */
export function tryMutex(place: Place, path: string = MUTEX_PATH): number | null {
  const { fs, tryFlock } = place.system;
  for (;;) {
    const fd = openLockFile(place, path);
    let held = false;
    try {
      if (!tryFlock(fd, LOCK_EX)) return null;
      held = isSameFile(place, fd, absolute(place, path));
      // Otherwise the file was replaced while we waited: its lock guards nothing. Take the new one.
      if (held) return fd;
    } finally {
      if (!held) fs.closeSync(fd);
    }
  }
}

function openLockFile(place: Place, path: string): number {
  const { fs } = place.system;
  const name = absolute(place, path);
  try {
    return fs.openSync(name, O_RDWR | O_NOFOLLOW);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
    return createLockFile(place, path);
  }
}

function createLockFile(place: Place, path: string): number {
  try {
    const fd = place.system.fs.openSync(absolute(place, path), O_RDWR | O_CREAT | O_NOFOLLOW, 0o666);
    inheritFileMode(place, fd, path);
    return fd;
  } catch (error) {
    if (path !== MUTEX_PATH || !isSystemError(error, "ENOENT")) throw error;
    throw new MaiError("PROJECT_NOT_FOUND", `There is no project in ${place.root} any more.`, {
      hint: "It was deleted meanwhile. Make one: mai init",
      fields: { path: place.root },
      cause: error,
    });
  }
}

function isSameFile(place: Place, fd: number, name: string): boolean {
  const held = place.system.fs.fstatSync(fd);
  try {
    const named = place.system.fs.statSync(name);
    return held.ino === named.ino && held.dev === named.dev;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return false;
    throw error;
  }
}

function busy(place: Place, path: string): MaiError {
  const seconds = Math.round(place.lockTimeoutMs / 1000);
  return new MaiError("BUSY", `Another mai has held ${path} for ${seconds} s.`, {
    hint: "Try again; MAI_LOCK_TIMEOUT sets the wait in seconds.",
    fields: { waited_seconds: seconds },
  });
}
