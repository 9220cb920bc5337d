import { formatTimestamp } from "../../domain/time.ts";
import { lstatOrNull, namesIn, syncDirectory } from "../directories.ts";
import { isSystemError } from "../io-error.ts";
import { withPinned } from "../pinned/pinned-file-system.ts";
import { TEMP_DIRECTORY } from "../project-paths.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { BACKUP_NAME } from "./back-up-project.ts";

type Place = Pick<Workspace, "root" | "system">;

const TOMBSTONE = /^\.mai-deleted-[0-9a-f]{16}$/;

/** Names what an interrupted deletion left in this directory. */
export function tombstones(place: Place): readonly string[] {
  return namesIn(place, "").filter((name) => TOMBSTONE.test(name));
}

/** Finishes deletions that were interrupted here after their commit point. @returns the backups that come to light */
export function sweepTombstones(place: Place): readonly string[] {
  return withPinned(place, (pinned) =>
    tombstones(pinned).flatMap((name) => finishDeletion(pinned, name) ?? []),
  );
}

/**
 * Brings the backup out of a tombstone, durably, and then removes the rest.
 * @returns its name in the project's directory, null for none
 */
export function finishDeletion(place: Place, tombstone: string): string | null {
  const backup = backupIn(place, tombstone);
  if (backup !== null) {
    goneIsFine(() => place.system.fs.renameSync(absolute(place, backup.from), absolute(place, backup.to)));
    syncDirectory(place, "");
  }
  removeTree(place, tombstone);
  return backup?.to ?? null;
}

/** One that lies in a tombstone is whole: the deletion goes no further than to a backup that reads back. */
function backupIn(place: Place, tombstone: string) {
  const directory = TEMP_DIRECTORY.replace(".mai", tombstone);
  const name = namesIn(place, directory).find((entry) => BACKUP_NAME.test(entry));
  const from = `${directory}/${name}`;
  const madeMs = name === undefined ? undefined : lstatOrNull(place, from)?.mtimeMs;
  if (name === undefined || madeMs === undefined) return null;
  const time = formatTimestamp(madeMs, place.system.clock).slice(0, "2026-04-30T19:23:47".length);
  return { from, to: `mai-${name.replace("-", `-${time.replaceAll(/[-:T]/g, "")}-`)}.tar.gz` };
}

/** Removes a tree and never follows a link. Somebody else may be at it too: what is gone already is fine. */
function removeTree(place: Place, path: string): void {
  const { fs } = place.system;
  const name = absolute(place, path);
  goneIsFine(() => {
    if (!fs.lstatSync(name).isDirectory()) {
      fs.unlinkSync(name);
      return;
    }
    for (const entry of fs.readdirSync(name)) removeTree(place, `${path}/${entry}`);
    fs.rmdirSync(name);
  });
}

function goneIsFine(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}
