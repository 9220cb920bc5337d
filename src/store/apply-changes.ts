import {
  contentAfter,
  type FileAppend,
  type FileWrite,
  type JournalChange,
  type JournalRecord,
} from "../codec/journal-record.ts";
import { digestOf, sha256 } from "./digest.ts";
import { inheritFileMode, makeDirectory, parentOf, syncDirectory } from "./directories.ts";
import { O_CREAT, O_NOFOLLOW, O_RDWR } from "./file-system.ts";
import { isSystemError } from "./io-error.ts";
import { JOURNAL_DIRECTORY } from "./project-paths.ts";
import { readBytes } from "./read-file.ts";
import { replaceFile, writeFully } from "./replace-file.ts";
import { absolute, type Workspace } from "./workspace.ts";

type Place = Pick<Workspace, "root" | "system" | "warn">;

const ASIDE_NAME_BYTES = 4;

/**
 * Brings every file of a journalled change to its state after. Doing it again changes nothing, so that a crash
 * at any point is mended by doing it once more; directories are durable at the end.
 * @param attempt `again` after a crash, which may have come between making a directory and making it durable
 */
export function applyChanges(place: Place, record: JournalRecord, attempt: "first" | "again"): void {
  const touched = new Set<string>();
  for (const change of record.changes) {
    if (!applyChange(place, change, record)) continue;
    touched.add(parentOf(change.path));
    if (attempt === "again") for (const directory of above(parentOf(change.path))) touched.add(directory);
  }
  if (record.durable) for (const directory of touched) syncIfThere(place, directory);
}

function above(directory: string): readonly string[] {
  return directory === "" ? [] : [parentOf(directory), ...above(parentOf(directory))];
}

/** A directory that somebody removed since its last file went has no entries to lose. */
function syncIfThere(place: Place, directory: string): void {
  try {
    syncDirectory(place, directory);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}

/** @returns whether an entry of the file's directory may have changed */
function applyChange(place: Place, change: JournalChange, record: JournalRecord): boolean {
  switch (change.kind) {
    case "write":
      return applyWrite(place, change, record);
    case "append":
      return applyAppend(place, change, record.durable);
    case "touch":
      touchFile(place, change.path);
      return false;
  }
}

/** As after: skip. As before: replace. Neither: somebody edited by hand meanwhile, and their text is set aside first. */
function applyWrite(place: Place, change: FileWrite, record: JournalRecord): boolean {
  const current = readBytes(place.system.fs, absolute(place, change.path));
  const digest = digestOf(current);
  const content = contentAfter(change);
  const after = content === null ? null : sha256(content);
  // Even when there is nothing to write, the entry may have been written just before a crash, and not be durable.
  if (digest === after) return true;
  if (current !== null && digest !== change.before) setAside(place, change.path, record);
  if (content !== null) replaceFile(place, change.path, content, record.durable);
  else removeFile(place, change.path);
  return true;
}

function setAside(place: Place, path: string, record: JournalRecord): void {
  // Never the name of a text that is kept already: two crashes, and two edits by hand between them, keep both.
  const unique = place.system.randomBytes(ASIDE_NAME_BYTES).toHex();
  const name = `conflict-${record.txid}-${unique}-${path.replaceAll("/", "_")}`;
  makeDirectory(place, JOURNAL_DIRECTORY, record.durable);
  const to = `${JOURNAL_DIRECTORY}/${name}`;
  place.system.fs.renameSync(absolute(place, path), absolute(place, to));
  if (record.durable) syncDirectory(place, JOURNAL_DIRECTORY);
  place.warn(`${path} was edited by hand during an interrupted change; that text is kept in ${to}`);
}

function removeFile(place: Place, path: string): void {
  try {
    place.system.fs.unlinkSync(absolute(place, path));
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}

/** Continues a torn tail, and skips what is there already. @returns whether the file is new */
function applyAppend(place: Place, change: FileAppend, durable: boolean): boolean {
  const { fs } = place.system;
  const { fd, created } = openForAppend(place, change.path, durable);
  try {
    const bytes = Buffer.from(change.text);
    const size = fs.fstatSync(fd).size;
    // Not only when it was made just now: a fault or a crash may have come before its mode was set.
    if (size === 0) inheritFileMode(place, fd, change.path);
    const there = readAt(place, fd, change.at, Math.min(bytes.length, Math.max(0, size - change.at)));
    if (size >= change.at && isTornFrom(bytes, there)) {
      const same = commonLength(bytes, there);
      writeFully(place, fd, bytes.subarray(same), change.at + same);
    } else {
      appendAfterEdit(place, fd, change, size);
    }
    if (durable) fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  // A file that was empty before may be new, and its entry not durable yet.
  return created || change.at === 0;
}

/** A torn tail: what a power cut left of our bytes, with zeros where the file had grown and the data had not come. */
function isTornFrom(bytes: Buffer, there: Buffer): boolean {
  return there.every((byte, index) => byte === 0 || byte === bytes[index]);
}

function commonLength(bytes: Buffer, there: Buffer): number {
  const first = there.findIndex((byte, index) => byte !== bytes[index]);
  return first === -1 ? there.length : first;
}

/** Somebody edited the log by hand meanwhile: the line goes to the end, unless it is there. */
function appendAfterEdit(place: Place, fd: number, change: FileAppend, size: number): void {
  const text = readAt(place, fd, 0, size).toString("utf8");
  if (text.includes(change.text)) return;
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  writeFully(place, fd, Buffer.from(gap + change.text), size);
}

function openForAppend(place: Place, path: string, durable: boolean): { fd: number; created: boolean } {
  const { fs } = place.system;
  const name = absolute(place, path);
  try {
    return { fd: fs.openSync(name, O_RDWR | O_NOFOLLOW), created: false };
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
  makeDirectory(place, parentOf(path), durable);
  return { fd: fs.openSync(name, O_RDWR | O_CREAT | O_NOFOLLOW, 0o666), created: true };
}

/**
 * Sets the modification time of a file to the file system's now, by writing its first byte over itself: that
 * needs no ownership, takes the same clock as every other file there, and cannot tear.
 */
export function touchFile(place: Pick<Workspace, "root" | "system">, path: string): void {
  const { fs } = place.system;
  let fd: number;
  try {
    fd = fs.openSync(absolute(place, path), O_RDWR | O_NOFOLLOW);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  try {
    const first = readAt(place, fd, 0, 1);
    if (first.length > 0) writeFully(place, fd, first, 0);
  } finally {
    fs.closeSync(fd);
  }
}

function readAt(place: Pick<Workspace, "system">, fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const read = place.system.fs.readSync(fd, buffer, done, length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return buffer.subarray(0, done);
}
