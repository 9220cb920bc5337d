import { type Config, queueOwner } from "../domain/config.ts";
import { waitingFor } from "../domain/dependencies.ts";
import { MaiError } from "../domain/errors.ts";
import { compareIssues, type Issue, isFinished, isOverdue } from "../domain/issue.ts";
import { type IssueFilter, matchesFilter } from "../domain/issue-filter.ts";
import type { LeaseStatus } from "../domain/lease.ts";
import type { TextSearch } from "../domain/text-search.ts";
import { parseTimestamp } from "../domain/time.ts";
import {
  archivedIssueIds,
  archivedQueueNames,
  type IssuePlace,
  issueIds,
  queueNames,
  readIssue,
  readIssueIf,
  readLease,
} from "../store/issue-files.ts";
import type { ProjectView } from "../store/project-view.ts";
import { readProject } from "../store/read-project.ts";
import type { Call } from "./call.ts";
import { locateForReading } from "./locate-issue.ts";
import { surroundingsOf } from "./surroundings.ts";
import { readTeam, requireQueue } from "./team.ts";
import { waitsFor, withWaits } from "./waits-for.ts";

/** An issue as lists show it: with its times worked out. */
export interface ListedIssue {
  readonly issue: Issue;
  readonly createdMs: number;
  readonly deadlineMs: number | null;
  readonly overdue: boolean;
}

/** An issue with all that is known about it now. */
export interface ShownIssue extends ListedIssue {
  readonly queueOwner: string;
  readonly lease: LeaseStatus | null;
  readonly archived: boolean;
  /** What it waits for, as far as that is unfinished. */
  readonly waitsFor: readonly string[];
  /** Unfinished issues that wait for it. */
  readonly blocks: readonly string[];
}

/** A list of issues and what was left out of it. */
export interface IssueListing {
  /** In order: priority, creation time, id. */
  readonly issues: readonly ListedIssue[];
  /** Number of issues that match, shown or not. */
  readonly total: number;
}

/** One queue of a check. */
export interface CheckedQueue extends IssueListing {
  readonly name: string;
  readonly owner: string;
  readonly slaMinutes: number | null;
}

/**
 * Reads issues by id.
 * @throws NOT_FOUND, CORRUPT_FILE, INVALID_NAME
 */
export function showIssues(call: Call, ids: readonly string[]): readonly ShownIssue[] {
  return readProject(call.workspace, (view) => {
    const { config } = readTeam(view, call);
    return ids.map((id) => shownIssue(view, call, config, id));
  });
}

/**
 * Reads one issue by id.
 * @throws NOT_FOUND, CORRUPT_FILE, INVALID_NAME
 */
export function shownIssue(view: ProjectView, call: Call, config: Config, id: string): ShownIssue {
  const location = locateForReading(view, config, id, call);
  const { issue } = readIssue(view, location);
  return {
    ...listedIssue(view, issue),
    queueOwner: queueOwner(config, issue.queue),
    lease: readLease(view, config, issue.id),
    archived: location.archived,
    ...standing(view, config, issue),
  };
}

/** Returns what an issue waits for, and what waits for it. */
export function standing(
  view: ProjectView,
  config: Config,
  issue: Issue,
): Pick<ShownIssue, "waitsFor" | "blocks"> {
  const around = surroundingsOf(view, config);
  const waiting = isFinished(issue.status) ? [] : waitingFor(issue.id, around);
  return { waitsFor: waitsFor(issue, around), blocks: waiting.map(({ id }) => id) };
}

/**
 * Lists issues of one queue or of all.
 * @throws INVALID_QUEUE
 */
export function listIssues(call: Call, filter: IssueFilter, limit: number): IssueListing {
  return readProject(call.workspace, (view) => {
    const { config } = readTeam(view, call);
    const queues = chosenQueues(view, config, filter.queue);
    const found = matching(readAllIssues(view, call, queues, filter.search), filter);
    return withWaits(view, config, limited(found, limit));
  });
}

/**
 * Lists archived issues; a queue need not be there any more.
 * @throws INVALID_QUEUE for one that is neither in the settings nor in the archive
 */
export function listArchivedIssues(call: Call, filter: IssueFilter, limit: number): IssueListing {
  return readProject(call.workspace, (view) => {
    const { queue } = filter;
    if (queue !== null && !archivedQueueNames(view).includes(queue))
      requireQueue(view, readTeam(view, call).config, queue);
    return limited(matching(readArchivedIssues(view, call, filter), filter), limit);
  });
}

/**
 * Lists issues queue by queue; the limit counts over all queues together.
 * @throws INVALID_QUEUE
 */
export function checkQueues(
  call: Call,
  filter: IssueFilter,
  options: { readonly overdueOnly: boolean; readonly limit: number },
): readonly CheckedQueue[] {
  return readProject(call.workspace, (view) => {
    const { config } = readTeam(view, call);
    let left = options.limit;
    return chosenQueues(view, config, filter.queue).map((name) => {
      const all = matching(readAllIssues(view, call, [name]), filter).filter(
        (entry) => entry.overdue || !options.overdueOnly,
      );
      const listing = withWaits(view, config, limited(all, left));
      left -= listing.issues.length;
      const settings = config.queues.get(name);
      return { name, owner: queueOwner(config, name), slaMinutes: settings?.slaMinutes ?? null, ...listing };
    });
  });
}

/**
 * Reads every issue of some queues, or only those whose file can hold a text, which saves parsing the rest; a file that
 * cannot be read is named in a warning and left out.
 */
export function readAllIssues(
  view: ProjectView,
  call: Call,
  queues: readonly string[],
  search: TextSearch | null = null,
): readonly ListedIssue[] {
  const places = queues.flatMap((queue) => issueIds(view, queue).map((id) => ({ queue, id })));
  return readPlaces(view, call, { places, search });
}

/** The same for the archive, or for one queue of it. */
function readArchivedIssues(view: ProjectView, call: Call, filter: IssueFilter): readonly ListedIssue[] {
  const queues = filter.queue === null ? archivedQueueNames(view) : [filter.queue];
  const places = queues.flatMap((name) =>
    archivedIssueIds(view, name).map((id) => ({ queue: name, id, archived: true })),
  );
  return readPlaces(view, call, { places, search: filter.search });
}

function readPlaces(
  view: ProjectView,
  call: Call,
  { places, search }: { readonly places: readonly IssuePlace[]; readonly search: TextSearch | null },
): readonly ListedIssue[] {
  const isWanted = search?.mayBeIn ?? (() => true);
  return places.flatMap((place) => {
    const issue = issueOrWarning(view, call, { place, isWanted });
    return issue === null ? [] : [listedIssue(view, issue)];
  });
}

function issueOrWarning(
  view: ProjectView,
  call: Call,
  { place, isWanted }: { readonly place: IssuePlace; readonly isWanted: (raw: string) => boolean },
): Issue | null {
  try {
    return readIssueIf(view, place, isWanted)?.issue ?? null;
  } catch (error) {
    if (!(error instanceof MaiError) || error.code !== "CORRUPT_FILE") throw error;
    call.workspace.warn(error.message);
    return null;
  }
}

/** Works the times of an issue out. */
export function listedIssue(view: ProjectView, issue: Issue): ListedIssue {
  const deadlineMs = issue.slaDeadline === null ? null : parseTimestamp(issue.slaDeadline, view.clock);
  return {
    issue,
    createdMs: parseTimestamp(issue.created, view.clock) ?? 0,
    deadlineMs,
    overdue: isOverdue(issue, deadlineMs, view.clock.nowMs()),
  };
}

function matching(issues: readonly ListedIssue[], filter: IssueFilter): readonly ListedIssue[] {
  const found = issues.filter((entry) => matchesFilter(entry.issue, filter));
  return found.toSorted((a, b) => compareIssues(orderKey(a), orderKey(b)));
}

function orderKey({ issue, createdMs }: ListedIssue) {
  return { priority: issue.priority, createdMs, id: issue.id };
}

function limited(issues: readonly ListedIssue[], limit: number): IssueListing {
  return { issues: issues.slice(0, Math.max(0, limit)), total: issues.length };
}

function chosenQueues(view: ProjectView, config: Config, queue: string | null): readonly string[] {
  return queue === null ? queueNames(view, config) : [requireQueue(view, config, queue)];
}
