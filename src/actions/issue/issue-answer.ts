import { heartbeatOf } from "../../domain/config.ts";
import { freedBy, unfinishedBlockers, waitingFor } from "../../domain/dependencies.ts";
import { type Issue, isFinished } from "../../domain/issue.ts";
import type { IssueChange, Situation } from "../../domain/issue-change.ts";
import { type LeaseStatus, leaseLeftMs, leaseThresholdMs } from "../../domain/lease.ts";
import { renewsLease } from "../../domain/lease-gate.ts";
import type { Blocker } from "../../domain/surroundings.ts";

const MINUTE_MS = 60_000;

/** What an operation on an issue answers. */
export interface IssueAnswer {
  readonly issueId: string;
  readonly queue: string;
  readonly title: string;
  readonly status: Issue["status"];
  readonly handler: string;
  readonly labels: readonly string[];
  readonly acceptance: Issue["acceptance"];
  readonly fence: number;
  /** Who holds the issue after the operation, null for nobody. */
  readonly holder: string | null;
  /** Minutes until the holder's lease goes stale, null without a lease or while a process holds it. */
  readonly ttlMinutes: number | null;
  readonly previousStatus: Issue["status"];
  /** What has to be finished before it, finished or not. */
  readonly blockedBy: readonly string[];
  /** Those of them that are unfinished. */
  readonly waitsFor: readonly string[];
  /** What waited for this issue and for nothing else, and can be claimed now that it is finished. */
  readonly freed: readonly string[];
  /** What waits for this issue again, now that it is no longer finished. */
  readonly blocks: readonly string[];
  readonly idempotent: boolean;
}

/** Tells an operation that had nothing to do but, perhaps, to renew the lease. */
export function settledAnswer(situation: Situation, renewed: boolean): IssueAnswer {
  const { issue, lease } = situation;
  return { ...answerOf(situation, issue, leaseOf(lease, renewed)), idempotent: true };
}

/** Tells what a change made of an issue. */
export function changedAnswer(situation: Situation, after: Issue, change: IssueChange): IssueAnswer {
  return {
    ...answerOf(situation, after, leaseAfter(situation, change)),
    ...effectOnOthers(situation, after),
  };
}

/** Finishing an issue sets others free, opening it again makes them wait. */
function effectOnOthers({ issue, around }: Situation, after: Issue): Pick<IssueAnswer, "freed" | "blocks"> {
  const was = isFinished(issue.status);
  const is = isFinished(after.status);
  return {
    freed: is && !was ? idsOf(freedBy(issue.id, around)) : [],
    blocks: was && !is ? idsOf(waitingFor(issue.id, around)) : [],
  };
}

function idsOf(blockers: readonly Blocker[]): readonly string[] {
  return blockers.map(({ id }) => id);
}

interface LeaseFacts {
  readonly holder: string | null;
  readonly ttlMinutes: number | null;
}

const NO_LEASE: LeaseFacts = { holder: null, ttlMinutes: null };

function leaseAfter(situation: Situation, change: IssueChange): LeaseFacts {
  if (change.lease === "release") return NO_LEASE;
  if (typeof change.lease === "object") {
    const { holder, hold } = change.lease;
    if (hold === true) return { holder, ttlMinutes: null };
    const heartbeat = heartbeatOf(situation.team.config, holder);
    return { holder, ttlMinutes: leaseThresholdMs(heartbeat) / MINUTE_MS };
  }
  return leaseOf(situation.lease, renewsLease(situation, change));
}

function leaseOf(lease: LeaseStatus | null, renewed: boolean): LeaseFacts {
  if (lease === null) return NO_LEASE;
  if (renewed && !lease.hold) return { holder: lease.holder, ttlMinutes: lease.thresholdMs / MINUTE_MS };
  if (!lease.live) return NO_LEASE;
  const leftMs = leaseLeftMs(lease);
  return { holder: lease.holder, ttlMinutes: leftMs === null ? null : Math.ceil(leftMs / MINUTE_MS) };
}

function answerOf(situation: Situation, issue: Issue, lease: LeaseFacts): IssueAnswer {
  return {
    issueId: issue.id,
    queue: issue.queue,
    title: issue.title,
    status: issue.status,
    handler: issue.handler,
    labels: issue.labels,
    acceptance: issue.acceptance,
    fence: issue.fence,
    ...lease,
    previousStatus: situation.issue.status,
    blockedBy: issue.blockedBy,
    waitsFor: idsOf(unfinishedBlockers(issue, situation.around.blocker)),
    freed: [],
    blocks: [],
    idempotent: false,
  };
}
