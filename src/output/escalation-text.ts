import type { Issue, IssueHeader, IssueRecord } from "../domain/issue.ts";
import type { LeaseStatus } from "../domain/lease.ts";
import type { NextStep } from "../domain/next-steps.ts";
import { readableRecord } from "../domain/phrases.ts";
import type { PastClaim, StateSpan } from "../domain/state-spans.ts";
import { formatSpan } from "../domain/time.ts";
import { handlerText } from "../domain/unassigned.ts";
import { timelineEntry } from "./issue-json.ts";
import { leaseText } from "./issue-text.ts";

/** What a report on a stuck issue is made of. */
export interface EscalationFacts {
  readonly issue: Issue;
  readonly queueOwner: string;
  readonly overdue: boolean;
  readonly deadlineMs: number | null;
  readonly lease: LeaseStatus | null;
  readonly spans: readonly StateSpan[];
  readonly current: StateSpan | null;
  readonly claims: readonly PastClaim[];
  readonly obstacles: readonly IssueRecord[];
  readonly waitsFor: readonly string[];
  readonly related: readonly {
    readonly id: string;
    readonly relation: "refers_to" | "referred_by";
    readonly issue: IssueHeader | null;
  }[];
  readonly next: readonly NextStep[];
}

/** Renders a report on a stuck issue as Markdown. No text of the issue can start a heading or an item of it. */
export function escalationText(facts: EscalationFacts, nowMs: number): string {
  const { issue } = facts;
  return [
    `# Escalation report: ${issue.id} ${issue.title}`,
    "",
    ...fieldLines(facts, nowMs),
    ...section("What it is", quoted(issue.body)),
    ...section("How long in which state", facts.spans.map(spanLine)),
    ...section(
      "Who held it",
      facts.claims.map(({ actor, since }) => `- @${actor}, from ${since}`),
      "Nobody yet.",
    ),
    ...section("What stands in the way", blockerLines(facts), "Nothing that mai knows of."),
    ...section(
      "Records, newest first",
      issue.records.map((record) => item(timelineEntry({ ...record, text: readableRecord(record.text) }))),
    ),
    ...section(
      "What next",
      facts.next.map(({ when, command }) => `- ${when}: \`${command}\``),
    ),
  ].join("\n");
}

function section(title: string, lines: readonly string[], otherwise = "None."): readonly string[] {
  return ["", `## ${title}`, "", ...(lines.length === 0 ? [otherwise] : lines)];
}

function fieldLines(facts: EscalationFacts, nowMs: number): readonly string[] {
  const { issue, current, deadlineMs } = facts;
  const late = facts.overdue && deadlineMs !== null ? `, overdue by ${formatSpan(nowMs - deadlineMs)}` : "";
  return [
    `- State: ${issue.status}${current === null ? "" : `, ${lengthText(current)}`}`,
    `- Priority: ${issue.priority}`,
    `- Queue: ${issue.queue} (owner ${handlerText(facts.queueOwner)})`,
    `- Creator: ${issue.creator === null ? "unknown" : `@${issue.creator}`}`,
    `- Handler: ${handlerText(issue.handler)}`,
    `- Lease: ${leaseText(facts.lease)}`,
    `- Created: ${issue.created}`,
    `- Deadline: ${issue.slaDeadline ?? "none"}${late}`,
  ];
}

function spanLine(span: StateSpan): string {
  return `- ${span.state} ${lengthText(span)}, from ${span.since} (@${span.actor})`;
}

function lengthText({ lengthMs }: StateSpan): string {
  return lengthMs === null ? "for an unknown time" : `for ${formatSpan(lengthMs)}`;
}

function blockerLines({ obstacles, waitsFor, related }: EscalationFacts): readonly string[] {
  return [
    ...obstacles.map(({ actor, ts, text }) => item(`Blocked by @${actor} at ${ts}: ${text}`)),
    ...waitsFor.map((id) => item(`Waits for ${id}: mai graph ${id}`)),
    ...related.map(({ id, relation, issue: other }) => {
      const state =
        other === null
          ? "not there"
          : `${other.status}, ${other.priority}, ${handlerText(other.handler)}: ${other.title}`;
      return item(`${relation === "refers_to" ? "Refers to" : "Referred to by"} ${id} (${state})`);
    }),
  ];
}

/** Further lines are indented, so that they stay inside their item. */
function item(text: string): string {
  return `- ${text.replaceAll("\n", "\n  ")}`;
}

function quoted(text: string): readonly string[] {
  return text.split("\n").map((line) => (line === "" ? ">" : `> ${line}`));
}
