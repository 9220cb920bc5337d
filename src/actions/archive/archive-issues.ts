import type { Config } from "../../domain/config.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import {
  archivedDecisionPath,
  archivedIssuePath,
  decisionMirrorPath,
  decisionPath,
  issuePath,
} from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { readTeamForChange, requireAdministrator } from "../team.ts";
import { archivability, type IssuePlace, issuePlaces, type KeptIssue } from "./archivable.ts";
import { type MovedIssues, moveIssues } from "./move-issues.ts";

/**
 * Moves finished issues that were left alone since `beforeMs` into the archive, with their decisions. Which ones is
 * found out without the mutex, and looked at again under it.
 * @param beforeMs in milliseconds since 1970
 * @throws PERMISSION_DENIED, FORMAT_TOO_NEW, CONFIG_INVALID
 */
export function archiveIssues(call: Call, beforeMs: number): MovedIssues {
  const { due, kept } = readProject(call.workspace, (view) => dueIssues(view, call, beforeMs));
  const batches = moveIssues(call, due, {
    name: "archive",
    event: "issue.archived",
    told: "Archived",
    editsOf: (view, config, place) => editsIfDue(view, config, place, beforeMs),
  });
  return { ...batches, kept };
}

function dueIssues(view: ProjectView, call: Call, beforeMs: number) {
  const team = readTeamForChange(view, call);
  requireAdministrator(call, team);
  const due: IssuePlace[] = [];
  const kept: KeptIssue[] = [];
  for (const place of issuePlaces(view, team.config)) {
    const verdict = archivability(view, team.config, place, beforeMs);
    if (verdict.kind === "ready") due.push(place);
    if (verdict.kind === "odd") kept.push({ ...place, reason: verdict.reason });
  }
  return { due, kept };
}

/** Somebody may have reopened it since it was found, or removed it. */
function editsIfDue(
  view: ProjectView,
  config: Config,
  { queue, id }: IssuePlace,
  beforeMs: number,
): readonly FileEdit[] | null {
  const text = view.read(issuePath(queue, id));
  if (text === null || archivability(view, config, { queue, id }, beforeMs).kind !== "ready") return null;
  const decisions = view.read(decisionPath(id));
  const issue: readonly FileEdit[] = [
    { path: archivedIssuePath(queue, id), text },
    { path: issuePath(queue, id), text: null },
  ];
  if (decisions === null) return issue;
  return [
    ...issue,
    { path: archivedDecisionPath(id), text: decisions },
    { path: decisionPath(id), text: null, mirror: decisionMirrorPath(queue, id) },
  ];
}
