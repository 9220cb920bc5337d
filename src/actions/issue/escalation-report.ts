import type { Config } from "../../domain/config.ts";
import type { Issue, IssueHeader, IssueRecord } from "../../domain/issue.ts";
import { type NextStep, nextSteps } from "../../domain/next-steps.ts";
import {
  currentBlocks,
  type PastClaim,
  pastClaims,
  type StateSpan,
  stateSpans,
} from "../../domain/state-spans.ts";
import { findArchivedIssue, queueNames, readIssue } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { eachIssue } from "../reading/listed-issues.ts";
import { type ShownIssue, shownIssue } from "../reading/read-issues.ts";
import { readTeam } from "../team.ts";

/** An issue that another one refers to, or that refers to it; `issue` is null where there is none of that id. */
export interface RelatedIssue {
  readonly id: string;
  readonly relation: "refers_to" | "referred_by";
  readonly issue: IssueHeader | null;
}

/** All that tells why an issue is stuck. */
export interface EscalationReport extends ShownIssue {
  /** How long it was in which state, oldest first. */
  readonly spans: readonly StateSpan[];
  /** The span of the state that it is in now; null where its records do not tell. */
  readonly current: StateSpan | null;
  readonly claims: readonly PastClaim[];
  /** Records that block it now, newest first. */
  readonly obstacles: readonly IssueRecord[];
  readonly related: readonly RelatedIssue[];
  readonly next: readonly NextStep[];
}

/**
 * Reports on a stuck issue. Writes nothing.
 * @throws NOT_FOUND, CORRUPT_FILE, INVALID_NAME
 */
export function reportStuckIssue(call: Call, id: string): EscalationReport {
  return readProject(call.workspace, (view) => {
    const { config } = readTeam(view, call);
    const shown = shownIssue(view, call, config, id);
    const { issue, lease } = shown;
    const spans = stateSpans(issue.records, { nowMs: view.clock.nowMs(), zone: view.clock });
    const last = spans.at(-1);
    return {
      ...shown,
      spans,
      current: last?.state === issue.status ? last : null,
      claims: pastClaims(issue.records),
      obstacles: issue.status === "BLOCKED" ? currentBlocks(issue.records) : [],
      related: relatedIssues(view, call, config, issue),
      next: nextSteps({ issue, lease }),
    };
  });
}

function relatedIssues(view: ProjectView, call: Call, config: Config, issue: Issue): readonly RelatedIssue[] {
  let found: IssueHeader | null = null;
  const referrers: IssueHeader[] = [];
  eachIssue(view, call, { config, queues: queueNames(view, config), finished: "shown" }, (other) => {
    if (other.id === issue.ref) found ??= other;
    if (other.ref === issue.id) referrers.push(other);
  });
  const target = found ?? archivedIssue(view, issue.ref);
  return [
    ...(issue.ref === null ? [] : [{ id: issue.ref, relation: "refers_to" as const, issue: target }]),
    ...referrers.map((other) => ({ id: other.id, relation: "referred_by" as const, issue: other })),
  ];
}

function archivedIssue(view: ProjectView, id: string | null): Issue | null {
  const location = id === null ? null : findArchivedIssue(view, { id, queue: null });
  return location === null ? null : readIssue(view, location).issue;
}
