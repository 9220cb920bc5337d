import { trackedPaths } from "../../codec/git-index.ts";
import { readBytes, readText } from "../read-file.ts";
import type { System } from "../system.ts";
import { findRepository } from "./find-project.ts";
import { resolvePath } from "./paths.ts";

/** What git knows of a directory. */
export interface GitView {
  /** Files below the directory that git tracks, relative to it; null when the index cannot be read. */
  readonly tracked: readonly string[] | null;
}

/** Asks the repository around a directory what it tracks there, by reading its index; null outside of repositories. */
export function gitView(system: System, directory: string): GitView | null {
  const top = findRepository({ system, cwd: directory, home: null });
  if (top === null) return null;
  const git = gitDirectory(system, top);
  const index = readBytes(system.fs, `${git}/index`);
  if (index === null) return { tracked: [] };
  const prefix = directory === top ? "" : `${directory.slice(top === "/" ? 1 : top.length + 1)}/`;
  const paths = trackedPaths(index, hashBytes(system, git));
  return {
    tracked:
      paths?.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)) ?? null,
  };
}

/** A worktree or submodule has a file in place of the directory. */
function gitDirectory(system: System, top: string): string {
  const dotGit = `${top === "/" ? "" : top}/.git`;
  if (!system.fs.statSync(dotGit).isFile()) return dotGit;
  const named = /^gitdir: (.+)$/m.exec(readText(system.fs, dotGit) ?? "")?.[1];
  return named === undefined ? dotGit : resolvePath(top, named);
}

function hashBytes(system: System, git: string): 20 | 32 {
  const config = readText(system.fs, `${git}/config`) ?? "";
  return /^[ \t]*objectformat[ \t]*=[ \t]*sha256[ \t]*$/im.test(config) ? 32 : 20;
}
