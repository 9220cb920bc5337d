import { formatConfigFile, newConfigFile } from "../../codec/config-file.ts";
import { editJson } from "../../codec/json-edit.ts";
import { MaiError } from "../../domain/errors.ts";
import { GIT_FILES } from "../../domain/git-files.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { formatTimestamp } from "../../domain/time.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { makeDirectory } from "../../store/directories.ts";
import { withPinned } from "../../store/pinned/pinned-file-system.ts";
import { findRepository, searchUpwards } from "../../store/places/find-project.ts";
import { sweepTombstones } from "../../store/places/finish-deletion.ts";
import { globalRoots } from "../../store/places/home.ts";
import { isNewProject } from "../../store/places/probe-project.ts";
import { CONFIG_PATH } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { modesAreShared, saysSharedModes } from "../../store/shared-modes.ts";
import type { System } from "../../store/system.ts";
import { actorOf, type Call } from "../call.ts";
import { readTeam, requireAdministrator } from "../team.ts";
import { prepareHome, registerProject } from "./global-home.ts";
import { noteMainWorkTree, placeForProject } from "./work-trees.ts";

/** What `init` answers. */
export interface InitAnswer {
  readonly name: string;
  readonly path: string;
  readonly root: readonly string[];
  readonly idempotent: boolean;
  /** The linked work tree of git in which it was asked for: the project lies where all work trees share it. */
  readonly workTree?: string;
}

/** How a project is made. */
export interface InitOptions {
  /** Also in `/` or the home. */
  readonly sure: boolean;
  /** What a new project's changes survive: a power cut too, or only a killed process. */
  readonly durability: "full" | "process";
  /** Also where modes have no effect, and everybody may write. */
  readonly sharedModes: boolean;
}

/**
 * Makes the workspace's directory a project and registers it; in a linked work tree of git, the main work tree. Doing it
 * again changes nothing.
 * @throws INVALID_STATE in a work tree whose main work tree git does not tell, PERMISSION_DENIED when roots are configured and the operator is none, NON_INTERACTIVE in `/` or the home
 */
export function initProject(caller: Call, options: InitOptions): Outcome<InitAnswer> {
  const root = placeForProject(caller);
  const call: Call = { ...caller, workspace: { ...caller.workspace, root } };
  const { answer, ...outcome } = initHere(call, options);
  if (!call.workspace.dryRun) noteMainWorkTree(call);
  const { root: asked } = caller.workspace;
  return { ...outcome, answer: { ...answer, ...(root === asked ? {} : { workTree: asked }) } };
}

function initHere(caller: Call, options: InitOptions): Outcome<InitAnswer> {
  caller.requireOwn(caller.workspace.root);
  const call = withModesChecked(caller, options);
  const { workspace } = call;
  const isNew = isNewProject(workspace);
  if (isNew) refuseOddPlaces(call, options.sure);
  if (isNew) requireFounder(call);
  if (isNew && workspace.dryRun) return dryAnswer(call);
  if (isNew) warnOfOuterProject(call);
  // What a deletion was interrupted in goes before something new stands beside it.
  for (const backup of isNew ? sweepTombstones(workspace) : [])
    workspace.warn(`A deletion that was interrupted here is finished; its backup is ${backup}`);
  if (isNew) withPinned(workspace, (pinned) => makeDirectory(pinned, ".mai", true));
  // Somebody else may have been faster, in a directory that everybody may write.
  if (isNew) call.requireOwn(workspace.root);
  const outcome = changeProject(workspace, "init", (view) => plan(view, call, options));
  if (!workspace.dryRun) {
    prepareHome(call);
    registerProject(call, { name: outcome.answer.name, path: workspace.root });
  }
  return outcome;
}

function plan(view: ProjectView, call: Call, { durability }: InitOptions) {
  const { workspace } = call;
  if (view.exists(CONFIG_PATH)) {
    const { config } = readTeam(view, call);
    const name = config.name || baseName(workspace.root);
    const answer = { name, path: workspace.root, root: config.roots, idempotent: true };
    const text = view.read(CONFIG_PATH) ?? "";
    if (workspace.sharedModes === undefined || saysSharedModes(text)) return { answer, changes: null };
    return { answer: { ...answer, idempotent: false }, changes: modesAccepted(view, call, text) };
  }
  const atMs = view.clock.nowMs();
  const actor = actorOf(call);
  const name = baseName(workspace.root);
  const accepted = workspace.sharedModes === undefined ? {} : { allow_shared_modes: true };
  const initializedAt = formatTimestamp(atMs, view.clock);
  const file = { ...newConfigFile({ name, initializedAt, root: [actor], durability }), ...accepted };
  return {
    answer: { name, path: workspace.root, root: [actor], idempotent: false },
    changes: {
      atMs,
      durable: durability === "full",
      files: [{ path: CONFIG_PATH, text: formatConfigFile(file) }, ...gitFiles(call)],
      history: [{ actor, event: "project_init", summary: `Project ${name} initialized` }],
      events: [{ type: "project.created" as const, actor, data: { name } }],
    },
  };
}

/** An older project, or one that was moved to where modes have no effect. */
function modesAccepted(view: ProjectView, call: Call, text: string) {
  requireAdministrator(call, readTeam(view, call));
  const actor = actorOf(call);
  return {
    atMs: view.clock.nowMs(),
    durable: true,
    files: [{ path: CONFIG_PATH, text: editJson(text, { path: ["allow_shared_modes"], value: true }) }],
    history: [{ actor, event: "config_change", summary: "Settings changed: allow_shared_modes null → true" }],
    events: [],
  };
}

/** Finds out before anything is made whether modes have an effect here; a dry run makes no file to try it. */
function withModesChecked(call: Call, { sharedModes }: InitOptions): Call {
  const { root, system, dryRun } = call.workspace;
  if (dryRun || !(sharedModes || isNewProject(call.workspace))) return call;
  if (!modesAreShared(system, nearestDirectory(system, root))) return call;
  if (sharedModes) return { ...call, workspace: { ...call.workspace, sharedModes: "allowed" } };
  throw new MaiError(
    "PERMISSION_DENIED",
    `Everybody may write to every file in ${root}, and chmod does not change that: other users of this machine could change the project.`,
    {
      hint: "Make the project on a file system with modes; in WSL in a directory below ~, not /mnt/c. At your own risk: mai init --allow-shared-modes",
      fields: { path: root },
    },
  );
}

/** `project init` makes the directory itself, too. */
function nearestDirectory(system: System, path: string): string {
  if (system.fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) return path;
  return nearestDirectory(system, path.slice(0, path.lastIndexOf("/")) || "/");
}

function gitFiles(call: Call): readonly FileEdit[] {
  const { root, system } = call.workspace;
  if (findRepository({ system, cwd: root, home: null }) === null) return [];
  return GIT_FILES.map(({ path, lines }) => ({ path, text: `${lines.join("\n")}\n` }));
}

/** A dry run may not even make the directory that a reading would need. */
function dryAnswer(call: Call): Outcome<InitAnswer> {
  const { root } = call.workspace;
  const answer = { name: baseName(root), path: root, root: [actorOf(call)], idempotent: false };
  return { answer, changed: true, pending: false };
}

function refuseOddPlaces(call: Call, sure: boolean): void {
  const { root } = call.workspace;
  const isHome = call.home !== null && `${root}/.mai-cli` === call.home.root;
  if (sure || (root !== "/" && !isHome)) return;
  throw new MaiError("NON_INTERACTIVE", `${root} is an odd place for a project.`, {
    hint: "Go into the project's own directory, or say so: mai init --yes",
    fields: { path: root },
  });
}

/** While no root is configured anywhere, anybody may start a project; a root may start one for whom it names. */
function requireFounder(call: Call): void {
  const roots = globalRoots(call.home);
  const actor = actorOf(call);
  if (roots.length === 0 || roots.includes(actor) || roots.includes(call.osUser())) return;
  throw new MaiError(
    "PERMISSION_DENIED",
    `@${actor} may not make a project: only a root (${roots.join(", ")}) may.`,
    {
      hint: "Sign as one of them with -o NAME.",
      fields: { operator: actor, roots },
    },
  );
}

function warnOfOuterProject(call: Call): void {
  const { system, root, warn } = call.workspace;
  const outer = searchUpwards({ system, cwd: root, home: call.home });
  if (outer !== null && outer.root !== root) warn(`This project lies inside another one: ${outer.root}`);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1) || "root";
}
