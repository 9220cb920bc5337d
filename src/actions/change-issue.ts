import { heartbeatOf } from "../domain/config.ts";
import { decideAmend } from "../domain/decide-amend.ts";
import { decideClaim } from "../domain/decide-claim.ts";
import { decideTransition, type TransitionRequest } from "../domain/decide-transition.ts";
import type { Issue } from "../domain/issue.ts";
import type { IssueChange, IssueVerdict, Situation } from "../domain/issue-change.ts";
import { isOwnLease, leaseThresholdMs } from "../domain/lease.ts";
import type { Outcome } from "../domain/outcome.ts";
import { checkText } from "../domain/text.ts";
import { formatTimestamp } from "../domain/time.ts";
import { changeProject, type Plan } from "../store/change-project.ts";
import { readIssue, readLease } from "../store/issue-files.ts";
import { leasePath } from "../store/project-paths.ts";
import type { ProjectView } from "../store/project-view.ts";
import { type Call, requireClaimant } from "./call.ts";
import { issueAfter, issueEdits } from "./issue-edits.ts";
import { answerOfKey, type KeyedCommand, keyFiles } from "./keys.ts";
import { locateForChange } from "./locate-issue.ts";
import { readTeamForChange } from "./team.ts";

/** Which issue, and what may stand beside every operation on one. */
export interface IssueTarget {
  readonly id: string;
  /** Fencing token that the caller believes is current. */
  readonly fence: number | null;
  readonly force: boolean;
}

/** What an operation on an issue answers. */
export interface IssueAnswer {
  readonly issueId: string;
  readonly queue: string;
  readonly title: string;
  readonly status: Issue["status"];
  readonly handler: string;
  readonly fence: number;
  /** Who holds the issue after the operation, null for nobody. */
  readonly holder: string | null;
  /** Minutes until the holder's lease goes stale, null without a lease. */
  readonly ttlMinutes: number | null;
  readonly previousStatus: Issue["status"];
  readonly idempotent: boolean;
}

/** Claims an issue: exactly one of any number of claimants gets it. */
export function claimIssue(call: Call, target: IssueTarget): Outcome<IssueAnswer> {
  return changeIssue(call, target, { name: "issue claim", decide: decideClaim });
}

/** Adds a remark; with a key it does so once. */
export function amendIssue(
  call: Call,
  target: IssueTarget,
  request: { text: string; key: string | null },
): Outcome<IssueAnswer> {
  const remark = checkText(request.text, "remark");
  return changeIssue(call, target, {
    name: "issue amend",
    key: request.key,
    decide: (situation) => decideAmend(situation, remark),
  });
}

/** Runs one row of the transition table; an empty text is one that was not given. */
export function moveIssue(call: Call, target: IssueTarget, request: TransitionRequest): Outcome<IssueAnswer> {
  const text = request.text === "" ? "" : checkText(request.text, "text");
  return changeIssue(call, target, {
    name: `issue ${request.name}`,
    decide: (situation) => decideTransition(situation, { ...request, text }),
  });
}

/** One operation on one issue: its name in the journal, and its decision. */
export interface IssueOperation {
  readonly name: string;
  readonly key?: string | null;
  readonly decide: (situation: Situation, view: ProjectView) => IssueVerdict;
}

/** Reads what a decision needs, decides, and turns the verdict into files: the flow of every operation on an issue. */
export function changeIssue(
  call: Call,
  target: IssueTarget,
  operation: IssueOperation,
): Outcome<IssueAnswer> {
  const claimant = requireClaimant(call);
  const keyed: KeyedCommand = {
    key: operation.key ?? null,
    command: operation.name,
    operator: claimant.operator,
  };
  return changeProject(call.workspace, operation.name, (view) => {
    const team = readTeamForChange(view, call);
    const earlier = answerOfKey<IssueAnswer>(view, keyed);
    if (earlier !== null) return { answer: { ...earlier, idempotent: true }, changes: null };
    const location = locateForChange(view, team.config, target.id);
    const file = readIssue(view, location);
    const situation: Situation = {
      team,
      claimant,
      issue: file.issue,
      lease: readLease(view, team.config, location.id),
      force: target.force,
      fence: target.fence ?? environmentFence(call, location.id),
    };
    const verdict = operation.decide(situation, view);
    if (verdict.kind === "settled") return settled(situation, verdict.renew);
    return planned(view, situation, { file, change: verdict.change, keyed });
  });
}

function settled(situation: Situation, renew: boolean): Plan<IssueAnswer> {
  const { issue, lease } = situation;
  const holder = lease?.live === true ? lease.holder : null;
  return {
    answer: { ...answerOf(situation, issue, holder), idempotent: true },
    changes: null,
    renew: renew ? [leasePath(issue.id)] : [],
  };
}

function planned(
  view: ProjectView,
  situation: Situation,
  work: { file: ReturnType<typeof readIssue>; change: IssueChange; keyed: KeyedCommand },
): Plan<IssueAnswer> {
  const { change } = work;
  const { config } = situation.team;
  const atMs = view.clock.nowMs();
  const ts = formatTimestamp(atMs, view.clock);
  const actor = situation.claimant.operator;
  const after = issueAfter(situation.issue, change, actor, ts);
  const answer = answerOf(situation, after, holderAfter(situation, change));
  return {
    answer,
    changes: {
      atMs,
      durable: config.durability === "full",
      files: [
        ...issueEdits(view, config, work.file, { after, change, actor, ts }),
        ...keyFiles(work.keyed, answer),
      ],
      history: [change.history],
      events: change.events,
      touch: change.lease === "renew" && holdsLease(situation) ? [leasePath(after.id)] : [],
    },
  };
}

function holdsLease({ lease, claimant }: Situation): boolean {
  return lease?.live === true && isOwnLease(lease, claimant);
}

function holderAfter({ lease }: Situation, change: IssueChange): string | null {
  if (change.lease === "release") return null;
  if (typeof change.lease === "object") return change.lease.holder;
  return lease?.live === true ? lease.holder : null;
}

function answerOf(situation: Situation, issue: Issue, holder: string | null): IssueAnswer {
  const { config } = situation.team;
  return {
    issueId: issue.id,
    queue: issue.queue,
    title: issue.title,
    status: issue.status,
    handler: issue.handler,
    fence: issue.fence,
    holder,
    ttlMinutes: holder === null ? null : leaseThresholdMs(heartbeatOf(config, holder)) / 60_000,
    previousStatus: situation.issue.status,
    idempotent: false,
  };
}

function environmentFence(call: Call, id: string): number | null {
  const given = call.environmentFence;
  return given !== null && given.issueId.toUpperCase() === id ? given.fence : null;
}
