import { MaiError } from "../domain/errors.ts";
import { formatTimestamp } from "../domain/time.ts";
import { changeRegistry, createHome, isHomeReady, type RegistryEntry } from "../store/home.ts";
import { isSystemError } from "../store/io-error.ts";
import type { Call } from "./call.ts";

/** Creates the home with the operating-system user as root, where that was not done; a home that cannot be written is a warning. */
export function prepareHome(call: Call): void {
  const { home } = call;
  if (home === null) return;
  warnOnFailure(call, "The global home was not made", () => {
    if (!isHomeReady(home)) createHome(home, [call.osUser()], now(call));
  });
}

/** Puts a project into the registry; a registry that cannot be written is a warning. */
export function registerProject(call: Call, project: { readonly name: string; readonly path: string }): void {
  const { home } = call;
  if (home === null) {
    call.workspace.warn("There is no home directory, so the project is not registered by name.");
    return;
  }
  warnOnFailure(call, "The project is not registered by name", () => {
    changeRegistry(home, (projects) => withProject(projects, project, now(call)));
  });
}

function withProject(
  projects: readonly RegistryEntry[],
  project: { readonly name: string; readonly path: string },
  createdAt: string,
): readonly RegistryEntry[] {
  if (projects.some((entry) => entry.path === project.path)) return projects;
  return [...projects, { ...project, description: "", agents: [], created_at: createdAt }];
}

function warnOnFailure(call: Call, what: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof MaiError)) throw error;
    call.workspace.warn(`${what}: ${error.message}`);
  }
}

function now(call: Call): string {
  const { clock } = call.workspace.system;
  return formatTimestamp(clock.nowMs(), clock);
}
