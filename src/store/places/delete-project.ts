import { MaiError } from "../../domain/errors.ts";
import { recover } from "../change/journal.ts";
import { checkWritePlaces, lstatOrNull, parentOf, syncDirectory } from "../directories.ts";
import { isSystemError } from "../io-error.ts";
import { takeMutex } from "../lock/mutex.ts";
import { withPinned } from "../pinned/pinned-file-system.ts";
import { DELETED_MIRROR_PATH, MIRROR_DIRECTORY, MUTEX_PATH } from "../project-paths.ts";
import { openView } from "../reading/open-view.ts";
import type { ProjectView } from "../reading/project-view.ts";
import { readProject } from "../reading/read-project.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { backUpProject } from "./back-up-project.ts";
import { finishDeletion } from "./finish-deletion.ts";

const TOMBSTONE_NAME_BYTES = 8;

/** What became of a deletion: it is committed in any case; `leftover` names what could not be removed yet. */
export interface Deletion {
  /** Name of the backup in the project's directory, null where none was wanted. */
  readonly backup: string | null;
  readonly leftover: string | null;
  readonly fault: Error | null;
}

/** How a project is to be deleted. */
export interface AskedDeletion {
  readonly check: (view: ProjectView) => void;
  readonly backup: "made" | "none";
}

/**
 * Deletes `.mai` and `async`, and nothing else. Under the mutex the mirror is moved into `.mai`, and the rename of
 * `.mai` to a tombstone beside it is the commit point: whoever comes later finds no project. Before it, recovery
 * moves the mirror back. What is removed afterwards lies in the tombstone alone, so that a project that is made
 * meanwhile in the same place is not touched.
 *
 * A backup is made in the temp directory first, which recovery sweeps, and goes into the tombstone with the rest; only
 * there it is moved out. So there is a backup exactly if there is no project.
 * @param asked.check refuses the deletion by throwing; also called in a dry run, which stops there
 */
export function deleteProject(workspace: Workspace, asked: AskedDeletion): Deletion {
  if (workspace.dryRun) {
    readProject(workspace, asked.check);
    return { backup: null, leftover: null, fault: null };
  }
  checkWritePlaces(workspace, [MUTEX_PATH]);
  const tombstone = buryUnderMutex(workspace, asked);
  return attempted(tombstone, () =>
    withPinned(workspace, (pinned) => {
      syncDirectory(pinned, "");
      return finishDeletion(pinned, tombstone);
    }),
  );
}

function buryUnderMutex(project: Workspace, asked: AskedDeletion): string {
  const { clock, randomBytes } = project.system;
  const mutex = takeMutex(project);
  const workspace = mutex.place;
  try {
    recover(workspace);
    asked.check(openView(workspace, clock.nowMs, null));
    if (asked.backup === "made") backUpProject(workspace);
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
  try {
    move(workspace, MIRROR_DIRECTORY, DELETED_MIRROR_PATH);
    syncDirectory(workspace, parentOf(DELETED_MIRROR_PATH));
    syncDirectory(workspace, "");
  } catch (error) {
    recover(workspace);
    throw error;
  }
}

/** A fault after the commit point leaves the tombstone for the next `project delete` or `init` in this place. */
function attempted(tombstone: string, act: () => string | null): Deletion {
  try {
    return { backup: act(), leftover: null, fault: null };
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    return { backup: null, leftover: tombstone, fault };
  }
}

function move(place: Pick<Workspace, "root" | "system">, from: string, to: string): void {
  try {
    place.system.fs.renameSync(absolute(place, from), absolute(place, to));
  } catch (error) {
    if (!isSystemError(error, "EXDEV")) throw error;
    throw notMovable(place, from, error);
  }
}

/** On overlayfs a directory that comes from a lower layer cannot be renamed; a copy of it lies in the upper one. */
function notMovable(place: Pick<Workspace, "root">, from: string, cause: Error): MaiError {
  return new MaiError("IO_ERROR", `${from} cannot be renamed: it lies in a lower layer of the file system.`, {
    hint: `Nothing was deleted. While nobody works on it, copy it to this layer, then delete again: cd '${place.root}' && for d in .mai async; do cp -a $d $d.copy && rm -r $d && mv $d.copy $d; done`,
    fields: { errno: "EXDEV", path: absolute(place, from) },
    cause,
  });
}
