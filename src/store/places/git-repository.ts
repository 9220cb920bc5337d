import { isSystemError } from "../io-error.ts";
import { readText } from "../read-file.ts";
import type { System } from "../system.ts";
import { kindOf, parentDirectory, realPath, resolvePath } from "./paths.ts";

/**
 * File in a git directory that names the work tree with the project, where git itself does not know that work tree: in
 * a repository made with `git init --separate-git-dir`.
 */
export const MAIN_WORK_TREE_FILE = "mai-work-tree";

/** Where all work trees of a repository have their project. */
export interface SharedPlace {
  /** Absolute path; null where git does not tell and nobody has run `mai init` in the main work tree. */
  readonly path: string | null;
}

/** What the `.git` file of a linked work tree comes to. */
export type LinkedWorkTree =
  /** No `.git` file of a linked work tree. */
  | { readonly kind: "none" }
  /** The repository knows this work tree: `worktrees/<name>/gitdir` names this very `.git`. */
  | ({ readonly kind: "linked" } & SharedPlace)
  /** The repository knows no such work tree, so that the file leads nowhere. */
  | { readonly kind: "unknown"; readonly common: string };

/**
 * Follows the `.git` file of a directory to the place that all work trees of its repository share. The way back is
 * checked: anybody can write a `.git` file that names somebody else's repository. Reads files only, and starts no git.
 * @param directory absolute path
 */
export function linkedWorkTree(system: System, directory: string): LinkedWorkTree {
  const git = gitDirectoryNamed(system, directory);
  const common = git === null ? null : commonDirectory(system, git);
  if (git === null || common === null) return { kind: "none" };
  const back = firstLine(system, `${git}/gitdir`);
  const isKnown =
    back !== null &&
    sameFile(system, resolvePath(git, back), `${directory}/.git`) &&
    sameFile(system, parentDirectory(git), `${common}/worktrees`);
  return isKnown ? { kind: "linked", path: mainWorkTree(system, common) } : { kind: "unknown", common };
}

/**
 * Returns the git directory that a main work tree names by a `.git` file, if that git directory cannot be followed back
 * to it; null for every other directory.
 */
export function unknownMainWorkTree(system: System, directory: string): string | null {
  const git = gitDirectoryNamed(system, directory);
  if (git === null || commonDirectory(system, git) !== null) return null;
  return mainWorkTree(system, git) === null ? git : null;
}

/** A git directory tells its main work tree by its own name, by `core.worktree`, by a `.git` file beside it, or not at all. */
function mainWorkTree(system: System, common: string): string | null {
  if (common.endsWith("/.git")) return parentDirectory(common);
  const config = readIfThere(system, `${common}/config`) ?? "";
  const configured = /^[ \t]*worktree[ \t]*=[ \t]*"?([^"\n]+?)"?[ \t]*$/m.exec(config)?.[1];
  const noted = firstLine(system, `${common}/${MAIN_WORK_TREE_FILE}`);
  const candidates = [
    ...(configured === undefined ? [] : [resolvePath(common, configured)]),
    ...(noted === null ? [] : [resolvePath(common, noted)]),
    parentDirectory(common),
  ];
  const found = candidates.find((path) => {
    const git = gitDirectoryNamed(system, path);
    return git !== null && sameFile(system, git, common);
  });
  if (found !== undefined) return found;
  return /^[ \t]*bare[ \t]*=[ \t]*true[ \t]*$/im.test(config) ? common : null;
}

/** Returns what the `.git` file of a directory names; null where there is no such file. */
function gitDirectoryNamed(system: System, directory: string): string | null {
  const dotGit = `${directory === "/" ? "" : directory}/.git`;
  if (kindOf(system, dotGit) !== "file") return null;
  const named = /^gitdir: (.+)$/m.exec(readIfThere(system, dotGit) ?? "")?.[1];
  return named === undefined ? null : resolvePath(directory, named.trimEnd());
}

function commonDirectory(system: System, git: string): string | null {
  const common = firstLine(system, `${git}/commondir`);
  return common === null ? null : resolvePath(git, common);
}

function firstLine(system: System, path: string): string | null {
  return readIfThere(system, path)?.split("\n", 1)[0]?.trimEnd() || null;
}

function readIfThere(system: System, path: string): string | null {
  try {
    return kindOf(system, path) === "file" ? readText(system.fs, path) : null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function sameFile(system: System, one: string, other: string): boolean {
  return one === other || realPath(system, one) === realPath(system, other);
}
