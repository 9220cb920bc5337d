import type { IssueCounts } from "../domain/issue-counts.ts";
import { unfinished } from "../domain/issue-counts.ts";
import type { LeaseStatus } from "../domain/lease.ts";
import type { SummaryRound } from "../domain/summary-round.ts";
import { formatSpan } from "../domain/time.ts";
import { handlerText } from "../domain/unassigned.ts";
import { alignColumns } from "./columns.ts";
import { leaseText, shortTitle } from "./issue-text.ts";
import { roundProgress } from "./summary-json.ts";

/** What a status tells, as far as text needs it. */
export interface StatusFacts {
  readonly name: string;
  readonly path: string;
  readonly roots: readonly string[];
  readonly agents: readonly {
    readonly name: string;
    readonly heartbeatMinutes: number;
    readonly leases: number;
  }[];
  readonly queues: readonly {
    readonly name: string;
    readonly owner: string;
    readonly slaMinutes: number | null;
    readonly counts: IssueCounts;
  }[];
  readonly counts: IssueCounts;
  readonly waiting: number;
  readonly overdue: readonly {
    readonly issue: { readonly id: string; readonly handler: string; readonly title: string };
    readonly deadlineMs: number | null;
  }[];
  readonly leases: readonly { readonly issueId: string; readonly lease: LeaseStatus }[];
  readonly round: SummaryRound | null;
  readonly roundIsCurrent: boolean;
}

/** Overdue issues that are named unless all are asked for. */
const NAMED_OVERDUE = 5;

/** Renders how a project stands; verbose names empty queues, agents and every overdue issue too. */
export function statusText(
  facts: StatusFacts,
  options: { readonly verbose: boolean; readonly nowMs: number },
): string {
  return [
    `${facts.name || "project"}  ${facts.path}`,
    `roots: ${facts.roots.join(", ")}`,
    ...(options.verbose ? agentLines(facts) : []),
    ...queueLines(facts, options.verbose),
    ...(facts.waiting === 0 ? [] : [`waiting for others: ${facts.waiting}  (mai graph)`]),
    ...overdueLines(facts, options),
    ...leaseLines(facts),
    `summaries: ${roundText(facts)}`,
  ].join("\n");
}

function agentLines({ agents }: StatusFacts): readonly string[] {
  const rows = agents.map(({ name, heartbeatMinutes, leases }) => [
    `  ${name}`,
    `heartbeat ${heartbeatMinutes} minutes`,
    count(leases, "lease"),
  ]);
  return [`agents: ${agents.length}`, ...alignColumns(rows)];
}

function queueLines({ queues, counts }: StatusFacts, verbose: boolean): readonly string[] {
  const shown = queues.filter((queue) => verbose || queue.counts.total > 0);
  const rows = shown.map(({ name, owner, slaMinutes, counts: own }) => [
    `  ${name}`,
    ...(verbose
      ? [handlerText(owner), slaMinutes === null ? "no SLA" : `SLA ${formatSpan(slaMinutes * 60_000)}`]
      : []),
    countsText(own),
  ]);
  return [`issues: ${countsText(counts)}`, ...alignColumns(rows)];
}

function countsText(counts: IssueCounts): string {
  const { OPEN, IN_PROGRESS, BLOCKED, COMPLETED, DISCARDED } = counts.states;
  const parts = [
    [OPEN, "open"],
    [IN_PROGRESS, "in progress"],
    [BLOCKED, "blocked"],
    [counts.overdue, "overdue"],
    [COMPLETED, "completed"],
    [DISCARDED, "discarded"],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  if (unfinished(counts) === 0) told.unshift("nothing waits");
  return told.join(", ");
}

function overdueLines(
  { overdue }: StatusFacts,
  { verbose, nowMs }: { readonly verbose: boolean; readonly nowMs: number },
): readonly string[] {
  if (overdue.length === 0) return [];
  const shown = verbose ? overdue : overdue.slice(0, NAMED_OVERDUE);
  const rows = shown.map(({ issue, deadlineMs }) => [
    `  ${issue.id}`,
    handlerText(issue.handler),
    `by ${formatSpan(nowMs - (deadlineMs ?? nowMs))}`,
    shortTitle(issue.title),
  ]);
  const more = overdue.length - shown.length;
  return [
    `overdue: ${overdue.length}`,
    ...alignColumns(rows),
    ...(more === 0 ? [] : [`  and ${more} more: mai queue check --overdue`]),
  ];
}

function leaseLines({ leases }: StatusFacts): readonly string[] {
  const stale = leases.filter(({ lease }) => !lease.live).length;
  const rows = leases.map(({ issueId, lease }) => [`  ${issueId}`, leaseText(lease)]);
  return [`leases: ${leases.length}${stale === 0 ? "" : `, ${stale} stale`}`, ...alignColumns(rows)];
}

function roundText({ round, roundIsCurrent }: StatusFacts): string {
  if (round === null) return "no round yet";
  const when = roundIsCurrent ? `round ${round.date}` : `none today; last round ${round.date}`;
  return `${when}: ${roundProgress(round)}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
