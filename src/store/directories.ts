import type { Stats } from "node:fs";
import { MaiError } from "../domain/errors.ts";
import { shellWord } from "../domain/shell-word.ts";
import { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } from "./file-system.ts";
import { isSystemError } from "./io-error.ts";
import { giveToOwner } from "./owner-of-new.ts";
import { absolute, type Workspace } from "./workspace.ts";

/** Bits of a mode that a new directory takes from its parent: permissions, setgid, sticky. */
const INHERITED_MODE = 0o3777;
/** The same for a directory right in the project's own: that one may be open to everybody, `.mai` must not. */
const INHERITED_MODE_AT_ROOT = 0o2775;
const WORLD_WRITABLE = 0o002;
/** Directories in which mai alone writes. */
const OWN_DIRECTORY = /^(?:\.mai|async)(?:\/|$)/;
const STICKY = 0o1000;

type Place = Pick<Workspace, "root" | "system" | "sharedModes"> & Partial<Pick<Workspace, "warn">>;

/** What file systems answer that cannot make the entries of a directory durable: SMB, folders of virtual machines, FUSE. */
const CANNOT_SYNC: ReadonlySet<string> = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP"]);
/** Systems whose user was told so already. */
const told = new WeakSet<object>();

/** Returns the folder part of a path inside the project. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

/**
 * Refuses to write through a symbolic link, and into a directory of `.mai` or `async` that everybody can write. The sticky
 * bit changes nothing: anybody could still add a file that mai obeys.
 * @param paths of files that will be written, from the root
 * @returns the directories above them that are there
 * @throws PERMISSION_DENIED
 */
export function checkWritePlaces(place: Place, paths: Iterable<string>): ReadonlyMap<string, Stats> {
  const checked = new Set<string>();
  const there = new Map<string, Stats>();
  for (const path of paths) {
    for (let parent = parentOf(path); parent !== "" && !checked.has(parent); parent = parentOf(parent)) {
      checked.add(parent);
      const stat = checkDirectory(place, parent);
      if (stat !== null) there.set(parent, stat);
    }
  }
  return there;
}

/** Makes a directory and what is missing above it, each with the mode of its parent, durable up the chain. */
export function makeDirectory(place: Place, path: string, durable: boolean): void {
  try {
    mkdirLikeParent(place, path);
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return;
    if (!isSystemError(error, "ENOENT") || path === "") throw error;
    makeDirectory(place, parentOf(path), durable);
    mkdirLikeParent(place, path);
  }
  inheritMode(place, path);
  if (durable) syncDirectory(place, parentOf(path));
}

/** Removes a directory if it is empty; what cannot go stays, since nothing depends on it. */
export function removeEmptyDirectory(place: Place, path: string): void {
  try {
    place.system.fs.rmdirSync(absolute(place, path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** Makes the entries of a directory durable. */
export function syncDirectory(place: Place, path: string): void {
  const { fs, pins } = place.system;
  if (pins !== undefined) {
    flushDirectory(place, pins.descriptor(path));
    return;
  }
  const fd = fs.openSync(
    path === "" ? place.root : absolute(place, path),
    O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
  );
  try {
    flushDirectory(place, fd);
  } finally {
    fs.closeSync(fd);
  }
}

function flushDirectory(place: Place, fd: number): void {
  try {
    place.system.fs.fsyncSync(fd);
  } catch (error) {
    if (!isSystemError(error) || !CANNOT_SYNC.has(error.code)) throw error;
    if (told.has(place.system)) return;
    told.add(place.system);
    place.warn?.(
      "This file system cannot flush directories: a power cut may lose the last changes. Without flushes mai is faster here: mai config set durability process",
    );
  }
}

/**
 * Gives a new file the read and write bits of its directory, so that a team's umasks do not lock each other out; what root
 * makes belongs to the owner of the project.
 */
export function inheritFileMode(place: Place, fd: number, path: string): void {
  const { fs } = place.system;
  const stat = fs.fstatSync(fd);
  const mode = modeOfNearest(place, parentOf(path)) & 0o666;
  if ((stat.mode & 0o777) !== mode && stat.uid === place.system.userId()) fs.fchmodSync(fd, mode);
  giveToOwner(place, fd, { path, stat });
}

/** A directory that is yet to be made takes the mode of the one above it, and so does what will lie in it. */
function modeOfNearest(place: Place, path: string): number {
  if (path === "") return place.system.fs.statSync(place.root).mode & INHERITED_MODE_AT_ROOT;
  const mode = lstatOrNull(place, path)?.mode;
  return mode === undefined ? modeOfNearest(place, parentOf(path)) : readable(mode);
}

/** Who may enter a directory may read what will lie in it: `.mai` may be closed to those who would lock it. */
function readable(mode: number): number {
  return mode | ((mode & 0o111) << 2);
}

/** The umask must not take bits away that a crash before the chmod would leave off for ever. */
function mkdirLikeParent(place: Place, path: string): void {
  const { fs, pins } = place.system;
  if (path === "") {
    // What lies above the root is the way that the user named.
    (pins?.byPath.fs ?? fs).mkdirSync(place.root);
    return;
  }
  const mode = modeOfParent(place, path);
  const umask = process.umask(0);
  try {
    fs.mkdirSync(absolute(place, path), { mode });
  } finally {
    process.umask(umask);
  }
}

function modeOfParent(place: Place, path: string): number {
  return modeOfNearest(place, parentOf(path)) & INHERITED_MODE;
}

function inheritMode(place: Place, path: string): void {
  const { fs } = place.system;
  const mode = modeOfParent(place, path);
  const fd = fs.openSync(absolute(place, path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const stat = fs.fstatSync(fd);
    if ((stat.mode & INHERITED_MODE) !== mode) fs.fchmodSync(fd, mode);
    if (path !== "") giveToOwner(place, fd, { path, stat });
  } finally {
    fs.closeSync(fd);
  }
}

/** A directory that is open is one. @returns null for one that is not, yet */
function statOfPinned({ system: { fs, pins } }: Place, path: string): Stats | null {
  const fd = pins?.known(path);
  return fd === undefined ? null : fs.fstatSync(fd);
}

/** @returns null when it is not there */
function checkDirectory(place: Place, path: string): Stats | null {
  const stat = statOfPinned(place, path) ?? lstatOrNull(place, path);
  if (stat === null) return null;
  if (!stat.isDirectory()) {
    throw new MaiError(
      "PERMISSION_DENIED",
      `${path} is ${stat.isSymbolicLink() ? "a symbolic link" : "no directory"}; mai does not write through it.`,
      {
        hint: "Put a real directory there.",
        fields: { path },
      },
    );
  }
  if ((stat.mode & WORLD_WRITABLE) !== 0 && OWN_DIRECTORY.test(path)) refuseOpen(place, path);
  return stat;
}

/** What allows it is loaded late: hardly any project lies where modes have no effect. */
function refuseOpen(place: Place, path: string): void {
  const { allowsSharedModes }: typeof import("./shared-modes.ts") = require("./shared-modes.ts");
  if (!allowsSharedModes(place))
    throw new MaiError("PERMISSION_DENIED", `Everybody may write to ${path}, so mai does not write there.`, {
      hint: `chmod o-w ${shellWord(absolute(place, path))} (where chmod has no effect: mai init --allow-shared-modes)`,
      fields: { path },
    });
}

/** Tells whether only its owner may replace a file: in a directory with the sticky bit, as /tmp is. */
export function isSticky({ mode }: Stats): boolean {
  return (mode & STICKY) !== 0;
}

/** Returns the names in a directory, in no order; none where there is no directory. */
export function namesIn(place: Place, directory: string): readonly string[] {
  try {
    return place.system.fs.readdirSync(absolute(place, directory));
  } catch (error) {
    if (isSystemError(error, "ENOENT") || isSystemError(error, "ENOTDIR")) return [];
    throw error;
  }
}

/**
 * Returns the names in a directory after files were written or taken away, sorted.
 * @param written texts by path from the root; null for a file that went
 */
export function namesAfter(
  before: Iterable<string>,
  directory: string,
  written: Iterable<readonly [path: string, content: unknown]>,
): readonly string[] {
  const names = new Set(before);
  for (const [path, content] of written) {
    if (parentOf(path) !== directory) continue;
    const name = path.slice(directory.length + 1);
    if (content === null) names.delete(name);
    else names.add(name);
  }
  return [...names].sort();
}

/** Asks about a path without following a link; null when there is nothing, as below a file. */
export function lstatOrNull(place: Place, path: string): Stats | null {
  try {
    return place.system.fs.lstatSync(absolute(place, path), { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (isSystemError(error, "ENOTDIR")) return null;
    throw error;
  }
}
