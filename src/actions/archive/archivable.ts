import type { Config } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import { isIssueId } from "../../domain/ids.ts";
import { type Issue, isFinished } from "../../domain/issue.ts";
import { type Clock, parseTimestamp } from "../../domain/time.ts";
import {
  archivedDecisionPath,
  decisionPath,
  holdPath,
  issuePath,
  leasePath,
  processingPath,
} from "../../store/project-paths.ts";
import { findArchivedIssue, issueIds, queueNames, readIssue } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";

/** Where an issue lies. */
export interface IssuePlace {
  readonly queue: string;
  readonly id: string;
}

/** An issue that stays though its time has come, and why. */
export interface KeptIssue extends IssuePlace {
  readonly reason: string;
}

/** Whether an issue may go into the archive; `odd` for one that should and cannot, with the reason. */
export type Archivability =
  | { readonly kind: "ready" }
  | { readonly kind: "not_due" }
  | { readonly kind: "odd"; readonly reason: string };

/** Returns every issue file of every queue. */
export function issuePlaces(view: ProjectView, config: Config): readonly IssuePlace[] {
  return queueNames(view, config).flatMap((queue) => issueIds(view, queue).map((id) => ({ queue, id })));
}

/**
 * Tells whether an issue is finished, was left alone since `beforeMs`, and has nothing about it that a move would
 * make worse: a lease, a second file or decisions of the same id, a file that mai does not understand.
 * @param beforeMs in milliseconds since 1970
 */
export function archivability(
  view: ProjectView,
  config: Config,
  place: IssuePlace,
  beforeMs: number,
): Archivability {
  try {
    const { issue, document } = readIssue(view, place);
    if (!isFinished(issue.status)) return { kind: "not_due" };
    const changedMs = lastChangeMs(issue, view.clock);
    if (changedMs !== null && changedMs >= beforeMs) return { kind: "not_due" };
    const reason =
      changedMs === null
        ? "its times cannot be read"
        : (nameFault(place, document.id) ?? leaseFault(view, place) ?? doubleFault(view, config, place));
    return reason === null ? { kind: "ready" } : { kind: "odd", reason };
  } catch (error) {
    if (!(error instanceof MaiError) || error.code !== "CORRUPT_FILE") throw error;
    return { kind: "odd", reason: error.message };
  }
}

/** When something was last recorded, in milliseconds since 1970; files without records tell their creation. */
function lastChangeMs(issue: Issue, clock: Clock): number | null {
  return parseTimestamp(issue.records[0]?.ts ?? issue.created, clock);
}

function nameFault({ id }: IssuePlace, titleId: string): string | null {
  if (!isIssueId(id)) return "its file name is no id";
  return titleId === id ? null : `its title says ${titleId}`;
}

function leaseFault(view: ProjectView, { id }: IssuePlace): string | null {
  const path = [leasePath(id), holdPath(id), processingPath(id)].find((lease) => view.exists(lease));
  return path === undefined ? null : `it is finished and ${path} is there`;
}

function doubleFault(view: ProjectView, config: Config, { queue, id }: IssuePlace): string | null {
  const other = queueNames(view, config).find((name) => name !== queue && view.exists(issuePath(name, id)));
  if (other !== undefined) return `${other} has an issue of the same id`;
  if (findArchivedIssue(view, { id, queue: null }) !== null) return "the archive has an issue of the same id";
  const isTaken = view.exists(decisionPath(id)) && view.exists(archivedDecisionPath(id));
  return isTaken ? `${archivedDecisionPath(id)} is there already` : null;
}
