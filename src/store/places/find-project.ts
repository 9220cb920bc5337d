import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../io-error.ts";
import { readText } from "../read-file.ts";
import type { System } from "../system.ts";
import { type Home, registeredProjects } from "./home.ts";

/** Where a search starts. */
export interface SearchPlace {
  readonly system: System;
  /** Absolute path. */
  readonly cwd: string;
  readonly home: Home | null;
}

/** A project, and the way to it. */
export interface FoundProject {
  /** Absolute path of the directory that holds `.mai/`. */
  readonly root: string;
  /** Where the search upwards started; null for a project that was named. */
  readonly from: string | null;
  /** Where the search ended: the root, or the git worktree that led there. */
  readonly upTo: string;
}

/**
 * Finds the project that a command is about: the one named (a path or a registered name), else the nearest one
 * upwards; in a git worktree the one beside the common git directory, which all worktrees share.
 * @throws PROJECT_NOT_FOUND, AMBIGUOUS_ID for a name that two projects share
 */
export function findProject(place: SearchPlace, named: string | null): FoundProject {
  if (named !== null) {
    const root = namedProject(place, named);
    return { root, from: null, upTo: root };
  }
  const found = searchUpwards(place);
  if (found !== null) return found;
  throw new MaiError(
    "PROJECT_NOT_FOUND",
    `No project here: neither ${place.cwd} nor a directory above it has .mai/.`,
    {
      hint: "Make one: mai init. Or name one: --project PATH",
      fields: { cwd: place.cwd },
    },
  );
}

/** Returns the nearest project upwards of the current directory, null where there is none. */
export function searchUpwards(place: SearchPlace): FoundProject | null {
  const from = place.cwd;
  for (let upTo = from; ; upTo = parent(upTo)) {
    const shared = sharedByWorktrees(place.system, upTo);
    if (shared !== null && hasProject(place.system, shared)) return { root: shared, from, upTo };
    if (hasProject(place.system, upTo)) return { root: upTo, from, upTo };
    if (upTo === "/") return null;
  }
}

/** Returns the nearest directory upwards that git knows as a work tree, null where there is none. */
export function findRepository(place: SearchPlace): string | null {
  for (let directory = place.cwd; ; directory = parent(directory)) {
    if (kindOf(place.system, `${join(directory)}.git`) !== null) return directory;
    if (directory === "/") return null;
  }
}

/** Returns the absolute form of a path that may be relative to `cwd`, without `.` and `..`. @throws INVALID_NAME */
export function resolvePath(cwd: string, path: string): string {
  if (path.includes("\0")) throw new MaiError("INVALID_NAME", "A path cannot hold a NUL character.");
  const parts: string[] = [];
  for (const part of `${path.startsWith("/") ? "" : `${cwd}/`}${path}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Returns a path without symbolic links; the path itself where it leads nowhere. */
export function realPath(system: System, path: string): string {
  try {
    return system.fs.realpathSync(path);
  } catch (error) {
    if (isSystemError(error)) return path;
    throw error;
  }
}

function namedProject(place: SearchPlace, named: string): string {
  const path = resolvePath(place.cwd, named);
  if (hasProject(place.system, path)) return path;
  const entries = registeredProjects(place.home).filter((entry) => entry.name === named);
  const [first] = entries;
  if (first === undefined || (entries.length === 1 && !hasProject(place.system, first.path))) {
    throw new MaiError(
      "PROJECT_NOT_FOUND",
      `${named} is neither a directory with .mai/ nor a registered project.`,
      {
        hint: "See the registered ones: mai project list",
        fields: { project: named },
      },
    );
  }
  if (entries.length === 1) return first.path;
  const paths = entries.map((entry) => entry.path);
  throw new MaiError("AMBIGUOUS_ID", `${entries.length} projects are called ${named}: ${paths.join(", ")}`, {
    hint: "Name one by its path: --project PATH",
    fields: { project: named, paths },
  });
}

/** A worktree's `.git` is a file that names a directory, whose `commondir` leads to the repository. */
function sharedByWorktrees(system: System, directory: string): string | null {
  const dotGit = `${join(directory)}.git`;
  if (kindOf(system, dotGit) !== "file") return null;
  const gitDirectory = /^gitdir: (.+)$/m.exec(readText(system.fs, dotGit) ?? "")?.[1];
  if (gitDirectory === undefined) return null;
  const worktree = resolvePath(directory, gitDirectory);
  const common = readText(system.fs, `${worktree}/commondir`);
  return common === null ? null : parent(resolvePath(worktree, common.trimEnd()));
}

/** Tells whether a directory holds `.mai`. */
export function hasProject(system: System, directory: string): boolean {
  return kindOf(system, `${join(directory)}.mai`) !== null;
}

/** What stat(2) says of a path under which there is nothing for us. */
const NOTHING_THERE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EACCES", "ENAMETOOLONG"]);

function kindOf(system: System, path: string): "file" | "directory" | null {
  try {
    const stat = system.fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    return stat.isFile() ? "file" : "directory";
  } catch (error) {
    if (isSystemError(error) && NOTHING_THERE.has(error.code)) return null;
    throw error;
  }
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function join(directory: string): string {
  return directory === "/" ? "/" : `${directory}/`;
}
