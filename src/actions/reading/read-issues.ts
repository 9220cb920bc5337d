import { type Config, queueOwner } from "../../domain/config.ts";
import { waitingFor } from "../../domain/dependencies.ts";
import { type Issue, type IssueHeader, isFinished } from "../../domain/issue.ts";
import { holdsText, type IssueFilter, matchesFilter } from "../../domain/issue-filter.ts";
import type { LeaseStatus } from "../../domain/lease.ts";
import { Shortlist } from "../../domain/shortlist.ts";
import type { TextSearch } from "../../domain/text-search.ts";
import {
  archivedQueueNames,
  queueNames,
  readIssue,
  readIssueIf,
  readLeaseAnyway,
} from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { locateForReading } from "../issue/locate-issue.ts";
import { surroundingsOf } from "../issue/surroundings.ts";
import { waitsFor, withWaits } from "../issue/waits-for.ts";
import { readTeam, requireQueue } from "../team.ts";
import {
  createdMsOf,
  eachArchivedIssue,
  eachIssue,
  type ListedIssue,
  listedIssue,
  orWarning,
} from "./listed-issues.ts";
import { withLeases } from "./with-leases.ts";

/** An issue with all that is known about it now. */
export interface ShownIssue extends ListedIssue<Issue> {
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
  /** Number of finished issues that would match, where finished ones are hidden and were counted. */
  readonly hiddenFinished?: number;
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
    lease: readLeaseAnyway(view, { config, warn: call.workspace.warn }, issue.id),
    archived: location.archived,
    ...standing(view, config, issue),
  };
}

/** Returns what an issue waits for, and what waits for it. */
function standing(view: ProjectView, config: Config, issue: Issue): Pick<ShownIssue, "waitsFor" | "blocks"> {
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
    // Finished issues that are hidden are counted, unless a state was asked for.
    const counts = filter.finished === "hidden" && filter.status === null;
    const scope = { config, queues, finished: counts ? ("shown" as const) : wantsFinished(filter) };
    const request = { call, filter, limit, overdueOnly: false };
    const found = listing(view, request, (visit) => eachIssue(view, call, scope, visit));
    return withWaits(view, config, withLeases(view, call, config, found));
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
    return listing(view, { call, filter, limit, overdueOnly: false }, (visit) =>
      eachArchivedIssue(view, call, queue, visit),
    );
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
      const scope = { config, queues: [name], finished: filter.finished };
      const listed = listing(view, { call, ...options, filter, limit: left }, (visit) =>
        eachIssue(view, call, scope, visit),
      );
      const found = withWaits(view, config, listed);
      left -= found.issues.length;
      const settings = config.queues.get(name);
      return { name, owner: queueOwner(config, name), slaMinutes: settings?.slaMinutes ?? null, ...found };
    });
  });
}

/** A list of one state of unfinished issues does not look at finished ones, which may be many. */
function wantsFinished({ finished, status }: IssueFilter): IssueFilter["finished"] {
  return status === null || isFinished(status) ? finished : "hidden";
}

interface ListRequest {
  readonly call: Call;
  readonly filter: IssueFilter;
  readonly overdueOnly: boolean;
  readonly limit: number;
}

/** Keeps no more issues than it shows: finished ones may be many. */
function listing(
  view: ProjectView,
  { call, filter, limit, overdueOnly }: ListRequest,
  each: (visit: (issue: IssueHeader) => void) => void,
): IssueListing {
  const shortlist = new Shortlist<IssueHeader>(limit);
  const createdMs = (issue: IssueHeader) => createdMsOf(view, issue);
  let hiddenFinished = 0;
  const shown: IssueFilter = { ...filter, finished: "shown" };
  each((issue) => {
    if (filter.finished === "hidden" && isFinished(issue.status)) {
      if (matchesFilter(issue, shown) && holdsWords(view, call, issue, filter.search)) hiddenFinished += 1;
      return;
    }
    if (!matchesFilter(issue, filter) || !holdsWords(view, call, issue, filter.search)) return;
    if (!overdueOnly || listedIssue(view, issue).overdue) shortlist.add(issue, createdMs);
  });
  const issues = shortlist.entries().map((kept) => listedIssue(view, kept.issue, kept.createdMs));
  return { issues, total: shortlist.total, hiddenFinished };
}

/**
 * Tells whether an issue holds the text that is searched for. One that was read whole already is not read again; a file
 * that cannot hold it is not parsed, and one that cannot be read is named in a warning.
 */
export function holdsWords(
  view: ProjectView,
  call: Call,
  issue: IssueHeader | Issue,
  search: TextSearch | null,
): boolean {
  if (search === null) return true;
  if ("records" in issue) return holdsText(issue, search);
  const whole = orWarning(call, () => readIssueIf(view, issue, search.mayBeIn))?.issue;
  return whole !== undefined && holdsText(whole, search);
}

function chosenQueues(view: ProjectView, config: Config, queue: string | null): readonly string[] {
  return queue === null ? queueNames(view, config) : [requireQueue(view, config, queue)];
}
