import { inheritFileMode, lstatOrNull, makeDirectory, parentOf } from "../directories.ts";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import { giveToOwner } from "../owner-of-new.ts";
import { TEMP_DIRECTORY } from "../project-paths.ts";
import { readBytes } from "../read-file.ts";
import { encodeUtf8 } from "../utf8.ts";
import { absolute, type Workspace } from "../workspace.ts";

const TEMP_NAME_BYTES = 8;
/** Without setuid and setgid: those of a file that somebody else prepared would pass to the user who replaces it. */
const PERMISSIONS = 0o777;

/** Where files are replaced; temp files go to the project's own directory, or to the one named. */
export type Place = Pick<Workspace, "root" | "system"> & {
  readonly tempDirectory?: string;
  /** Mode that every file gets, whatever it had; else it keeps its own, or takes that of its directory. */
  readonly fileMode?: number;
};

/** A temp file that is open for writing. */
export interface TempFile {
  readonly fd: number;
  /** From the root. */
  readonly path: string;
}

/** Makes a temp file of a random name in the project's own temp directory, which recovery sweeps. */
export function openTemp(place: Place): TempFile {
  const directory = place.tempDirectory ?? TEMP_DIRECTORY;
  const path = `${directory}/${place.system.randomBytes(TEMP_NAME_BYTES).toHex()}`;
  const open = () =>
    place.system.fs.openSync(absolute(place, path), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
  try {
    return { fd: open(), path };
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
    makeDirectory(place, directory, false);
    return { fd: open(), path };
  }
}

/** Writes all bytes, however many calls it takes. */
export function writeFully(
  place: Place,
  fd: number,
  bytes: Uint8Array,
  position: number | null = null,
): void {
  let done = 0;
  while (done < bytes.length) {
    const at = position === null ? null : position + done;
    done += place.system.fs.writeSync(fd, bytes, done, bytes.length - done, at);
  }
}

/**
 * Replaces a file whole: temp file, fsync, rename. A reader or a crash finds the old text or the new one, never a
 * part. Mode and group of the old file stay.
 */
export function replaceFile(
  place: Place,
  path: string,
  content: string | Uint8Array,
  durable: boolean,
): void {
  const temp = openTemp(place);
  fillAndRename(place, temp, { path, content, durable });
}

/** The second half of {@link replaceFile}, for a temp file that is open already; it is gone afterwards in any case. */
export function fillAndRename(
  place: Place,
  temp: TempFile,
  target: { readonly path: string; readonly content: string | Uint8Array; readonly durable: boolean },
): void {
  const { fs } = place.system;
  let open = true;
  try {
    fillTemp(place, temp, target);
    if (target.durable) fs.fsyncSync(temp.fd);
    open = false;
    fs.closeSync(temp.fd);
    moveFile(place, temp.path, target);
  } catch (error) {
    if (open) fs.closeSync(temp.fd);
    discardTemp(place, temp.path);
    throw error;
  }
}

/** Writes into a temp file what another file shall hold, and gives it that file's mode and group. */
export function fillTemp(
  place: Place,
  temp: TempFile,
  target: { readonly path: string; readonly content: string | Uint8Array },
): void {
  const { content } = target;
  writeFully(place, temp.fd, typeof content === "string" ? encodeUtf8(content) : content);
  keepModeAndGroup(place, temp.fd, target.path);
}

/** Renames a file inside the project; a directory that is missing is made. */
export function moveFile(
  place: Place,
  from: string,
  target: { readonly path: string; readonly durable: boolean },
): void {
  try {
    rename(place, from, target);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
    makeDirectory(place, parentOf(target.path), target.durable);
    rename(place, from, target);
  }
}

function rename(
  place: Place,
  from: string,
  target: { readonly path: string; readonly durable: boolean },
): void {
  try {
    place.system.fs.renameSync(absolute(place, from), absolute(place, target.path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // It is about the file that is replaced; the temp file means nothing to anybody.
    if (error.code !== "EXDEV") throw Object.assign(error, { path: absolute(place, target.path) });
    moveAcross(place, from, target);
  }
}

/** Nothing can be renamed into a directory that is a mount of its own: a copy is written there, and renamed. */
function moveAcross(
  place: Place,
  from: string,
  { path, durable }: { readonly path: string; readonly durable: boolean },
): void {
  const bytes = readBytes(place.system.fs, absolute(place, from));
  if (bytes === null) return;
  replaceFile({ ...place, tempDirectory: parentOf(path) }, path, bytes, durable);
  discardTemp(place, from);
}

/** Removes a temp file; one that is gone is fine, and one that stays is swept by the next command. */
export function discardTemp(place: Place, path: string): void {
  try {
    place.system.fs.unlinkSync(absolute(place, path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

function keepModeAndGroup(place: Place, fd: number, path: string): void {
  const { fs } = place.system;
  if (place.fileMode !== undefined) {
    fs.fchmodSync(fd, place.fileMode);
    return;
  }
  const old = lstatOrNull(place, path);
  if (old === null) {
    inheritFileMode(place, fd, path);
    return;
  }
  const fresh = fs.fstatSync(fd);
  if (fresh.gid !== old.gid) changeGroup(place, fd, old.gid);
  giveToOwner(place, fd, { path, stat: { uid: fresh.uid, gid: old.gid }, replaces: old });
  if ((fresh.mode & PERMISSIONS) !== (old.mode & PERMISSIONS)) fs.fchmodSync(fd, old.mode & PERMISSIONS);
}

/** A user outside the old file's group cannot give a file to it; the file then keeps the writer's group. */
function changeGroup(place: Place, fd: number, gid: number): void {
  try {
    place.system.fs.fchownSync(fd, place.system.userId(), gid);
  } catch (error) {
    if (!isSystemError(error, "EPERM")) throw error;
  }
}
