import { MaiError } from "../../domain/errors.ts";
import type { State } from "../../domain/issue.ts";
import type { Situation } from "../../domain/issue-change.ts";
import { type Claimant, isOwnLease, type LeaseStatus } from "../../domain/lease.ts";
import { lockHeld, requireFence } from "../../domain/lease-gate.ts";
import { type ReachedLimit, reachedLimit, refuseLimit } from "../../domain/limits.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { changeProject } from "../../store/change/change-project.ts";
import { leasePath } from "../../store/project-paths.ts";
import { findIssue, leasedIds, readIssue, readLeaseAnyway } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { type Call, requireClaimant } from "../call.ts";
import { openIssue } from "../issue/open-issue.ts";
import { surroundingsOf } from "../issue/surroundings.ts";
import { readTeamForChange, type TeamOnFile } from "../team.ts";

/** A lease whose time started again. */
export interface RenewedLease {
  readonly issueId: string;
  readonly lease: LeaseStatus;
}

/**
 * Starts the time of the operator's leases again: of the issues named, or of all. All of them or none; nothing is
 * written but modification times, and nothing is logged.
 * @throws LOCK_HELD for somebody else's lease, INVALID_STATE where there is none, STALE_FENCE, OPERATOR_REQUIRED,
 * LIMIT_REACHED for a stale one that would pass a limit by coming to life again
 */
export function renewLeases(call: Call, ids: readonly string[]): Outcome<readonly RenewedLease[]> {
  const claimant = requireClaimant(call);
  return changeProject(call.workspace, "lock renew", (view) => {
    const team = readTeamForChange(view, call);
    const answer =
      ids.length === 0
        ? everyOwnLease(view, call, { team, claimant })
        : namedLeases(view, call, { team, claimant, ids });
    return { answer, changes: null, renew: answer.map(({ issueId }) => leasePath(issueId)) };
  });
}

/**
 * Leases of processes need no renewal: they live as long as those. Live leases come first; a stale one stays stale,
 * with a warning, where nobody works on its issue any more, or where it would pass a limit by coming to life again.
 */
function everyOwnLease(
  view: ProjectView,
  call: Call,
  { team, claimant }: { readonly team: TeamOnFile; readonly claimant: Claimant },
): readonly RenewedLease[] {
  const own = leasedIds(view).flatMap((issueId) => {
    const lease = readLeaseAnyway(view, { config: team.config, warn: call.workspace.warn }, issueId);
    if (lease === null || lease.hold || !isOwnLease(lease, claimant)) return [];
    return [{ issueId, lease }];
  });
  for (const { issueId } of own) {
    // A process that lost its issue to another of its name must not live on that one's lease.
    if (issueId === call.environmentFence?.issueId)
      requireFence(situationOf(view, call, { team, claimant, id: issueId }));
  }
  const renewed = own.filter(({ lease }) => lease.live);
  for (const stale of own.filter(({ lease }) => !lease.live)) {
    const why = whyStale(view, team, { id: stale.issueId, holder: claimant.operator, renewed });
    if (why === null) renewed.push(stale);
    else call.workspace.warn(`${stale.issueId} stays stale: ${why}`);
  }
  return renewed;
}

/** Why a stale lease does not come to life again; null where it does. */
function whyStale(view: ProjectView, team: TeamOnFile, asked: Parameters<typeof limitOf>[2]): string | null {
  const status = statusOf(view, team, asked.id);
  if (status !== null && !isWork(status)) return `the issue is ${status}.`;
  const limit = limitOf(view, team, asked);
  return limit === null ? null : refuseLimit(limit).message;
}

/** State of an issue, null where it is gone or cannot be read. */
function statusOf(view: ProjectView, { config }: TeamOnFile, id: string): State | null {
  const location = findIssue(view, config, { id, queue: null });
  if (location === null) return null;
  try {
    return readIssue(view, location).issue.status;
  } catch (error) {
    if (error instanceof MaiError) return null; // Whoever works on it may mend it, and needs its lease meanwhile.
    throw error;
  }
}

function isWork(status: State): boolean {
  return status === "IN_PROGRESS" || status === "BLOCKED";
}

/** The limit that a stale lease would pass by coming to life again, beside those that this renewal brings to life. */
function limitOf(
  view: ProjectView,
  { config }: TeamOnFile,
  asked: { readonly id: string; readonly holder: string; readonly renewed: readonly RenewedLease[] },
): ReachedLimit | null {
  const around = surroundingsOf(view, config);
  const location = findIssue(view, config, { id: asked.id, queue: null });
  const again = asked.renewed.filter(({ lease }) => !lease.live);
  const liveLeases = () => [
    ...around.liveLeases(),
    ...again.map(({ issueId }) => ({ id: issueId, holder: asked.holder })),
  ];
  const issue = { id: asked.id, queue: location?.queue ?? "" };
  return reachedLimit(config, { operator: asked.holder, issue }, { ...around, liveLeases });
}

function namedLeases(
  view: ProjectView,
  call: Call,
  {
    ids,
    ...asking
  }: { readonly team: TeamOnFile; readonly claimant: Claimant; readonly ids: readonly string[] },
): readonly RenewedLease[] {
  const renewed: RenewedLease[] = [];
  for (const id of ids) {
    const named = namedLease(view, call, { ...asking, id });
    const holder = asking.claimant.operator;
    const limit = named.lease.live
      ? null
      : limitOf(view, asking.team, { id: named.issueId, holder, renewed });
    if (limit !== null) throw refuseLimit(limit);
    renewed.push(named);
  }
  return renewed;
}

function namedLease(
  view: ProjectView,
  call: Call,
  asked: { readonly team: TeamOnFile; readonly claimant: Claimant; readonly id: string },
): RenewedLease {
  const situation = situationOf(view, call, asked);
  const { lease, issue, claimant } = situation;
  const { operator } = claimant;
  requireFence(situation);
  if (lease !== null && !isOwnLease(lease, claimant)) throw lockHeld(issue.id, lease);
  if (lease !== null && (lease.live || (!lease.hold && isWork(issue.status))))
    return { issueId: issue.id, lease };
  const why = whyNothing(issue.status, lease);
  throw new MaiError("INVALID_STATE", `${issue.id} ${why}: there is nothing to renew.`, {
    hint: `Take it: mai issue claim ${issue.id} -o ${operator}`,
    fields: { issue_id: issue.id, status: issue.status },
  });
}

function whyNothing(status: State, lease: LeaseStatus | null): string {
  if (lease === null) return "has no lease";
  return lease.hold ? "was held by a process that has ended" : `is ${status}`;
}

function situationOf(
  view: ProjectView,
  call: Call,
  { id, ...rest }: { readonly team: TeamOnFile; readonly claimant: Claimant; readonly id: string },
): Situation {
  return openIssue(view, call, { ...rest, target: { id, fence: null, force: false } }).situation;
}
