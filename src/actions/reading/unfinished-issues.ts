import type { Config } from "../../domain/config.ts";
import { type LeaseStatus, leaseLeftMs } from "../../domain/lease.ts";
import { leasedIds, queueNames, readLeaseAnyway } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Look } from "../agent-loop/await-project.ts";
import type { Call } from "../call.ts";
import { requireQueue } from "../team.ts";
import { type ListedIssue, readUnfinishedIssues } from "./listed-issues.ts";

/** An unfinished issue and who holds it. */
export interface LeasedIssue extends ListedIssue {
  readonly lease: LeaseStatus | null;
}

/** Reads the unfinished issues of one queue, or of all, with their leases, most urgent first. */
export function readUnfinished(
  view: ProjectView,
  call: Call,
  config: Config,
  queue: string | null,
): readonly LeasedIssue[] {
  const queues = queue === null ? queueNames(view, config) : [requireQueue(view, config, queue)];
  const leased = new Set(leasedIds(view));
  const facts = { config, warn: call.workspace.warn };
  return readUnfinishedIssues(view, call, { config, queues }).map((entry) => ({
    ...entry,
    lease: leased.has(entry.issue.id) ? readLeaseAnyway(view, facts, entry.issue.id) : null,
  }));
}

/** Tells when looking at some issues again is worth while although nobody commits anything. */
export function lookOf<Found>(
  view: ProjectView,
  issues: readonly LeasedIssue[],
  found: Found | null,
): Look<Found> {
  const live = issues.flatMap(({ lease }) => (lease?.live === true ? [lease] : []));
  const left = live.flatMap((lease) => leaseLeftMs(lease) ?? []);
  return {
    found,
    // A lease lives to the very millisecond of its end.
    dueMs: left.length === 0 ? null : view.clock.nowMs() + Math.min(...left) + 1,
    heldIds: issues.flatMap(({ issue, lease }) => (lease?.live === true && lease.hold ? [issue.id] : [])),
  };
}
