import type { Stats } from "node:fs";
import type { JournalChange } from "../../codec/journal-record.ts";
import { MaiError } from "../../domain/errors.ts";
import { checkWritePlaces, isSticky, lstatOrNull, parentOf } from "../directories.ts";
import { W_OK, X_OK } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { OPEN_TO_APPEND, OPEN_TO_TOUCH, secondName } from "./apply-changes.ts";
import { refuseMounts } from "./refuse-mounts.ts";

type Place = Pick<Workspace, "root" | "system">;

/**
 * Refuses before the commit point what could never be finished after it: a change that touches a directory or a file
 * that may not be written would stay in the journal, and keep every writer out.
 * @throws PERMISSION_DENIED for a place that mai does not write to, IO_ERROR for a file that is a mount, or a system error:
 * EACCES, EPERM, EROFS
 */
export function checkWritable(place: Place, changes: readonly JournalChange[]): void {
  const there = checkWritePlaces(
    place,
    changes.map((change) => change.path),
  );
  const directories = new Set<string>();
  for (const change of changes) {
    const parent = parentOf(change.path);
    if (change.kind === "write") checkOwner(place, change.path, there.get(parent));
    if (change.kind === "write" && change.before !== null) checkReplaceable(place, change.path);
    // Writing in place needs the file, making one needs the directory.
    else if (change.kind !== "write" && isThere(place, change)) checkOpens(place, change);
    else if (change.kind !== "touch") directories.add(nearest(there, parent));
  }
  for (const directory of directories)
    place.system.fs.accessSync(directory === "" ? place.root : absolute(place, directory), W_OK | X_OK);
  refuseMounts(
    place,
    changes.filter(({ kind }) => kind === "write").map(({ path }) => path),
  );
}

/** What access(2) does not know of: a log that may only grow, and one that may not change at all. */
function checkOpens({ root, system: { fs } }: Place, change: JournalChange): void {
  const flags = change.kind === "append" ? OPEN_TO_APPEND : OPEN_TO_TOUCH;
  const fd = fs.openSync(absolute({ root }, change.path), flags);
  try {
    if (fs.fstatSync(fd).nlink > 1) throw secondName(change.path);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Asks the kernel whether a file could be removed, and so replaced: it says that a file is no directory only after it
 * has looked at owners, modes and attributes of both. Nothing that is no directory can go by it.
 */
function checkReplaceable(place: Place, path: string): void {
  try {
    place.system.fs.rmdirSync(absolute(place, path));
  } catch (error) {
    if (isSystemError(error, "ENOTDIR") || isSystemError(error, "ENOENT")) return;
    throw isSystemError(error) ? Object.assign(error, { syscall: "replace" }) : error;
  }
}

/** With the sticky bit only the owner of a file, or of its directory, may replace or remove it. */
function checkOwner(place: Place, path: string, directory: Stats | undefined): void {
  if (directory === undefined || !isSticky(directory)) return;
  const user = place.system.userId();
  const file = lstatOrNull(place, path);
  if (file === null || user === 0 || user === file.uid || user === directory.uid) return;
  throw new MaiError("PERMISSION_DENIED", `${path} belongs to another user, and its directory is sticky.`, {
    hint: "Nothing was changed. Share a project through a group: chmod -t, and see docs/deployment.md.",
    fields: { path },
  });
}

function isThere(place: Place, change: JournalChange): boolean {
  return (change.kind === "append" && change.at > 0) || lstatOrNull(place, change.path) !== null;
}

function nearest(there: ReadonlyMap<string, unknown>, directory: string): string {
  return directory === "" || there.has(directory) ? directory : nearest(there, parentOf(directory));
}
