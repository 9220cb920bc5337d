import { MaiError } from "../domain/errors.ts";
import { type Claimant, isOwnLease, type LeaseStatus } from "../domain/lease.ts";
import { lockHeld, requireFence } from "../domain/lease-gate.ts";
import type { Outcome } from "../domain/outcome.ts";
import { changeProject } from "../store/change-project.ts";
import { leasedIds, readLease } from "../store/issue-files.ts";
import { leasePath } from "../store/project-paths.ts";
import type { ProjectView } from "../store/project-view.ts";
import { type Call, requireClaimant } from "./call.ts";
import { openIssue } from "./open-issue.ts";
import { readTeamForChange, type TeamOnFile } from "./team.ts";

/** A lease whose time started again. */
export interface RenewedLease {
  readonly issueId: string;
  readonly lease: LeaseStatus;
}

/**
 * Starts the time of the operator's leases again: of the issues named, or of all. All of them or none; nothing is
 * written but modification times, and nothing is logged.
 * @throws LOCK_HELD for somebody else's lease, INVALID_STATE where there is none, STALE_FENCE, OPERATOR_REQUIRED
 */
export function renewLeases(call: Call, ids: readonly string[]): Outcome<readonly RenewedLease[]> {
  const claimant = requireClaimant(call);
  return changeProject(call.workspace, "lock renew", (view) => {
    const team = readTeamForChange(view, call);
    const answer =
      ids.length === 0
        ? everyOwnLease(view, team, claimant)
        : ids.map((id) => namedLease(view, call, { team, claimant, id }));
    return { answer, changes: null, renew: answer.map(({ issueId }) => leasePath(issueId)) };
  });
}

/** Leases of processes need no renewal: they live as long as those. */
function everyOwnLease(view: ProjectView, team: TeamOnFile, claimant: Claimant): readonly RenewedLease[] {
  return leasedIds(view).flatMap((issueId) => {
    const lease = readLease(view, team.config, issueId);
    if (lease === null || lease.hold || !isOwnLease(lease, claimant)) return [];
    return [{ issueId, lease }];
  });
}

function namedLease(
  view: ProjectView,
  call: Call,
  asked: { readonly team: TeamOnFile; readonly claimant: Claimant; readonly id: string },
): RenewedLease {
  const { id, ...rest } = asked;
  const { situation } = openIssue(view, call, { ...rest, target: { id, fence: null, force: false } });
  const { lease, issue, claimant } = situation;
  requireFence(situation);
  if (lease !== null && !isOwnLease(lease, claimant)) throw lockHeld(issue.id, lease);
  if (lease !== null && (lease.live || !lease.hold)) return { issueId: issue.id, lease };
  const why = lease === null ? "has no lease" : "was held by a process that has ended";
  throw new MaiError("INVALID_STATE", `${issue.id} ${why}: there is nothing to renew.`, {
    hint: `Take it: mai issue claim ${issue.id} -o ${claimant.operator}`,
    fields: { issue_id: issue.id, status: issue.status },
  });
}
