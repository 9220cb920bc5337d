import { MaiError } from "../../domain/errors.ts";
import type { System } from "../system.ts";
import { type Home, registeredProjects } from "./home.ts";
import { inDirectory, kindOf, parentDirectory, resolvePath } from "./paths.ts";

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
  /** Where the search ended: the root, or the linked work tree of git that led there. */
  readonly upTo: string;
  /** The main work tree through which the project was found; the root itself where git has no part in it. */
  readonly via: string;
  /** What the user should know about the way there; null for nothing. */
  readonly warning: string | null;
}

/**
 * Finds the project that a command is about: the one named (a path or a registered name), else the nearest one
 * upwards; in a linked work tree of git the one that a search in the main work tree finds.
 * @throws PROJECT_NOT_FOUND, AMBIGUOUS_ID for a name that two projects share
 */
export function findProject(place: SearchPlace, named: string | null): FoundProject {
  if (named !== null) {
    const root = namedProject(place, named);
    return { root, from: null, upTo: root, via: root, warning: null };
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
  const { system, cwd: from } = place;
  let warning: string | null = null;
  for (let upTo = from; ; upTo = parentDirectory(upTo)) {
    const git =
      kindOf(system, inDirectory(upTo, ".git")) === "file" ? followGitFile(system, upTo) : NO_GIT_FILE;
    warning ??= git.warning;
    const { shared } = git;
    if (shared !== null && hasProject(system, shared))
      return { root: shared, from, upTo, via: shared, warning };
    if (hasProject(system, upTo)) return { root: upTo, from, upTo, via: upTo, warning };
    const above = shared === null ? null : projectAbove(system, shared);
    if (shared !== null && above !== null) return { root: above, from, upTo, via: shared, warning };
    if (upTo === "/") return null;
  }
}

/** What the `.git` file of a directory says about where the project is. */
interface GitFile {
  /** The place that all work trees of the repository share. */
  readonly shared: string | null;
  readonly warning: string | null;
}

const NO_GIT_FILE: GitFile = { shared: null, warning: null };

/** Loaded late: most directories have no `.git`, or have a directory of that name. */
function followGitFile(system: System, directory: string): GitFile {
  const { linkedWorkTree }: typeof import("./git-repository.ts") = require("./git-repository.ts");
  const tree = linkedWorkTree(system, directory);
  if (tree.kind === "linked") return { shared: tree.path, warning: null };
  if (tree.kind === "none") return NO_GIT_FILE;
  const warning = `${inDirectory(directory, ".git")} names a work tree that ${tree.common} does not know, so mai does not look for the project there. If you moved this work tree, run: git worktree repair`;
  return { shared: null, warning };
}

/** Somebody who works in the main work tree finds a project above it as well. */
function projectAbove(system: System, mainWorkTree: string): string | null {
  for (let root = mainWorkTree; root !== "/"; ) {
    root = parentDirectory(root);
    if (hasProject(system, root)) return root;
  }
  return null;
}

/** Returns the nearest directory upwards that git knows as a work tree, null where there is none. */
export function findRepository(place: SearchPlace): string | null {
  for (let directory = place.cwd; ; directory = parentDirectory(directory)) {
    if (kindOf(place.system, inDirectory(directory, ".git")) !== null) return directory;
    if (directory === "/") return null;
  }
}

function namedProject(place: SearchPlace, named: string): string {
  const path = resolvePath(place.cwd, named);
  if (hasProject(place.system, path)) return path;
  const registered = registeredProjects(place.home).filter((entry) => entry.name === named);
  // An entry of a project that is gone is in nobody's way.
  const entries = registered.filter((entry) => hasProject(place.system, entry.path));
  const [first] = entries;
  if (first === undefined) throw notFound(named, registered[0]?.path ?? null);
  if (entries.length === 1) return first.path;
  const paths = entries.map((entry) => entry.path);
  throw new MaiError("AMBIGUOUS_ID", `${entries.length} projects are called ${named}: ${paths.join(", ")}`, {
    hint: "Name one by its path: --project PATH",
    fields: { project: named, paths },
  });
}

function notFound(named: string, registeredAt: string | null): MaiError {
  const fields = { project: named };
  return registeredAt === null
    ? new MaiError(
        "PROJECT_NOT_FOUND",
        `${named} is neither a directory with .mai/ nor a registered project.`,
        { hint: "See the registered ones: mai project list", fields },
      )
    : new MaiError(
        "PROJECT_NOT_FOUND",
        `${named} is registered at ${registeredAt}, and has no .mai/ there.`,
        {
          hint: "Name it by its path: --project PATH. To remove entries of projects that are gone: mai project prune",
          fields: { ...fields, path: registeredAt },
        },
      );
}

/** Tells whether a directory holds `.mai`. */
export function hasProject(system: System, directory: string): boolean {
  return kindOf(system, inDirectory(directory, ".mai")) !== null;
}
