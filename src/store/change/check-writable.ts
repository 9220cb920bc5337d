import type { Stats } from "node:fs";
import type { JournalChange } from "../../codec/journal-record.ts";
import { MaiError } from "../../domain/errors.ts";
import { checkWritePlaces, isSticky, lstatOrNull, parentOf } from "../directories.ts";
import { W_OK, X_OK } from "../file-system.ts";
import { absolute, type Workspace } from "../workspace.ts";

type Place = Pick<Workspace, "root" | "system">;

/**
 * Refuses before the commit point what could never be finished after it: a change that touches a directory or a log
 * that may not be written would stay in the journal, and keep every writer out.
 * @throws PERMISSION_DENIED for a place that mai does not write to, or a system error: EACCES, EROFS
 */
export function checkWritable(place: Place, changes: readonly JournalChange[]): void {
  const there = checkWritePlaces(
    place,
    changes.map((change) => change.path),
  );
  const directories = new Set<string>();
  for (const change of changes) {
    // Writing in place needs the file, replacing and making one needs the directory.
    if (isInPlace(place, change)) place.system.fs.accessSync(absolute(place, change.path), W_OK);
    else if (change.kind !== "touch") directories.add(nearest(there, parentOf(change.path)));
    if (change.kind === "write") checkOwner(place, change.path, there.get(parentOf(change.path)));
  }
  for (const directory of directories)
    place.system.fs.accessSync(directory === "" ? place.root : absolute(place, directory), W_OK | X_OK);
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

function isInPlace(place: Place, change: JournalChange): boolean {
  if (change.kind === "write") return false;
  return (change.kind === "append" && change.at > 0) || lstatOrNull(place, change.path) !== null;
}

function nearest(there: ReadonlyMap<string, unknown>, directory: string): string {
  return directory === "" || there.has(directory) ? directory : nearest(there, parentOf(directory));
}
