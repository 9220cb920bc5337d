import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { formatTimestamp } from "../../domain/time.ts";
import { faultText, isSystemError } from "../../store/io-error.ts";
import {
  changeRegistry,
  createHome,
  globalRoots,
  type Home,
  isHomeReady,
  type RegistryEntry,
  registeredProjects,
} from "../../store/places/home.ts";
import type { Call } from "../call.ts";

/** Creates the home with the operating-system user as root, where that was not done; a home that cannot be written is a warning. */
export function prepareHome(call: Call): void {
  const { home } = call;
  if (home === null) return;
  warnOnFailure(call, "The global home was not made", () => {
    if (!isHomeReady(home)) createHome(home, [call.osUser()], now(call));
  });
}

/** What `setup` answers. */
export interface SetupAnswer {
  readonly path: string;
  readonly root: readonly string[];
  readonly idempotent: boolean;
}

/**
 * Creates the home with these roots; null stands for whatever is there, else the operating-system user.
 * @throws ALREADY_EXISTS when it is there with other roots, NOT_FOUND without any home directory, or a system error
 */
export function setUpHome(call: Call, wanted: readonly string[] | null): Outcome<SetupAnswer> {
  const { home } = call;
  if (home === null) {
    throw new MaiError(
      "NOT_FOUND",
      "There is no home directory: neither HOME nor a password entry names one.",
      {
        hint: "Name one: MAI_HOME=DIRECTORY mai setup",
      },
    );
  }
  const root = wanted ?? [call.osUser()];
  const path = home.root;
  if (isHomeReady(home)) return settledHome(home, wanted);
  if (call.workspace.dryRun || createHome(home, root, now(call)))
    return { answer: { path, root, idempotent: false }, changed: true, pending: false };
  return settledHome(home, wanted);
}

/** Tells whether `setup` has something to ask for. */
export function needsSetup(call: Call): boolean {
  return call.home !== null && !isHomeReady(call.home);
}

function settledHome(home: Home, wanted: readonly string[] | null): Outcome<SetupAnswer> {
  const root = globalRoots(home);
  const path = home.root;
  if (wanted !== null && [...wanted].sort().join("\n") !== [...root].sort().join("\n")) {
    throw new MaiError(
      "ALREADY_EXISTS",
      `${path} is set up with other roots: ${root.join(", ") || "none"}.`,
      {
        hint: `Change "root" in ${path}/config.json by hand.`,
        fields: { path, root },
      },
    );
  }
  return { answer: { path, root, idempotent: true }, changed: false, pending: false };
}

/** Takes a project out of the registry; a registry that cannot be written is a warning. @returns whether it was there */
export function unregisterProject(call: Call, path: string): boolean {
  const { home } = call;
  let found = false;
  if (home === null) return found;
  warnOnFailure(call, "The project is still registered", () => {
    if (!registeredProjects(home).some((entry) => entry.path === path)) return;
    changeRegistry(home, (projects) => {
      found = projects.some((entry) => entry.path === path);
      return found ? projects.filter((entry) => entry.path !== path) : projects;
    });
  });
  return found;
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
    call.workspace.warn(`${what}: ${faultText(error)}`);
  }
}

function now(call: Call): string {
  const { clock } = call.workspace.system;
  return formatTimestamp(clock.nowMs(), clock);
}
