import type { Config } from "../../domain/config.ts";
import { compareIds } from "../../domain/issue.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { FileEdit, Plan } from "../../store/change/change-set.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import { readTeamForChange, requireAdministrator } from "../team.ts";
import type { IssuePlace, KeptIssue } from "./archivable.ts";
import { type Batch, type Batches, inBatches } from "./in-batches.ts";

/** Issues that one transaction moves: its journal record holds all their texts. */
const ISSUES_PER_CHANGE = 200;
const BYTES_PER_CHANGE = 4 * 1024 * 1024;

/** Which way issues move, and how the logs say it. */
export interface IssueMove {
  readonly name: "archive" | "restore";
  readonly event: "issue.archived" | "issue.restored";
  readonly told: string;
  /** What moves one issue; null where it may not move any more. */
  readonly editsOf: (view: ProjectView, config: Config, place: IssuePlace) => readonly FileEdit[] | null;
}

/** What became of the issues that should move. */
export interface MovedIssues extends Batches<string> {
  /** Those that stay although they should move. */
  readonly kept: readonly KeptIssue[];
}

/** Moves issues in the order of their ids, some in each transaction. */
export function moveIssues(call: Call, places: readonly IssuePlace[], move: IssueMove): Batches<string> {
  const ordered = places.toSorted((a, b) => compareIds(a.id, b.id));
  return inBatches(call, ordered, (rest) =>
    changeProject(call.workspace, move.name, (view) => plannedBatch(view, call, rest, move)),
  );
}

function plannedBatch(
  view: ProjectView,
  call: Call,
  rest: readonly IssuePlace[],
  move: IssueMove,
): Plan<Batch<string>> {
  const team = readTeamForChange(view, call);
  const actor = requireAdministrator(call, team);
  const files: FileEdit[] = [];
  const moved: IssuePlace[] = [];
  let [taken, bytes] = [0, 0];
  for (const place of rest) {
    if (moved.length === ISSUES_PER_CHANGE || bytes >= BYTES_PER_CHANGE) break;
    taken += 1;
    const edits = move.editsOf(view, team.config, place);
    if (edits === null) continue;
    bytes += edits.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
    files.push(...edits);
    moved.push(place);
  }
  const ids = moved.map(({ id }) => id);
  const answer = { taken, done: ids };
  if (ids.length === 0) return { answer, changes: null };
  const changes = {
    atMs: view.clock.nowMs(),
    durable: team.config.durability === "full",
    files,
    history: [{ actor, event: move.name, summary: `${move.told} ${toldIds(ids)}` }],
    events: moved.map(({ id, queue }) => ({ type: move.event, actor, issue: id, queue })),
  };
  return { answer, changes };
}

/** Names one issue, or how many there are from which to which. */
function toldIds(ids: readonly string[]): string {
  return ids.length === 1 ? `${ids[0]}` : `${ids.length} issues, ${ids[0]} to ${ids.at(-1)}`;
}
