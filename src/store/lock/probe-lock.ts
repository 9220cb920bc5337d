import { O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import { CONFIG_PATH } from "../project-paths.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { LOCK_EX } from "./flock-operations.ts";

/** What became of one try to lock. */
export interface ProbeLock {
  readonly got: boolean;
  /** Device and inode of the file that was tried: two tries compare only on one file. */
  readonly file: string;
  release(): void;
}

/**
 * Tries flock(2) once on the project's config.json, on which nothing else takes a lock, and writes nothing.
 * @throws a system error where there is no such file, or the file system offers no locks
 */
export function tryProbeLock(place: Pick<Workspace, "root" | "system">): ProbeLock {
  const { fs, tryFlock } = place.system;
  const fd = openForLocking(place);
  try {
    const { dev, ino } = fs.fstatSync(fd);
    const got = tryFlock(fd, LOCK_EX);
    if (!got) fs.closeSync(fd);
    return { got, file: `${dev}:${ino}`, release: () => (got ? fs.closeSync(fd) : undefined) };
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** Some network file systems lock only what is open for writing; who may not write can still lock elsewhere. */
function openForLocking(place: Pick<Workspace, "root" | "system">): number {
  const name = absolute(place, CONFIG_PATH);
  try {
    return place.system.fs.openSync(name, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (!isSystemError(error, "EACCES") && !isSystemError(error, "EROFS") && !isSystemError(error, "EPERM"))
      throw error;
    return place.system.fs.openSync(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  }
}
