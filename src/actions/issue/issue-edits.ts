import { requireNoConflict } from "../../codec/conflict-markers.ts";
import { withConclusion } from "../../codec/decision-file.ts";
import type { IssueFile } from "../../codec/issue-file.ts";
import { rewriteIssue } from "../../codec/issue-write.ts";
import { formatLease, formatProcessing } from "../../codec/lease-file.ts";
import type { Config } from "../../domain/config.ts";
import type { Issue } from "../../domain/issue.ts";
import type { IssueChange, LeaseTaken } from "../../domain/issue-change.ts";
import type { Lease } from "../../domain/lease.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import {
  decisionMirrorPath,
  decisionPath,
  issuePath,
  leasePath,
  mirrorPath,
  processingPath,
} from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";

/** Returns the issue after a change, its new record on top. */
export function issueAfter(issue: Issue, change: IssueChange, actor: string, ts: string): Issue {
  return {
    ...issue,
    ...change.edits,
    status: change.status,
    handler: change.handler,
    ...(change.handover === undefined ? {} : { handover: { ...change.handover, ts } }),
    fence: typeof change.lease === "object" ? change.lease.fence : issue.fence,
    records: [{ ts, actor, ...change.record }, ...issue.records],
  };
}

/** Returns every file that a change of one issue writes: the issue, its lease, its decision. */
export function issueEdits(
  view: ProjectView,
  config: Config,
  file: IssueFile,
  result: {
    readonly after: Issue;
    readonly change: IssueChange;
    readonly actor: string;
    readonly ts: string;
  },
): readonly FileEdit[] {
  const { after, change } = result;
  const [record] = after.records;
  const text = rewriteIssue(file.document, file.issue, after, {
    style: config,
    newRecords: record === undefined ? [] : [record],
  });
  return [
    ...moveEdits(view, file.issue, after),
    { path: issuePath(after.queue, after.id), text },
    ...leaseEdits(after.id, change.lease, result.ts),
    ...conclusionEdits(view, config, after, result),
  ];
}

/**
 * Returns what goes or moves when an issue changes its queue. The queue `decisions` shares its folder in the mirror
 * with the decisions about issues, so that a move into it or out of it moves the mirror of those as well; no path
 * may stand here twice, since finishing after a crash would take its own first write for somebody's edit.
 */
function moveEdits(view: ProjectView, before: Issue, after: Issue): readonly FileEdit[] {
  if (before.queue === after.queue) return [];
  const old = issuePath(before.queue, before.id);
  const decision = view.read(decisionPath(after.id));
  const from = decisionMirrorPath(before.queue, before.id);
  const to = decisionMirrorPath(after.queue, after.id);
  if (decision === null || from === to) return [{ path: old, text: null }];
  const kept: FileEdit = { path: decisionPath(after.id), text: decision, mirror: to };
  // Out of `decisions`: the decision's mirror takes the place of the issue's.
  if (mirrorPath(old) === to) {
    return [{ path: old, text: null, mirror: null }, kept, { path: from, text: null, mirror: null }];
  }
  return [{ path: old, text: null }, kept];
}

/** Returns the files of a lease that is taken; also used when a process takes it over for its lifetime. */
export function leaseFiles(id: string, lease: Lease): readonly FileEdit[] {
  return [
    { path: leasePath(id), text: formatLease(lease) },
    { path: processingPath(id), text: formatProcessing(id, lease) },
  ];
}

function leaseEdits(id: string, effect: IssueChange["lease"], ts: string): readonly FileEdit[] {
  if (effect === "keep" || effect === "renew") return [];
  if (effect === "release") {
    return [
      { path: leasePath(id), text: null },
      { path: processingPath(id), text: null },
    ];
  }
  return leaseFiles(id, newLease(effect, ts));
}

function newLease(taken: LeaseTaken, ts: string): Lease {
  const { holder, fence, session, from, hold = false } = taken;
  return { holder, claimedAt: ts, fence, session, from, hold };
}

function conclusionEdits(
  view: ProjectView,
  config: Config,
  after: Issue,
  result: { readonly change: IssueChange; readonly actor: string; readonly ts: string },
): readonly FileEdit[] {
  const { conclusion } = result.change;
  if (conclusion === null) return [];
  const path = decisionPath(after.id);
  const entry = {
    ts: result.ts,
    actor: result.actor,
    text: conclusion,
    evidence: result.change.evidence ?? [],
  };
  const before = view.read(path);
  if (before !== null) requireNoConflict(before, path);
  const text = withConclusion(before, after.id, entry, config.language);
  return [{ path, text, mirror: decisionMirrorPath(after.queue, after.id) }];
}
