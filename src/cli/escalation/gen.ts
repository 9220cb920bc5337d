import { type EscalationReport, reportStuckIssue } from "../../actions/issue/escalation-report.ts";
import type { StateSpan } from "../../domain/state-spans.ts";
import { escalationText } from "../../output/escalation-text.ts";
import { issueJson, leaseJson } from "../../output/issue-json.ts";
import { defineCommand } from "../define-command.ts";

/** `mai escalation gen` */
export const command = defineCommand({
  words: "escalation gen",
  summary:
    "Prints a Markdown report on a stuck issue: what it is, how long in which state, who held it, what stands in " +
    "the way, what next. Writes nothing.",
  args: { id: { type: "positional", description: "Issue" } },
  errors: ["NOT_FOUND", "CORRUPT_FILE"],
  examples: ["mai escalation gen REQ-001 > report.md", "mai --json escalation gen REQ-001"],
  run(cli, values) {
    const report = reportStuckIssue(cli.call({}), values.id);
    const text = escalationText(report, cli.context.system.clock.nowMs());
    return { fields: { ...reportJson(report), escalation_template: text }, text };
  },
});

function reportJson(report: EscalationReport): Record<string, unknown> {
  return {
    issue: issueJson(report),
    lock: leaseJson(report.issue.id, report.lease),
    state_since: report.current?.since ?? null,
    state_seconds: report.current === null ? null : secondsOf(report.current),
    states: report.spans.map((span) => ({
      status: span.state,
      since: span.since,
      actor: span.actor,
      seconds: secondsOf(span),
    })),
    holders: report.claims.map(({ actor, since }) => ({ agent: actor, since })),
    blockers: report.obstacles.map(({ ts, actor, text }) => ({ ts, actor, text })),
    waits_for: report.waitsFor,
    related: report.related.map(({ id, relation, issue }) => ({
      id,
      relation,
      status: issue?.status ?? null,
      priority: issue?.priority ?? null,
      owner: issue?.handler ?? null,
      title: issue?.title ?? null,
    })),
    next: report.next,
  };
}

function secondsOf({ lengthMs }: StateSpan): number | null {
  return lengthMs === null ? null : Math.floor(lengthMs / 1000);
}
