import type { Config } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import { parseIssueReference } from "../../domain/ids.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { archivedIssuePath, issuePath } from "../../store/project-paths.ts";
import {
  archivedIssueIds,
  archivedQueueNames,
  findArchivedIssue,
  findIssue,
} from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { locateForReading } from "../issue/locate-issue.ts";
import { restoringEdits } from "../issue/restoring-edits.ts";
import { readTeamForChange, requireAdministrator } from "../team.ts";
import type { IssuePlace, KeptIssue } from "./archivable.ts";
import { type MovedIssues, moveIssues } from "./move-issues.ts";

/**
 * Brings archived issues back to their queues, with their decisions: those named, or all of them. One that is in its
 * queue already is none to bring back.
 * @throws NOT_FOUND, INVALID_NAME, PERMISSION_DENIED, FORMAT_TOO_NEW, CONFIG_INVALID; ALREADY_EXISTS for one that was
 * named and cannot come back
 */
export function restoreIssues(call: Call, ids: readonly string[]): MovedIssues {
  const { due, kept } = readProject(call.workspace, (view) => dueIssues(view, call, ids));
  const [first] = kept;
  if (ids.length > 0 && first !== undefined) throw cannotComeBack(first);
  const batches = moveIssues(call, due, {
    name: "restore",
    event: "issue.restored",
    told: "Restored",
    editsOf: editsIfArchived,
  });
  return { ...batches, kept };
}

function dueIssues(view: ProjectView, call: Call, ids: readonly string[]) {
  const team = readTeamForChange(view, call);
  requireAdministrator(call, team);
  const named = ids.flatMap((id) => namedPlace(view, call, team.config, id));
  const once = new Map(named.map((place) => [archivedIssuePath(place.queue, place.id), place]));
  const due: IssuePlace[] = [];
  const kept: KeptIssue[] = [];
  for (const place of ids.length === 0 ? archivedPlaces(view) : once.values()) {
    const reason = obstacle(view, team.config, place);
    if (reason === null) due.push(place);
    else kept.push({ ...place, reason });
  }
  return { due, kept };
}

function archivedPlaces(view: ProjectView): readonly IssuePlace[] {
  return archivedQueueNames(view).flatMap((queue) =>
    archivedIssueIds(view, queue).map((id) => ({ queue, id })),
  );
}

function namedPlace(view: ProjectView, call: Call, config: Config, text: string): readonly IssuePlace[] {
  const archived = findArchivedIssue(view, parseIssueReference(text));
  if (archived !== null) return [{ queue: archived.queue, id: archived.id }];
  locateForReading(view, config, text, call);
  return [];
}

/** Why an archived issue cannot come back; null where it can. */
function obstacle(view: ProjectView, config: Config, { queue, id }: IssuePlace): string | null {
  const live = findIssue(view, config, { id, queue: null });
  if (live !== null && !live.archived) return `${live.queue} has an issue of the same id`;
  if (live !== null && live.others.length > 0) return `the archive has two issues ${id}`;
  try {
    view.read(archivedIssuePath(queue, id));
    restoringEdits(view, { queue, id });
    return null;
  } catch (error) {
    if (!(error instanceof MaiError)) throw error;
    return error.message;
  }
}

function editsIfArchived(view: ProjectView, config: Config, place: IssuePlace): readonly FileEdit[] | null {
  const { queue, id } = place;
  const text = view.read(archivedIssuePath(queue, id));
  if (text === null || obstacle(view, config, place) !== null) return null;
  return [{ path: issuePath(queue, id), text }, ...restoringEdits(view, place)];
}

function cannotComeBack({ queue, id, reason }: KeptIssue): MaiError {
  return new MaiError("ALREADY_EXISTS", `${id} stays in the archive: ${reason}.`, {
    hint: `Mend that by hand, then restore it; the archived file is ${archivedIssuePath(queue, id)}`,
    fields: { issue_id: id, queue },
  });
}
