import { checkWritePlaces, lstatOrNull, parentOf, syncDirectory } from "./directories.ts";
import { isSystemError } from "./io-error.ts";
import { recover } from "./journal.ts";
import { takeMutex } from "./mutex.ts";
import { openView } from "./open-view.ts";
import { DELETED_MIRROR_PATH, JOURNAL_PATH, MIRROR_DIRECTORY } from "./project-paths.ts";
import type { ProjectView } from "./project-view.ts";
import { readProject } from "./read-project.ts";
import { absolute, type Workspace } from "./workspace.ts";

const TOMBSTONE = /^\.mai-deleted-[0-9a-f]{16}$/;
const TOMBSTONE_NAME_BYTES = 8;

/** What became of a deletion: it is committed in any case; `leftover` names what could not be removed yet. */
export interface Deletion {
  readonly leftover: string | null;
  readonly fault: Error | null;
}

/**
 * Deletes `.mai` and `async`, and nothing else. Under the mutex the mirror is moved into `.mai`, and the rename of
 * `.mai` to a tombstone beside it is the commit point: whoever comes later finds no project. Before it, recovery
 * moves the mirror back. What is removed afterwards lies in the tombstone alone, so that a project that is made
 * meanwhile in the same place is not touched.
 * @param check refuses the deletion by throwing; also called in a dry run, which stops there
 */
export function deleteProject(workspace: Workspace, check: (view: ProjectView) => void): Deletion {
  if (workspace.dryRun) {
    readProject(workspace, check);
    return { leftover: null, fault: null };
  }
  checkWritePlaces(workspace, [JOURNAL_PATH]);
  const tombstone = buryUnderMutex(workspace, check);
  return attempted(tombstone, () => {
    syncDirectory(workspace, "");
    removeTree(workspace, tombstone);
  });
}

/** Finishes deletions that were interrupted here after their commit point. @returns how many */
export function sweepTombstones(workspace: Pick<Workspace, "root" | "system">): number {
  const names = tombstones(workspace);
  for (const name of names) removeTree(workspace, name);
  return names.length;
}

/** Names what an interrupted deletion left in this directory. */
export function tombstones(workspace: Pick<Workspace, "root" | "system">): readonly string[] {
  try {
    return workspace.system.fs.readdirSync(workspace.root).filter((name) => TOMBSTONE.test(name));
  } catch (error) {
    if (isSystemError(error, "ENOENT") || isSystemError(error, "ENOTDIR")) return [];
    throw error;
  }
}

function buryUnderMutex(workspace: Workspace, check: (view: ProjectView) => void): string {
  const { clock, randomBytes } = workspace.system;
  const mutex = takeMutex(workspace);
  try {
    recover(workspace);
    check(openView(workspace, clock.nowMs, null));
    const tombstone = `.mai-deleted-${randomBytes(TOMBSTONE_NAME_BYTES).toHex()}`;
    moveMirror(workspace);
    try {
      move(workspace, ".mai", tombstone);
    } catch (error) {
      // A rename can fail and yet have happened; if not, the mirror goes back, and nothing has changed.
      if (lstatOrNull(workspace, tombstone) !== null) return tombstone;
      recover(workspace);
      throw error;
    }
    return tombstone;
  } finally {
    mutex.release();
  }
}

/** Durable before the commit point: a power cut must not bring the mirror back beside a project that is gone. */
function moveMirror(workspace: Workspace): void {
  if (lstatOrNull(workspace, MIRROR_DIRECTORY) === null) return;
  move(workspace, MIRROR_DIRECTORY, DELETED_MIRROR_PATH);
  try {
    syncDirectory(workspace, parentOf(DELETED_MIRROR_PATH));
    syncDirectory(workspace, "");
  } catch (error) {
    recover(workspace);
    throw error;
  }
}

/** A fault after the commit point leaves the tombstone for the next `project delete` or `init` in this place. */
function attempted(tombstone: string, act: () => void): Deletion {
  try {
    act();
    return { leftover: null, fault: null };
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    return { leftover: tombstone, fault };
  }
}

/** Removes a tree and never follows a link. Somebody else may be at it too: what is gone already is fine. */
function removeTree(place: Pick<Workspace, "root" | "system">, path: string): void {
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

function move(place: Pick<Workspace, "root" | "system">, from: string, to: string): void {
  place.system.fs.renameSync(absolute(place, from), absolute(place, to));
}
