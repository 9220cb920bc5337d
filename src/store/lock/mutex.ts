import type { Stats } from "node:fs";
import { MaiError } from "../../domain/errors.ts";
import { inheritFileMode, parentOf } from "../directories.ts";
import { O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, O_RDWR } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import { type Pinned, pinDirectories } from "../pinned/pinned-file-system.ts";
import { MUTEX_PATH } from "../project-paths.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { LOCK_EX } from "./flock-operations.ts";

/** First and longest pause between two tries, in milliseconds; each is spread by half around its value. */
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 10;
const PAUSE_GROWTH = 1.5;

/** What a mutex is taken on. */
type Place = Pick<Workspace, "root" | "system" | "lockTimeoutMs">;

/** A lock that is held. */
export interface Mutex<Locked = unknown> {
  /** What it was taken on, by the directory that the lock lies in: whatever is done under the lock goes through it. */
  readonly place: Locked;
  /** Lets the next one in. Never throws: what was committed stays committed. */
  release(): void;
}

/**
 * Takes the project's mutex: flock(2) on a file that is never deleted, waiting at most `lockTimeoutMs`.
 * The kernel drops it when the process dies, however it dies.
 * @param path of the lock file, from the root
 * @throws BUSY after the wait
 */
export function takeMutex<Locked extends Place>(place: Locked, path: string = MUTEX_PATH): Mutex<Locked> {
  const { sleepMs, randomBytes } = place.system;
  let waitedMs = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS)) {
    const mutex = attempt(place, path);
    if (typeof mutex === "object") return mutex;
    if (waitedMs >= place.lockTimeoutMs) throw busy(place, path, mutex);
    const thisPauseMs = pauseMs * (0.5 + (randomBytes(1)[0] ?? 0) / 256);
    sleepMs(thisPauseMs);
    waitedMs += thisPauseMs;
  }
}

/** Tries the mutex once; null when somebody else has it. */
export function tryMutex<Locked extends Place>(
  place: Locked,
  path: string = MUTEX_PATH,
): Mutex<Locked> | null {
  const mutex = attempt(place, path);
  return typeof mutex === "object" ? mutex : null;
}

/** What somebody else has locked: the file, or only its directory. */
type Taken = "file" | "directory";

function attempt<Locked extends Place>(place: Locked, path: string): Mutex<Locked> | Taken {
  // Anew for each try: the project may have been deleted, and made again, since the last one.
  const pinned = pinDirectories(place);
  const held: number[] = [];
  const release = () => released(place, held, pinned);
  try {
    held.push(openLockFile(pinned.place, path));
    const taken = lockAll(place, pinned.place, { path, held });
    if (taken === null) return { place: pinned.place, release };
    release();
    return taken;
  } catch (error) {
    release();
    throw error;
  }
}

/** Locks the file and then its directory, which is added to what is held. @returns what is taken, null for nothing */
function lockAll(
  place: Place,
  pinned: Place,
  { path, held }: { readonly path: string; readonly held: number[] },
): Taken | null {
  const [file = -1] = held;
  if (!place.system.tryFlock(file, LOCK_EX)) return "file";
  const stat = place.system.fs.fstatSync(file);
  // A file that was replaced since it was opened guards nothing: the next try opens the new one.
  if (!isNamed(place, stat, absolute(place, path))) return "file";
  closeToReaders(place, file, stat);
  const directory = openDirectory(pinned, parentOf(path));
  held.push(directory);
  // Whoever has the directory locked a file that was deleted under them: the file alone would let two in.
  return lockDirectory(place, directory) ? null : "directory";
}

/** Whoever may open a file may lock it: who may not write the mutex may not read it either. */
function closeToReaders(place: Place, fd: number, { mode, uid }: Stats): void {
  const writers = mode & 0o222;
  const wanted = writers | (writers << 1);
  if ((mode & 0o666) !== wanted && uid === place.system.userId()) place.system.fs.fchmodSync(fd, wanted);
}

function released(place: Place, descriptors: readonly number[], pinned: Pinned<Place>): void {
  const { fs } = place.system;
  for (const close of [...descriptors.map((fd) => () => fs.closeSync(fd)), pinned.close]) {
    try {
      close();
    } catch (error) {
      // The descriptor is gone in any case, and its lock with it.
      if (!isSystemError(error)) throw error;
    }
  }
}

function openDirectory(place: Place, path: string): number {
  const name = path === "" ? place.root : absolute(place, path);
  return place.system.fs.openSync(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/** Some network file systems cannot lock directories; there the file alone guards. */
function lockDirectory(place: Place, fd: number): boolean {
  try {
    return place.system.tryFlock(fd, LOCK_EX);
  } catch (error) {
    if (isSystemError(error)) return true;
    throw error;
  }
}

/** Opens a file to lock, made when it is missing; a program that is started does not inherit the descriptor. */
export function openLockFile(place: Place, path: string): number {
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

/** Tells whether a path still names the file that a descriptor was opened on. */
export function isSameFile(place: Place, fd: number, name: string): boolean {
  return isNamed(place, place.system.fs.fstatSync(fd), name);
}

function isNamed(place: Place, held: Stats, name: string): boolean {
  try {
    const named = place.system.fs.statSync(name);
    return held.ino === named.ino && held.dev === named.dev;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return false;
    throw error;
  }
}

function busy(place: Place, path: string, taken: Taken): MaiError {
  const seconds = Math.round(place.lockTimeoutMs / 1000);
  if (taken === "file") {
    return new MaiError("BUSY", `Another mai has held ${path} for ${seconds} s.`, {
      hint: "Try again; MAI_LOCK_TIMEOUT sets the wait in seconds.",
      fields: { waited_seconds: seconds, locked: path },
    });
  }
  const directory = parentOf(path) || place.root;
  return new MaiError(
    "BUSY",
    `Somebody has locked the directory ${directory} for ${seconds} s, and not ${path}.`,
    {
      hint: `That is a change whose ${path} was deleted, or a program of anybody who may read the directory. See which: lslocks; see who may: mai doctor`,
      fields: { waited_seconds: seconds, locked: directory },
    },
  );
}
