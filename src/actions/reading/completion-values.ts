import { MaiError } from "../../domain/errors.ts";
import { isFinished } from "../../domain/issue.ts";
import { settingKeys } from "../../domain/setting-keys.ts";
import { isUnassigned } from "../../domain/unassigned.ts";
import { fileFault } from "../../store/io-error.ts";
import { registeredProjects } from "../../store/places/home.ts";
import { issueIds, leasedIds, queueNames, readIssue } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { readTeam } from "../team.ts";

/** A word that may be typed next. */
export interface Candidate {
  readonly word: string;
  /** What it is, for shells that show that; empty for nothing to say. */
  readonly told: string;
}

/** What of a project a word may name. */
export type ProjectSource = "issue" | "finished" | "lease" | "queue" | "agent" | "project" | "setting";

/** Issue files that one completion reads: newest first, so that the time does not grow with the work that is done. */
const LOOKED_AT = 300;
/** Issues that one completion offers. */
const SHOWN = 100;

/**
 * Reads what a word that begins like this may name. Takes no lock and never waits.
 * @throws whatever reading a project throws
 */
export function completionValues(call: Call, source: ProjectSource, start: string): readonly Candidate[] {
  if (source === "project")
    return registeredProjects(call.home).map(({ name, path }) => ({ word: name, told: path }));
  // As in a dry run: a change in flight is read as if it were finished, and left to others to finish.
  return readProject({ ...call.workspace, dryRun: true }, (view) => valuesIn(view, call, source, start));
}

function valuesIn(
  view: ProjectView,
  call: Call,
  source: Exclude<ProjectSource, "project">,
  start: string,
): readonly Candidate[] {
  const team = readTeam(view, call);
  const { config } = team;
  const queues = queueNames(view, config);
  const agents = [...config.agents.keys()].filter((name) => !isUnassigned(name));
  const people = new Set([...agents, ...team.roots]);
  switch (source) {
    case "queue":
      return queues.map((queue) => ({ word: queue, told: ownerOf(config.queues.get(queue)?.owner) }));
    case "agent":
      return [...people].map((word) => ({ word, told: team.roots.has(word) ? "root" : "" }));
    case "setting":
      return settingKeys([...config.queues.keys()], [...config.agents.keys()]).map(untold);
    case "lease":
      return leasedIds(view).map(untold);
    default:
      return issuesIn(view, queues, { start, finished: source === "finished" });
  }
}

function ownerOf(owner: string | undefined): string {
  return owner === undefined ? "" : isUnassigned(owner) ? "unassigned" : `owned by @${owner}`;
}

function untold(word: string): Candidate {
  return { word, told: "" };
}

/** Unfinished ones, or finished ones where only those make sense; where none is, all that begin like this. */
function issuesIn(
  view: ProjectView,
  queues: readonly string[],
  wanted: { readonly start: string; readonly finished: boolean },
): readonly Candidate[] {
  const start = wanted.start.toUpperCase();
  const places = queues
    .flatMap((queue) => issueIds(view, queue).map((id) => ({ queue, id })))
    .filter(({ id }) => id.startsWith(start))
    .toSorted((a, b) => b.id.length - a.id.length || (a.id < b.id ? 1 : -1));
  const read = places.slice(0, LOOKED_AT).map((place) => ({ place, issue: issueOrNull(view, place) }));
  const fitting = read.flatMap(({ issue }) =>
    issue !== null && isFinished(issue.status) === wanted.finished
      ? [{ word: issue.id, told: `${issue.status}  ${issue.title}` }]
      : [],
  );
  if (fitting.length > 0) return fitting.slice(0, SHOWN);
  return read.slice(0, SHOWN).map(({ place, issue }) => ({ word: place.id, told: issue?.title ?? "" }));
}

/** A file that cannot be read is named all the same: whoever types its id is looking for it. */
function issueOrNull(view: ProjectView, place: { readonly queue: string; readonly id: string }) {
  try {
    return readIssue(view, place).issue;
  } catch (error) {
    if (error instanceof MaiError || fileFault(error) !== null) return null;
    throw error;
  }
}
