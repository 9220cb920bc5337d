import { isSystemError } from "./io-error.ts";
import { walkProject } from "./places/walk-project.ts";
import type { System } from "./system.ts";

const NAME_BYTES = 4;

/** Makes a directory of a random name in another one. @returns its absolute path, symbolic links resolved */
export function makeScratchDirectory(system: System, parent: string, prefix: string): string {
  const base = system.fs.realpathSync(parent);
  const path = `${base === "/" ? "" : base}/${prefix}${system.randomBytes(NAME_BYTES).toHex()}`;
  system.fs.mkdirSync(path, { mode: 0o700 });
  return path;
}

/** Removes a directory with everything below it; follows no symbolic link. */
export function removeScratchDirectory(system: System, path: string): void {
  const { entries } = walkProject({ root: path, system }, ["."]);
  for (const { path: inner, kind } of entries.toReversed()) {
    const name = inner === "." ? path : `${path}/${inner.slice(2)}`;
    try {
      if (kind === "directory") system.fs.rmdirSync(name);
      else system.fs.unlinkSync(name);
    } catch (error) {
      if (!isSystemError(error, "ENOENT")) throw error;
    }
  }
}
