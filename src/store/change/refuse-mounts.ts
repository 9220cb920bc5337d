import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../io-error.ts";
import { readBytes } from "../read-file.ts";
import { decodeLossy } from "../utf8.ts";
import type { Workspace } from "../workspace.ts";

const MOUNTS = "/proc/self/mountinfo";

/**
 * Refuses to replace a file that is a mount of its own, as containers are given single files: nothing can be renamed to
 * it. Where the machine has no list of mounts, it is found out when the change is applied.
 * @param paths of files that will be replaced, from the root
 * @throws IO_ERROR
 */
export function refuseMounts(
  { system: { pins } }: Pick<Workspace, "system">,
  paths: readonly string[],
): void {
  if (pins === undefined || process.platform !== "linux") return;
  const { fs } = pins.byPath;
  const mounts = mountsOf(fs);
  const root = escaped(fs.readlinkSync(`/proc/self/fd/${pins.descriptor("")}`));
  const prefix = ` ${root === "/" ? "" : root}/`;
  if (!mounts.includes(prefix)) return;
  const path = paths.find((each) => mounts.includes(`${prefix}${escaped(each)} `));
  if (path === undefined) return;
  throw new MaiError("IO_ERROR", `${path} is a mount of its own, and cannot be replaced.`, {
    hint: "Nothing was changed. Mount the directory in place of the file, then repeat the command.",
    fields: { path },
  });
}

function mountsOf(fs: Workspace["system"]["fs"]): string {
  try {
    return decodeLossy(readBytes(fs, MOUNTS) ?? new Uint8Array());
  } catch (error) {
    if (isSystemError(error)) return "";
    throw error;
  }
}

/** Writes a path as the kernel does in this list. */
function escaped(path: string): string {
  return path.replace(
    /[ \t\n\\]/g,
    (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}
