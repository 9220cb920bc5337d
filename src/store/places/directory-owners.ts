import type { Stats } from "node:fs";
import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../io-error.ts";
import type { System } from "../system.ts";
import { parentDirectory } from "./paths.ts";

/** A directory that belongs to neither the caller nor root. */
export interface ForeignDirectory {
  /** Absolute path. */
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/**
 * Returns the directories on the way to a project that belong to neither the caller nor root: `.mai`, `async`, the
 * directory that holds them, and those from the current directory up to the one where the search ended. Their owners can
 * put any file there, and exchange `.mai` itself. What is missing has no owner.
 * @param place.from the current directory where the project was found upwards; null where it was named
 * @param place.upTo where the search upwards ended; in a git worktree that is not the root
 * @param place.via the main work tree of git through which it was found; those from there up to the root count as well
 * @throws PROJECT_NOT_FOUND when `.mai` was found and is missing now: its next owner is not known yet
 */
export function foreignDirectories(
  system: System,
  place: {
    readonly root: string;
    readonly from: string | null;
    readonly upTo: string;
    readonly via: string;
    readonly found?: true;
  },
): readonly ForeignDirectory[] {
  const user = system.userId();
  const foreign: ForeignDirectory[] = [];
  for (const path of directoriesOf(place)) {
    const stats = statsOf(system, path);
    if (stats.length === 0 && place.found && path.endsWith("/.mai")) throw wentAway(place.root);
    for (const { uid, gid, mode } of stats)
      if (uid !== user && uid !== 0) foreign.push({ path, uid, gid, mode });
  }
  return foreign;
}

function directoriesOf(place: Parameters<typeof foreignDirectories>[1]): ReadonlySet<string> {
  const { root, from, upTo } = place;
  const prefix = root === "/" ? "/" : `${root}/`;
  const paths = new Set([`${prefix}.mai`, `${prefix}async`, root]);
  for (const path of between(place.via, root)) paths.add(path);
  if (from !== null) for (const path of between(from, upTo)) paths.add(path);
  return paths;
}

function between(below: string, above: string): readonly string[] {
  const paths = [below];
  for (let path = below; path !== above && path !== "/"; paths.push(path)) path = parentDirectory(path);
  return paths;
}

/**
 * A symbolic link has two owners that matter: its own, and that of the directory it leads to. A link that leads nowhere
 * may lead somewhere a moment later, so its own owner counts in any case.
 */
function statsOf(system: System, path: string): readonly Stats[] {
  const own = lookedAt(() => system.fs.lstatSync(path, { throwIfNoEntry: false }));
  if (own === null) return [];
  const target = own.isSymbolicLink() ? lookedAt(() => system.fs.statSync(path)) : null;
  return target === null ? [own] : [own, target];
}

/** What may not be looked at is refused, with its reason, when it is read. */
function lookedAt(look: () => Stats | undefined): Stats | null {
  try {
    return look() ?? null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function wentAway(root: string): MaiError {
  return new MaiError("PROJECT_NOT_FOUND", `The project in ${root} was removed just now.`, {
    hint: "Try again. To make a new project: mai init",
    fields: { path: root },
  });
}
