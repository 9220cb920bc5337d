import { MaiError } from "../domain/errors.ts";
import { type FileSystem, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from "./file-system.ts";
import { isSystemError } from "./io-error.ts";
import { decodeUtf8 } from "./utf8.ts";

const MIB = 1024 * 1024;
/** Most bytes of a file that are read: an issue or any other file that has no place in {@link LARGER}. */
const MOST_BYTES = 16 * MIB;
/** Files that may be larger, by the end of their names: logs of a day; a change in flight, the cache, the index of git. */
const LARGER: readonly (readonly [RegExp, number])[] = [
  [/\.(?:jsonl|log|gz|bak)$|\/cache\/issues$/, 256 * MIB],
  [/\/(?:commit\.json|index)$/, 512 * MIB],
];
/** Most bytes of a file that somebody names on a command line. */
export const MOST_USER_BYTES = 256 * MIB;
/** Bytes that nearly every file of text fits into. */
const SCRATCH_BYTES = 65_536;
/** Used for one text after the other, each of which is decoded before the next one is read. */
let scratch: Uint8Array | null = null;

/**
 * Reads a file whole; null when there is none. Never waits on a FIFO.
 * @param links whether the last part of the path may be a symbolic link: inside a project it may not
 * @throws CORRUPT_FILE when it is no regular file, or larger than any that mai writes
 */
export function readBytes(
  fs: FileSystem,
  path: string,
  links: "refused" | "followed" = "refused",
  into: Uint8Array = new Uint8Array(0),
  most: number = mostBytesOf(path),
): Uint8Array | null {
  const fd = openForReading(fs, path, links === "refused" ? O_NOFOLLOW : 0);
  if (fd === null) return null;
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw notAFile(path);
    requireReadable(path, stat.size, most);
    return readToEnd(fs, fd, stat.size < into.length ? into : new Uint8Array(stat.size + 1));
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Reads a UTF-8 file whole; null when there is none.
 * @throws CORRUPT_FILE when it is not UTF-8: a rewrite would lose bytes
 */
export function readText(fs: FileSystem, path: string): string | null {
  scratch ??= new Uint8Array(SCRATCH_BYTES);
  const bytes = readBytes(fs, path, "refused", scratch);
  return bytes === null ? null : decodeUtf8(bytes, path);
}

/** Returns how many bytes a file of this name may have to be read. */
export function mostBytesOf(path: string): number {
  if (path.endsWith(".md") || path.endsWith(".lock")) return MOST_BYTES;
  return LARGER.find(([ending]) => ending.test(path))?.[1] ?? MOST_BYTES;
}

/**
 * Refuses a file that would not fit into memory, before any of it is read; a sparse file takes no room on the disk.
 * @param size in bytes
 * @throws CORRUPT_FILE naming the file, its size and the limit
 */
export function requireReadable(path: string, size: number, most: number = mostBytesOf(path)): void {
  if (size <= most) return;
  throw new MaiError(
    "CORRUPT_FILE",
    `${path} has ${Math.ceil(size / MIB)} MiB; mai reads at most ${most / MIB} MiB.`,
    {
      hint: "Move it away, or take it from a backup; mai leaves it as it is.",
      fields: { path, bytes: size, limit: most },
    },
  );
}

/** Opens a file to read, null when there is none. @throws CORRUPT_FILE when it is a link that is not followed */
export function openForReading(fs: FileSystem, path: string, noFollow: number = O_NOFOLLOW): number | null {
  try {
    return fs.openSync(path, O_RDONLY | O_NONBLOCK | noFollow);
  } catch (error) {
    if (isSystemError(error, "ENOENT") || isSystemError(error, "ENOTDIR")) return null;
    if (isSystemError(error, "ELOOP")) throw notAFile(path, error);
    throw error;
  }
}

/** Reads until the end of the file, which may have grown or shrunk since its size was asked. */
function readToEnd(fs: FileSystem, fd: number, into: Uint8Array): Uint8Array {
  let buffer = into;
  let length = 0;
  for (;;) {
    const read = fs.readSync(fd, buffer, length, buffer.length - length, null);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
    if (length === buffer.length) buffer = grown(buffer);
  }
}

function grown(buffer: Uint8Array): Uint8Array {
  const larger = new Uint8Array(buffer.length * 2);
  larger.set(buffer);
  return larger;
}

/** Returns the error about what is no regular file. */
export function notAFile(path: string, cause?: unknown): MaiError {
  return new MaiError("CORRUPT_FILE", `${path} is no regular file.`, {
    hint: "mai follows no symbolic links; put the file itself there.",
    fields: { path },
    cause,
  });
}
