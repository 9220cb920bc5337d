import { MaiError } from "../../domain/errors.ts";
import { faultText, isSystemError } from "../../store/io-error.ts";
import { hasProject } from "../../store/places/find-project.ts";
import {
  linkedWorkTree,
  MAIN_WORK_TREE_FILE,
  unknownMainWorkTree,
} from "../../store/places/git-repository.ts";
import { readUserText, replaceUserFile } from "../../store/user-file.ts";
import type { Call } from "../call.ts";

/**
 * Returns where a project made in this directory belongs: a linked work tree of git shares the one of the main work
 * tree. A directory that is a project of its own, in a repository without a shared one, stays one.
 * @throws INVALID_STATE where git does not tell the main work tree
 */
export function placeForProject(call: Call): string {
  const { system, root } = call.workspace;
  const tree = linkedWorkTree(system, root);
  if (tree.kind !== "linked") return root;
  if (tree.path !== null && hasProject(system, tree.path)) return tree.path;
  if (hasProject(system, root)) return root;
  if (tree.path !== null) return tree.path;
  throw new MaiError("INVALID_STATE", `git does not tell the main work tree of ${root}.`, {
    hint: "Its repository was made with --separate-git-dir. Run mai init in its main work tree first.",
    fields: { path: root },
  });
}

/**
 * Notes the work tree with the project in a git directory that does not know it, so that linked work trees find it. A
 * note that cannot be written is a warning.
 */
export function noteMainWorkTree(call: Call): void {
  const { system, root, warn } = call.workspace;
  const git = unknownMainWorkTree(system, root);
  if (git === null) return;
  try {
    const directory = { root: git, system };
    if (readUserText(directory, MAIN_WORK_TREE_FILE) !== `${root}\n`)
      replaceUserFile(call.workspace, directory, { name: MAIN_WORK_TREE_FILE, text: `${root}\n` });
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof MaiError)) throw error;
    warn(`Other work trees of this repository do not find the project: ${faultText(error)}`);
  }
}
