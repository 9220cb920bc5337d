import { MaiError } from "../../domain/errors.ts";
import type { FileSystem } from "../file-system.ts";
import { notAFile, openForReading, readText, requireReadable } from "../read-file.ts";
import { decodeLossy, decodeUtf8 } from "../utf8.ts";

/** Bytes that the header of nearly every issue fits into. */
const START_BYTES = 4096;

/** The beginning of a file. */
export interface FileStart {
  /** Up to where `cut` cut it off; the whole text where it did not. */
  readonly text: string;
  /** Which file it was, in which state: see {@link identityOf}. */
  readonly identity: FileIdentity;
}

/** What tells one state of a file or directory from another without reading it. */
export interface FileIdentity {
  /** Inode, size, times of change: equal for the same state of the same file. */
  readonly mark: string;
  /** When it changed last, by the clock of its file system, in milliseconds since 1970. */
  readonly changedMs: number;
}

/**
 * Reads the beginning of a UTF-8 file; null when there is none. What follows is not looked at.
 * @param cut shortens a text to what is wanted of it; null when that is not in it whole
 * @throws CORRUPT_FILE when it is no regular file, or what is wanted is not UTF-8
 */
export function readStart(
  fs: FileSystem,
  path: string,
  cut: (text: string) => string | null,
): FileStart | null {
  const fd = openForReading(fs, path);
  if (fd === null) return null;
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw notAFile(path);
    requireReadable(path, stat.size);
    const identity = identityOf(stat);
    start ??= new Uint8Array(START_BYTES);
    const bytes = start.subarray(0, fs.readSync(fd, start, 0, START_BYTES, 0));
    const text = cut(decodeLossy(bytes));
    if (text !== null && !text.includes("\ufffd")) return { text, identity };
    const whole = bytes.length < START_BYTES ? decodeUtf8(bytes, path) : readText(fs, path);
    return whole === null ? null : { text: cut(whole) ?? whole, identity };
  } finally {
    fs.closeSync(fd);
  }
}

/** Reads a whole file with what tells its state; null when there is none, or when it is no regular file of text. */
export function readWhole(
  fs: FileSystem,
  path: string,
): { readonly text: string; readonly mark: string } | null {
  try {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    const text = stat === undefined ? null : readText(fs, path);
    return stat === undefined || text === null ? null : { text, mark: identityOf(stat).mark };
  } catch (error) {
    if (error instanceof MaiError && error.code === "CORRUPT_FILE") return null;
    throw error;
  }
}

/** Returns what tells this state of a file from every other. The times are exact to a part of a microsecond. */
export function identityOf(stat: {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}): FileIdentity {
  const { ino, size, mtimeMs, ctimeMs } = stat;
  return { mark: `${ino}:${size}:${mtimeMs}:${ctimeMs}`, changedMs: Math.max(mtimeMs, ctimeMs) };
}

/** Used for one file after the other: nothing reads two at once. */
let start: Uint8Array | null = null;
