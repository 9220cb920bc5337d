import { replaceFile } from "./change/replace-file.ts";
import { lstatOrNull, parentOf } from "./directories.ts";
import { isSystemError } from "./io-error.ts";
import { readText } from "./read-file.ts";
import type { System } from "./system.ts";

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
 * Replaces a file of users whole. Its temp file lies beside it: the project's own temp directory is swept by every
 * change of others.
 */
export function replaceUserFile(directory: UserDirectory, name: string, text: string): void {
  // From the very root, so that directories that are missing are made all the way.
  const path = `${directory.root}/${name}`.slice(1);
  replaceFile({ root: "", system: directory.system, tempDirectory: parentOf(path) }, path, text, true);
}

/** Removes a file of users; one that is gone is fine. */
export function removeUserFile({ root, system }: UserDirectory, name: string): void {
  try {
    system.fs.unlinkSync(`${root}/${name}`);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}
