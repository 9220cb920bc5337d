import { MaiError } from "../domain/errors.ts";
import { type FileSystem, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from "./file-system.ts";
import { isSystemError } from "./io-error.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Reads a file whole; null when there is none. Never waits on a FIFO.
 * @param links whether the last part of the path may be a symbolic link: inside a project it may not
 * @throws CORRUPT_FILE when it is no regular file
 */
export function readBytes(
  fs: FileSystem,
  path: string,
  links: "refused" | "followed" = "refused",
): Uint8Array | null {
  const fd = openForReading(fs, path, links === "refused" ? O_NOFOLLOW : 0);
  if (fd === null) return null;
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw notAFile(path);
    return readToEnd(fs, fd, stat.size);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Reads a UTF-8 file whole; null when there is none.
 * @throws CORRUPT_FILE when it is not UTF-8: a rewrite would lose bytes
 */
export function readText(fs: FileSystem, path: string): string | null {
  const bytes = readBytes(fs, path);
  return bytes === null ? null : decodeUtf8(bytes, path);
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
function readToEnd(fs: FileSystem, fd: number, size: number): Uint8Array {
  let buffer = new Uint8Array(size + 1);
  let length = 0;
  for (;;) {
    const read = fs.readSync(fd, buffer, length, buffer.length - length, null);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
    if (length === buffer.length) buffer = grown(buffer);
  }
}

function grown(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(buffer.length * 2);
  larger.set(buffer);
  return larger;
}

/** Returns the error about what is no regular file. */
export function notAFile(path: string, cause?: unknown): MaiError {
  return new MaiError("CORRUPT_FILE", `${path} is no regular file.`, {
    hint: "mai follows no symbolic links inside a project; put the file itself there.",
    fields: { path },
    cause,
  });
}
