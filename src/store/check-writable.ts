import type { JournalChange } from "../codec/journal-record.ts";
import { lstatOrNull, parentOf } from "./directories.ts";
import { W_OK, X_OK } from "./file-system.ts";
import { absolute, type Workspace } from "./workspace.ts";

type Place = Pick<Workspace, "root" | "system">;

/**
 * Refuses before the commit point what could never be finished after it: a change that touches a directory or a log
 * that may not be written would stay in the journal, and keep every writer out.
 * @throws a system error: EACCES, EROFS
 */
export function checkWritable(place: Place, changes: readonly JournalChange[]): void {
  const directories = new Set<string>();
  for (const { kind, path } of changes) {
    const isThere = lstatOrNull(place, path) !== null;
    // Writing in place needs the file, replacing and making one needs the directory.
    if (kind !== "write" && isThere) place.system.fs.accessSync(absolute(place, path), W_OK);
    else if (kind !== "touch") directories.add(nearest(place, parentOf(path)));
  }
  for (const directory of directories)
    place.system.fs.accessSync(directory === "" ? place.root : absolute(place, directory), W_OK | X_OK);
}

function nearest(place: Place, directory: string): string {
  return directory === "" || lstatOrNull(place, directory) !== null
    ? directory
    : nearest(place, parentOf(directory));
}
