import { replaceFile } from "./change/replace-file.ts";
import { checkWritePlaces, lstatOrNull } from "./directories.ts";
import { isSystemError } from "./io-error.ts";
import { takeMutex } from "./lock/mutex.ts";
import { TEMP_DIRECTORY } from "./project-paths.ts";
import { readText } from "./read-file.ts";
import type { System } from "./system.ts";
import type { Workspace } from "./workspace.ts";

/** A directory that belongs to users, not to mai. */
export interface UserDirectory {
  /** Absolute path. */
  readonly root: string;
  readonly system: System;
}

/** Tells what stands under a name, without following a symbolic link. */
export function kindOfUserFile(directory: UserDirectory, name: string): "file" | "none" | "other" {
  const stat = lstatOrNull(directory, name);
  if (stat === null) return "none";
  return stat.isFile() ? "file" : "other";
}

/** Reads a file of users; null when there is none. @throws CORRUPT_FILE when it is no UTF-8 or no regular file */
export function readUserText(directory: UserDirectory, name: string): string | null {
  return readText(directory.system.fs, `${directory.root}/${name}`);
}

/**
 * Replaces a file of users whole. Its temp file lies in that directory of the project which the next change sweeps,
 * and the mutex keeps others from sweeping it meanwhile: killed at whatever moment, nothing stays beside the file.
 */
export function replaceUserFile(
  workspace: Workspace,
  directory: UserDirectory,
  file: { readonly name: string; readonly text: string },
): void {
  checkWritePlaces(workspace, [`${TEMP_DIRECTORY}/any`]);
  const mutex = takeMutex(workspace);
  try {
    if (directory.root === workspace.root) replaceFile(mutex.place, file.name, file.text, true);
    else replaceElsewhere(workspace, `${directory.root}/${file.name}`, file.text);
  } finally {
    mutex.release();
  }
}

/** From the very root, so that directories that are missing are made all the way. */
function replaceElsewhere({ root, system }: Workspace, path: string, text: string): void {
  const place = { root: "", system, tempDirectory: `${root}/${TEMP_DIRECTORY}`.slice(1) };
  replaceFile(place, path.slice(1), text, true);
}

/** Removes a file of users; one that is gone is fine. */
export function removeUserFile({ root, system }: UserDirectory, name: string): void {
  try {
    system.fs.unlinkSync(`${root}/${name}`);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}
