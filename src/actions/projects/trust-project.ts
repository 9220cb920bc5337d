import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { foreignDirectories } from "../../store/places/directory-owners.ts";
import { searchUpwards } from "../../store/places/find-project.ts";
import { type Home, isOwnHome } from "../../store/places/home.ts";
import { realPath, resolvePath } from "../../store/places/paths.ts";
import { changeTrusted, type TrustedProject, trustedProjects, trustOf } from "../../store/places/trust.ts";

export type { TrustedProject } from "../../store/places/trust.ts";

import type { Call } from "../call.ts";

/** What `project trust` answers. */
export interface TrustAnswer {
  readonly project: TrustedProject;
  readonly idempotent: boolean;
}

/**
 * Returns the projects of other people that the user trusts.
 * @throws CONFIG_INVALID when the list is not what mai writes
 */
export function listTrusted(call: Call): readonly TrustedProject[] {
  return call.home === null || !isOwnHome(call.home) ? [] : trustedProjects(call.home);
}

/**
 * Trusts a project, or a directory in which one is to be made, with the people that it belongs to now.
 * @param path the directory, relative to `cwd`; null for the project at hand, else the current directory
 * @throws PROJECT_NOT_FOUND where there is no such directory, PERMISSION_DENIED without a home of the user's own
 */
export function trustProject(call: Call, cwd: string, path: string | null): Outcome<TrustAnswer> {
  const home = requireOwnHome(call);
  const { system } = call.workspace;
  const wished = path === null ? (searchUpwards({ system, cwd, home })?.root ?? cwd) : resolvePath(cwd, path);
  const root = realPath(system, wished);
  if (system.fs.lstatSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) throw noDirectory(root);
  const isInside = cwd === root || cwd.startsWith(root === "/" ? "/" : `${root}/`);
  const foreign = foreignDirectories(system, { root, from: isInside ? cwd : null, upTo: root, via: root });
  const known = trustedProjects(home).find((trusted) => trusted.path === root);
  const wanted = joined(trustOf(root, foreign), known);
  if (known !== undefined && Bun.deepEquals(known, wanted)) return settled(known);
  if (!call.workspace.dryRun)
    changeTrusted(home, (projects) => [...projects.filter((trusted) => trusted.path !== root), wanted]);
  return { answer: { project: wanted, idempotent: false }, changed: true, pending: false };
}

/**
 * Takes the trust in a project back.
 * @param path the directory, relative to `cwd`; it need not be there any more
 * @throws PERMISSION_DENIED without a home of the user's own
 */
export function distrustProject(call: Call, cwd: string, path: string): Outcome<TrustAnswer> {
  const home = requireOwnHome(call);
  const root = realPath(call.workspace.system, resolvePath(cwd, path));
  const known = trustedProjects(home).find((trusted) => trusted.path === root);
  if (known === undefined) return settled({ path: root, owners: [], group: null });
  if (!call.workspace.dryRun)
    changeTrusted(home, (projects) => projects.filter((trusted) => trusted.path !== root));
  return { answer: { project: known, idempotent: false }, changed: true, pending: false };
}

function settled(project: TrustedProject): Outcome<TrustAnswer> {
  return { answer: { project, idempotent: true }, changed: false, pending: false };
}

/** Trusting a project again, from a directory of somebody else, adds that person. */
function joined(trusted: TrustedProject, known: TrustedProject | undefined): TrustedProject {
  if (known === undefined) return trusted;
  const owners = [...new Set([...known.owners, ...trusted.owners])].toSorted((a, b) => a - b);
  return { ...trusted, owners, group: trusted.group ?? known.group };
}

function requireOwnHome({ home }: Call): Home {
  if (home !== null && isOwnHome(home)) return home;
  const where = home === null ? "There is no home directory" : `${home.root} is not your own`;
  throw new MaiError("PERMISSION_DENIED", `${where}, so nothing can be trusted there.`, {
    hint: "Name a home of your own with MAI_HOME=DIRECTORY, or trust for one command: MAI_TRUST=PATH",
    fields: { path: home?.root ?? null },
  });
}

function noDirectory(path: string): MaiError {
  return new MaiError("PROJECT_NOT_FOUND", `${path} is not a directory.`, {
    hint: "Name the directory that holds .mai/: mai project trust PATH",
    fields: { path },
  });
}
