import type { Config } from "../../domain/config.ts";
import type { MaiError } from "../../domain/errors.ts";
import { compareIssues, type Issue, type IssueHeader, isOverdue, type OrderKey } from "../../domain/issue.ts";
import { couldBeQueue, oddNamesWarning } from "../../domain/odd-names.ts";
import { parseTimestamp } from "../../domain/time.ts";
import { fileFault } from "../../store/io-error.ts";
import {
  archivedIssueIds,
  archivedQueueNames,
  type IssuePlace,
  readIssue,
} from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";

/** An issue as lists show it, or the whole of it: with its times worked out. */
export interface ListedIssue<Told extends IssueHeader = IssueHeader> {
  readonly issue: Told;
  readonly createdMs: number;
  readonly deadlineMs: number | null;
  readonly overdue: boolean;
}

/** Which issues to look at. */
export interface IssueScope {
  readonly config: Config;
  readonly queues: readonly string[];
  readonly finished: "shown" | "hidden";
}

/**
 * Looks at the issues of some queues; a file that cannot be read is named in a warning and left out. One more warning
 * names what is no issue in any queue: it is the same for each queue, so that an answer has it once.
 */
export function eachIssue(
  view: ProjectView,
  call: Call,
  { config, queues, finished }: IssueScope,
  visit: (issue: IssueHeader) => void,
): void {
  const fault = (error: MaiError) => call.workspace.warn(error.message);
  for (const queue of queues) view.issues().each(queue, finished, { issue: visit, fault });
  const odd = oddNames(view, config);
  if (odd.length > 0) call.workspace.warn(oddNamesWarning(odd));
}

/** A directory that is no queue is named alone, whatever lies in it. */
function oddNames(view: ProjectView, config: Config): readonly string[] {
  const odd: string[] = [];
  for (const [queue, names] of view.issues().odd()) {
    if (!config.queues.has(queue) && !couldBeQueue(queue)) odd.push(queue);
    else for (const name of names) odd.push(`${queue}/${name}`);
  }
  return odd;
}

/** Looks at the issues in the archive, or in one queue of it, whole. */
export function eachArchivedIssue(
  view: ProjectView,
  call: Call,
  queue: string | null,
  visit: (issue: Issue) => void,
): void {
  for (const name of queue === null ? archivedQueueNames(view) : [queue]) {
    for (const id of orWarning(call, () => archivedIssueIds(view, name)) ?? []) {
      const issue = wholeIssue(view, call, { queue: name, id, archived: true });
      if (issue !== null) visit(issue);
    }
  }
}

/** Reads the unfinished issues of some queues, most urgent first. */
export function readUnfinishedIssues(
  view: ProjectView,
  call: Call,
  scope: Pick<IssueScope, "config" | "queues">,
): readonly ListedIssue[] {
  const issues: ListedIssue[] = [];
  eachIssue(view, call, { ...scope, finished: "hidden" }, (issue) => issues.push(listedIssue(view, issue)));
  return issues.sort((a, b) => compareIssues(orderKey(a), orderKey(b)));
}

/** Works the times of an issue out. @param createdMs where that is known already */
export function listedIssue<Told extends IssueHeader>(
  view: ProjectView,
  issue: Told,
  createdMs: number = createdMsOf(view, issue),
): ListedIssue<Told> {
  const deadlineMs = issue.slaDeadline === null ? null : parseTimestamp(issue.slaDeadline, view.clock);
  return { issue, createdMs, deadlineMs, overdue: isOverdue(issue, deadlineMs, view.clock.nowMs()) };
}

/** Returns when an issue was created; 1970 for what is no time. */
export function createdMsOf(view: ProjectView, issue: IssueHeader): number {
  return parseTimestamp(issue.created, view.clock) ?? 0;
}

/** Returns what lists sort an issue by. */
export function orderKey({ issue, createdMs }: ListedIssue): OrderKey {
  return { priority: issue.priority, createdMs, id: issue.id };
}

/** Reads an issue whole; null, with a warning, where that cannot be: lists know the header alone. */
export function wholeIssue(view: ProjectView, call: Call, place: IssuePlace): Issue | null {
  return orWarning(call, () => readIssue(view, place).issue);
}

/** Reads something of one file; null, with a warning, where that file cannot be read. */
export function orWarning<Result>(call: Call, read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    const fault = fileFault(error);
    if (fault === null) throw error;
    call.workspace.warn(fault.message);
    return null;
  }
}
