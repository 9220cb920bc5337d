import type { Stats } from "node:fs";
import { isSystemError } from "../io-error.ts";
import type { System } from "../system.ts";

/** A directory that belongs to neither the caller nor root. */
export interface ForeignDirectory {
  /** Absolute path. */
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/**
 * Returns the directories on the way to a project that belong to neither the caller nor root: `.mai`, the directory that
 * holds it, and those from the current directory up to the one where the search ended. Their owners can put any file
 * there, and exchange `.mai` itself.
 * @param place.from the current directory where the project was found upwards; null where it was named
 * @param place.upTo where the search upwards ended; in a git worktree that is not the root
 */
export function foreignDirectories(
  system: System,
  place: { readonly root: string; readonly from: string | null; readonly upTo: string },
): readonly ForeignDirectory[] {
  const user = system.userId();
  const foreign: ForeignDirectory[] = [];
  for (const path of directoriesOf(place)) {
    for (const { uid, gid, mode } of statsOf(system, path))
      if (uid !== user && uid !== 0) foreign.push({ path, uid, gid, mode });
  }
  return foreign;
}

function directoriesOf(place: Parameters<typeof foreignDirectories>[1]): ReadonlySet<string> {
  const { root, from, upTo } = place;
  const paths = new Set([`${root === "/" ? "" : root}/.mai`, root]);
  if (from === null) return paths;
  for (let directory = from; ; directory = directory.slice(0, directory.lastIndexOf("/")) || "/") {
    paths.add(directory);
    if (directory === upTo || directory === "/") return paths;
  }
}

/** A symbolic link has two owners that matter: its own, and that of the directory it leads to. */
function statsOf(system: System, path: string): readonly Stats[] {
  try {
    const own = system.fs.lstatSync(path, { throwIfNoEntry: false });
    if (own === undefined) return [];
    return own.isSymbolicLink() ? [own, system.fs.statSync(path)] : [own];
  } catch (error) {
    // What may not be looked at is refused, with its reason, when it is read.
    if (isSystemError(error)) return [];
    throw error;
  }
}
