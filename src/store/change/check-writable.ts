import type { JournalChange } from "../../codec/journal-record.ts";
import { checkWritePlaces, lstatOrNull, parentOf } from "../directories.ts";
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
  }
  for (const directory of directories)
    place.system.fs.accessSync(directory === "" ? place.root : absolute(place, directory), W_OK | X_OK);
}

function isInPlace(place: Place, change: JournalChange): boolean {
  if (change.kind === "write") return false;
  return (change.kind === "append" && change.at > 0) || lstatOrNull(place, change.path) !== null;
}

function nearest(there: ReadonlySet<string>, directory: string): string {
  return directory === "" || there.has(directory) ? directory : nearest(there, parentOf(directory));
}
