import type { Outcome } from "../../domain/outcome.ts";
import { isSystemError } from "../../store/io-error.ts";
import { changeRegistry, type RegistryEntry, registeredProjects } from "../../store/places/home.ts";
import { inDirectory } from "../../store/places/paths.ts";
import type { System } from "../../store/system.ts";
import type { Call } from "../call.ts";

/** An entry of the registry whose project is gone. */
export interface PrunedProject {
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
}

/**
 * Takes the projects that are gone out of the registry. One that may not be looked at stays.
 * @throws CONFIG_INVALID when the registry is not what mai writes, or a system error
 */
export function pruneProjects(call: Call): Outcome<readonly PrunedProject[]> {
  const { home, workspace } = call;
  const isGoneHere = ({ path }: RegistryEntry) => isGone(workspace.system, path);
  const gone = registeredProjects(home).filter(isGoneHere);
  if (home !== null && gone.length > 0 && !workspace.dryRun)
    changeRegistry(home, (projects) => projects.filter((entry) => !isGoneHere(entry)));
  const answer = gone.map(({ name, path }) => ({ name, path }));
  return { answer, changed: gone.length > 0, pending: false };
}

function isGone(system: System, path: string): boolean {
  try {
    return system.fs.lstatSync(inDirectory(path, ".mai"), { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    if (isSystemError(error)) return error.code === "ENOTDIR";
    throw error;
  }
}
