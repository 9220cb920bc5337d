import { MaiError } from "../../domain/errors.ts";
import { didYouMean } from "../../domain/nearest.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { lstatOrNull } from "../../store/directories.ts";
import { faultText } from "../../store/io-error.ts";
import { deleteProject } from "../../store/places/delete-project.ts";
import { hasProject } from "../../store/places/find-project.ts";
import { sweepTombstones, tombstones } from "../../store/places/finish-deletion.ts";
import { registeredProjects } from "../../store/places/home.ts";
import { resolvePath } from "../../store/places/paths.ts";
import { issueIds, queueNames } from "../../store/reading/issue-files.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { readTeam, readTeamForChange, requireAdministrator } from "../team.ts";
import { unregisterProject } from "./global-home.ts";

/** A project that is about to be deleted. */
export interface DoomedProject {
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  /** `whole`; `remains` of an interrupted deletion; or only `registered`, with nothing on disk. */
  readonly state: "whole" | "remains" | "registered";
  readonly issues: number;
}

/** What `project delete` answers. */
export interface DeletedProject {
  readonly name: string;
  readonly path: string;
  /** Absolute path of the backup; null where none was wanted, or there was nothing to back up. */
  readonly backup: string | null;
}

/**
 * Finds the project that a path or a registered name means.
 * @param target.cwd what a relative path is relative to
 * @throws PROJECT_NOT_FOUND, AMBIGUOUS_ID when there are several, PERMISSION_DENIED to anybody but a root, or for a project of
 * other people
 */
export function findDoomedProject(
  call: Call,
  target: { readonly cwd: string; readonly text: string },
): DoomedProject {
  const path = resolvePath(target.cwd, target.text);
  const entries = registeredProjects(call.home).filter(
    (entry) => entry.name === target.text || entry.path === path,
  );
  const all = [...new Set([path, ...entries.map((entry) => entry.path)])];
  const here = all.filter((one) => isProject(call, one));
  // Entries of projects that are gone are asked for only where there is nothing else.
  const paths = here.length > 0 ? here : all.filter((one) => entries.some((entry) => entry.path === one));
  const [only] = paths;
  if (only === undefined) throw notFound(call, target.text);
  if (paths.length > 1) throw ambiguous(target.text, paths);
  call.requireOwn(only);
  const name = entries.find((entry) => entry.path === only)?.name ?? baseName(only);
  return looked(callOn(call, only), name);
}

/**
 * Deletes a project: `.mai` and `async`, and its entry in the registry. Killed in the middle, it is either whole or
 * gone; what is left of one that is gone is removed by doing this again, or by `init` in the same place.
 * @throws PERMISSION_DENIED, CONFIG_INVALID, FORMAT_TOO_NEW, or a system error: then nothing changed
 */
export function deleteDoomed(
  caller: Call,
  doomed: DoomedProject,
  wanted: { readonly backup: "made" | "none" },
): Outcome<DeletedProject> {
  const call = callOn(caller, doomed.path);
  const { workspace } = call;
  if (doomed.state !== "whole") return deletedRemains(call, doomed);
  const { backup, leftover, fault } = deleteProject(workspace, {
    check: (view) => requireAdministrator(call, readTeamForChange(view, call)),
    backup: wanted.backup,
  });
  const answer = answerOf(doomed, backup);
  if (!workspace.dryRun) unregisterProject(call, doomed.path);
  if (fault === null) return { answer, changed: true, pending: false };
  workspace.warn(`The project is deleted, but ${doomed.path}/${leftover} is left: ${faultText(fault)}`);
  return { answer, changed: true, pending: true };
}

function deletedRemains(call: Call, doomed: DoomedProject): Outcome<DeletedProject> {
  const { workspace } = call;
  if (workspace.dryRun) return { answer: answerOf(doomed, null), changed: true, pending: false };
  const backups = sweepTombstones(workspace);
  unregisterProject(call, doomed.path);
  return { answer: answerOf(doomed, backups.at(-1) ?? null), changed: true, pending: false };
}

function answerOf({ name, path }: DoomedProject, backup: string | null): DeletedProject {
  return { name, path, backup: backup === null ? null : `${path === "/" ? "" : path}/${backup}` };
}

/** Only what is known not to be there is gone: a project that may not be looked at is an error. */
function looked(call: Call, name: string): DoomedProject {
  const { root: path } = call.workspace;
  if (lstatOrNull(call.workspace, ".mai") === null) {
    const state = tombstones(call.workspace).length > 0 ? "remains" : "registered";
    return { name, path, state, issues: 0 };
  }
  return readProject(call.workspace, (view) => {
    const team = readTeam(view, call);
    requireAdministrator(call, team);
    const issues = queueNames(view, team.config).reduce(
      (sum, queue) => sum + issueIds(view, queue).length,
      0,
    );
    return { name: team.config.name || name, path, state: "whole", issues };
  });
}

function isProject(call: Call, path: string): boolean {
  const { system } = call.workspace;
  return hasProject(system, path) || tombstones({ root: path, system }).length > 0;
}

function callOn(call: Call, root: string): Call {
  return { ...call, workspace: { ...call.workspace, root } };
}

function notFound(call: Call, text: string): MaiError {
  const names = registeredProjects(call.home).map((entry) => entry.name);
  return new MaiError(
    "PROJECT_NOT_FOUND",
    `${text} is neither a directory with .mai/ nor a registered project.`,
    { hint: didYouMean(text, names, "mai project list"), fields: { project: text } },
  );
}

function ambiguous(text: string, paths: readonly string[]): MaiError {
  return new MaiError("AMBIGUOUS_ID", `${text} means ${paths.length} projects: ${paths.join(", ")}`, {
    hint: `Name one by its path: mai project delete ${paths[0]}`,
    fields: { project: text, paths },
  });
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1) || "root";
}
