import { MaiError } from "../domain/errors.ts";
import { isSystemError } from "./io-error.ts";
import { resolvePath } from "./places/paths.ts";
import type { System } from "./system.ts";

const ANY_EXECUTE_BIT = 0o111;

/**
 * Finds the program that the first word of a command means: a path when it has a slash, else the first on PATH.
 * @param place.path the variable PATH; without it no bare name is found
 * @returns absolute path
 * @throws COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE
 */
export function findExecutable(
  name: string,
  place: { readonly system: System; readonly cwd: string; readonly path: string | undefined },
): string {
  const { system, cwd, path = "" } = place;
  const directories = path === "" ? [] : path.split(":");
  const candidates = name.includes("/")
    ? [resolvePath(cwd, name)]
    : directories.map((directory) => resolvePath(cwd, `${directory || "."}/${name}`));
  const found = name === "" || name.includes("\0") ? [] : candidates.filter((file) => isFile(system, file));
  const executable = found.find((file) => isExecutable(system, file));
  if (executable !== undefined) return executable;
  const [other] = found;
  if (other !== undefined) {
    throw new MaiError("COMMAND_NOT_EXECUTABLE", `${other} cannot be executed.`, {
      hint: `chmod +x ${other}, or name the program that runs it.`,
      fields: { command: name },
    });
  }
  throw new MaiError("COMMAND_NOT_FOUND", `There is no program ${JSON.stringify(name)}.`, {
    hint: name.includes("/") ? "Check the path." : "It is on no directory of PATH; check the spelling.",
    fields: { command: name },
  });
}

function isFile(system: System, path: string): boolean {
  return modeOf(system, path)?.isFile() === true;
}

function isExecutable(system: System, path: string): boolean {
  return ((modeOf(system, path)?.mode ?? 0) & ANY_EXECUTE_BIT) !== 0;
}

function modeOf(system: System, path: string) {
  try {
    return system.fs.statSync(path);
  } catch (error) {
    if (isSystemError(error)) return null; // What cannot even be looked at cannot be run.
    throw error;
  }
}
