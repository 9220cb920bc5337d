import type { AcceptanceItem, Issue, IssueHeader, IssueRecord } from "../domain/issue.ts";
import { type LeaseStatus, leaseLeftMs } from "../domain/lease.ts";
import { isUnassigned } from "../domain/unassigned.ts";
import { handoverJson } from "./handover-text.ts";

/** Facts about a listed issue that its file alone does not tell. */
export interface ListedFacts<Told extends IssueHeader = IssueHeader> {
  readonly issue: Told;
  readonly overdue: boolean;
  /** Ids of what it waits for, where that was asked. */
  readonly waitsFor?: readonly string[];
  /** Who holds it, where that was asked. */
  readonly lease?: LeaseStatus | null;
  /** Since its creation, in milliseconds, where that was asked. */
  readonly ageMs?: number;
  /** When the list was made, in milliseconds since 1970. */
  readonly nowMs?: number;
}

/** Returns the JSON of one listed issue: what is needed to choose, not the whole. */
export function listedIssueJson(facts: ListedFacts): Record<string, unknown> {
  const { issue, overdue, waitsFor = [], ageMs } = facts;
  return {
    id: issue.id,
    queue: issue.queue,
    title: issue.title,
    status: issue.status,
    priority: issue.priority,
    owner: issue.handler,
    ...unassignedJson(issue.handler),
    created: issue.created,
    sla_deadline: issue.slaDeadline,
    overdue,
    ...(ageMs === undefined ? {} : { age_seconds: Math.floor(ageMs / 1000) }),
    ...heldJson(facts),
    // Left out where there are none, as in most issues: lists are read by the thousand.
    ...(issue.labels.length === 0 ? {} : { labels: issue.labels }),
    ...(waitsFor.length === 0 ? {} : { waits_for: waitsFor }),
  };
}

/** Returns who holds a listed issue and until when; nothing where nobody does. */
function heldJson(facts: ListedFacts): Record<string, unknown> {
  if (facts.lease == null || !facts.lease.live) return {};
  return { holder: facts.lease.holder, lease_seconds_left: leaseSecondsLeft(facts) };
}

/** Returns how long a listed issue is still held; null where nobody holds it, or a process does. */
export function leaseSecondsLeft({ lease }: ListedFacts): number | null {
  if (lease == null || !lease.live) return null;
  const leftMs = leaseLeftMs(lease);
  return leftMs === null ? null : Math.ceil(leftMs / 1000);
}

/** Returns the JSON of a whole issue. `owner` is the handler, as in the Python tool; `handler` repeats it. */
export function issueJson(
  facts: ListedFacts<Issue> & { readonly queueOwner: string; readonly archived: boolean },
): Record<string, unknown> {
  const { issue } = facts;
  return {
    id: issue.id,
    queue: issue.queue,
    title: issue.title,
    status: issue.status,
    priority: issue.priority,
    owner: issue.handler,
    handler: issue.handler,
    ...unassignedJson(issue.handler),
    queue_owner: facts.queueOwner,
    creator: issue.creator,
    ref: issue.ref,
    blocked_by: issue.blockedBy,
    labels: issue.labels,
    created: issue.created,
    sla_deadline: issue.slaDeadline,
    overdue: facts.overdue,
    fence: issue.fence === 0 ? null : issue.fence,
    description: issue.body,
    context: issue.context,
    acceptance: acceptanceJson(issue.acceptance),
    ...(issue.keptRules.length === 0 ? {} : { kept_rules: issue.keptRules }),
    handover: handoverJson(issue.handover),
    ...(facts.archived ? { archived: true } : {}),
    timeline: issue.records.map(timelineEntry),
    records: issue.records.map(({ ts, actor, word, text }) => ({ ts, actor, word, text })),
  };
}

/** Returns what JSON adds to a handler that is nobody; nothing for anybody else. */
export function unassignedJson(handler: string): { readonly unassigned?: true } {
  return isUnassigned(handler) ? { unassigned: true } : {};
}

/** Returns the JSON of a check list, its items counted from 1. */
export function acceptanceJson(items: readonly AcceptanceItem[]): readonly Record<string, unknown>[] {
  return items.map(({ text, done }, index) => ({ n: index + 1, text, done }));
}

/** Returns the JSON of a lease, null where there is none. Spans in seconds. */
export function leaseJson(id: string, lease: LeaseStatus | null): Record<string, unknown> | null {
  if (lease === null) return null;
  return {
    issue_id: id,
    holder: lease.holder,
    timestamp: lease.claimedAt,
    age_seconds: Math.floor(lease.ageMs / 1000),
    threshold_seconds: Math.floor(lease.thresholdMs / 1000),
    stale: !lease.live,
    fence: lease.fence,
    session: lease.session,
    hold: lease.hold,
  };
}

/** Writes a record as the Python tool lists it: `[ts] @op: WORD：text`. */
export function timelineEntry(record: IssueRecord): string {
  const word = record.word === "CREATED" ? "创建" : (record.word ?? "");
  const separator = record.text === "" || word === "" ? "" : "：";
  return `[${record.ts}] @${record.actor}: ${word}${separator}${record.text}`;
}
