import {
  contentAfter,
  type FileAppend,
  type FileWrite,
  type JournalRecord,
} from "../../codec/journal-record.ts";
import { MaiError } from "../../domain/errors.ts";
import { digestOf, sha256 } from "../digest.ts";
import { inheritFileMode, lstatOrNull, makeDirectory, parentOf, syncDirectory } from "../directories.ts";
import { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import { JOURNAL_DIRECTORY } from "../project-paths.ts";
import { readBytes } from "../read-file.ts";
import { decodeLossy, encodeUtf8 } from "../utf8.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { moveFile, replaceFile, writeFully } from "./replace-file.ts";
import { StagedFiles } from "./staged-files.ts";
import { UnsyncedFiles } from "./unsynced-files.ts";

type Place = Pick<Workspace, "root" | "system" | "warn">;

const ASIDE_NAME_BYTES = 4;
/**
 * What is written in place must have one name: another one may be somebody's file elsewhere, which whoever may write
 * the directory linked here.
 */
export function secondName(path: string): MaiError {
  return new MaiError(
    "PERMISSION_DENIED",
    `${path} has a second name (a hard link); mai does not write to it.`,
    {
      hint: `Put a copy in its place: cp -p ${path} ${path}.copy && mv ${path}.copy ${path}`,
      fields: { path },
    },
  );
}

/** What a log is opened with, so that one that may only grow (`chattr +a`) can be kept. */
export const OPEN_TO_APPEND = O_RDWR | O_APPEND | O_NOFOLLOW;
/** What a file is opened with whose first byte is written over itself. */
export const OPEN_TO_TOUCH = O_RDWR | O_NOFOLLOW;

/**
 * Brings every file of a journalled change to its state after. Doing it again changes nothing, so that a crash
 * at any point is mended by doing it once more; everything is durable at the end. All new texts are written first and
 * made durable together, then each takes its place.
 * @param attempt `again` after a crash, which may have come between making a directory and making it durable
 */
export function applyChanges(place: Place, record: JournalRecord, attempt: "first" | "again"): void {
  const { changes, durable } = record;
  const unsynced = new UnsyncedFiles(place, durable);
  const staged = new StagedFiles(place, { unsynced, durable });
  const touched = new Set<string>();
  try {
    for (const change of changes) {
      if (change.kind === "write") stageWrite(place, staged, change, attempt);
      else if (change.kind === "append" && applyAppend(place, change, unsynced, durable))
        touched.add(parentOf(change.path));
    }
    unsynced.sync();
    for (const change of changes) {
      if (change.kind === "touch") touchFile(place, change.path);
      else if (change.kind === "write") {
        applyWrite(place, change, staged, record);
        touched.add(parentOf(change.path));
      }
    }
  } finally {
    unsynced.close();
    staged.discard();
  }
  if (durable) syncTouched(place, touched, attempt);
}

function syncTouched(place: Place, touched: ReadonlySet<string>, attempt: "first" | "again"): void {
  const directories = new Set(touched);
  if (attempt === "again")
    for (const path of touched) for (const directory of above(path)) directories.add(directory);
  for (const directory of directories) syncIfThere(place, directory);
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

/** After a crash much may be done: what is there needs no room on the disk once more. */
function stageWrite(place: Place, staged: StagedFiles, change: FileWrite, attempt: "first" | "again"): void {
  const content = contentAfter(change);
  if (content === null) return;
  if (
    attempt === "again" &&
    digestOf(readBytes(place.system.fs, absolute(place, change.path))) === sha256(content)
  )
    return;
  staged.stage(change.path, content);
}

/**
 * As before: replace. As after: skip; the entry may have been written just before a crash, and not be durable, so that
 * its directory counts as touched. Neither: somebody edited by hand meanwhile, and their text is set aside first.
 */
function applyWrite(place: Place, change: FileWrite, staged: StagedFiles, record: JournalRecord): void {
  const { path, before } = change;
  const current =
    before === null && lstatOrNull(place, path) === null
      ? null
      : readBytes(place.system.fs, absolute(place, path));
  const digest = digestOf(current);
  const content = contentAfter(change);
  if (digest !== before) {
    if (digest === (content === null ? null : sha256(content))) return;
    if (current !== null) setAside(place, path, record);
  }
  if (content === null) removeFile(place, path);
  else if (!staged.move(path)) replaceFile(place, path, content, record.durable);
}

function setAside(place: Place, path: string, record: JournalRecord): void {
  // Never the name of a text that is kept already: two crashes, and two edits by hand between them, keep both.
  const unique = place.system.randomBytes(ASIDE_NAME_BYTES).toHex();
  const name = `conflict-${record.txid}-${unique}-${path.replaceAll("/", "_")}`;
  makeDirectory(place, JOURNAL_DIRECTORY, record.durable);
  const to = `${JOURNAL_DIRECTORY}/${name}`;
  moveFile(place, path, { path: to, durable: record.durable });
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

/** Continues a torn tail, and skips what is there already. @returns whether the file may be new */
function applyAppend(place: Place, change: FileAppend, unsynced: UnsyncedFiles, durable: boolean): boolean {
  const { fs } = place.system;
  const { fd, created } = openForAppend(place, change.path, durable);
  try {
    const bytes = encodeUtf8(change.text);
    const { size, nlink } = fs.fstatSync(fd);
    if (nlink > 1) throw secondName(change.path);
    // Not only when it was made just now: a fault or a crash may have come before its mode was set.
    if (size === 0) inheritFileMode(place, fd, change.path);
    const there = readAt(place, fd, change.at, Math.min(bytes.length, Math.max(0, size - change.at)));
    if (size >= change.at && isTornFrom(bytes, there)) {
      const same = commonLength(bytes, there);
      const rest = { bytes: bytes.subarray(same), at: change.at + same };
      if (same === there.length) writeFully(place, fd, rest.bytes, rest.at);
      else overwriteTail(place, change.path, unsynced, rest);
    } else {
      appendAfterEdit(place, fd, change, size);
    }
  } finally {
    unsynced.add(fd);
  }
  // A file that was empty before may be new, and its entry not durable yet.
  return created || change.at === 0;
}

/** Zeros at the end are written over: what is opened to append can only add to them. */
function overwriteTail(
  place: Place,
  path: string,
  unsynced: UnsyncedFiles,
  rest: { readonly bytes: Uint8Array; readonly at: number },
): void {
  const file = place.system.fs.openSync(absolute(place, path), O_RDWR | O_NOFOLLOW);
  try {
    writeFully(place, file, rest.bytes, rest.at);
  } finally {
    unsynced.add(file);
  }
}

/** A torn tail: what a power cut left of our bytes, with zeros where the file had grown and the data had not come. */
function isTornFrom(bytes: Uint8Array, there: Uint8Array): boolean {
  return there.every((byte, index) => byte === 0 || byte === bytes[index]);
}

function commonLength(bytes: Uint8Array, there: Uint8Array): number {
  const first = there.findIndex((byte, index) => byte !== bytes[index]);
  return first === -1 ? there.length : first;
}

/** Somebody edited the log by hand meanwhile: the line goes to the end, unless it is there. */
function appendAfterEdit(place: Place, fd: number, change: FileAppend, size: number): void {
  const text = decodeLossy(readAt(place, fd, 0, size));
  if (text.includes(change.text)) return;
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  writeFully(place, fd, encodeUtf8(gap + change.text), size);
}

function openForAppend(place: Place, path: string, durable: boolean): { fd: number; created: boolean } {
  const { fs } = place.system;
  const name = absolute(place, path);
  try {
    return { fd: fs.openSync(name, OPEN_TO_APPEND), created: false };
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
  makeDirectory(place, parentOf(path), durable);
  return { fd: fs.openSync(name, OPEN_TO_APPEND | O_CREAT, 0o666), created: true };
}

/**
 * Sets the modification time of a file to the file system's now, by writing its first byte over itself: that
 * needs no ownership, takes the same clock as every other file there, and cannot tear.
 */
export function touchFile(place: Pick<Workspace, "root" | "system">, path: string): void {
  const { fs } = place.system;
  let fd: number;
  try {
    fd = fs.openSync(absolute(place, path), OPEN_TO_TOUCH);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  try {
    if (fs.fstatSync(fd).nlink > 1) throw secondName(path);
    const first = readAt(place, fd, 0, 1);
    if (first.length > 0) writeFully(place, fd, first, 0);
  } finally {
    fs.closeSync(fd);
  }
}

function readAt(place: Pick<Workspace, "system">, fd: number, position: number, length: number): Uint8Array {
  const buffer = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const read = place.system.fs.readSync(fd, buffer, done, length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return buffer.subarray(0, done);
}
