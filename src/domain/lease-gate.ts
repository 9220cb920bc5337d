import { MaiError } from "./errors.ts";
import type { IssueChange, Situation } from "./issue-change.ts";
import { isOwnLease, type LeaseStatus, leaseLeftMs } from "./lease.ts";
import { reachedLimit } from "./limits.ts";
import { formatSpan } from "./time.ts";

const FORCE_HINT = " As a root you may override it with --force, which is recorded.";

/**
 * Refuses when somebody else's live lease stands in the way; a root may override with `--force`.
 * @returns whether the lease was overridden
 * @throws LOCK_HELD with holder and time left, PERMISSION_DENIED for `--force` by others than roots
 */
export function requireLease(situation: Situation): boolean {
  const { lease, claimant, team } = situation;
  if (lease === null || !lease.live || isOwnLease(lease, claimant)) return false;
  if (!situation.force) {
    const hint = waitHint(lease) + (team.roots.has(claimant.operator) ? FORCE_HINT : "");
    throw lockHeld(situation.issue.id, lease, hint);
  }
  if (team.roots.has(claimant.operator)) return true;
  throw new MaiError(
    "PERMISSION_DENIED",
    `@${claimant.operator} may not override the lease of @${lease.holder}: only a root may.`,
    {
      hint: `Roots: ${[...team.roots].join(", ")}. The lease ends by itself ${leftText(lease)}.`,
      fields: leaseFields(situation.issue.id, lease),
    },
  );
}

/**
 * Refuses a caller whose fencing token is not the current one any more.
 * @throws STALE_FENCE
 */
export function requireFence(situation: Situation): void {
  const { fence, issue } = situation;
  if (fence === null || fence === issue.fence) return;
  throw new MaiError("STALE_FENCE", `Fence ${fence} is stale: ${issue.id} is at ${issue.fence}.`, {
    hint: `Somebody claimed it since. Look first: mai issue show ${issue.id}`,
    fields: { issue_id: issue.id, fence: issue.fence, given_fence: fence },
  });
}

/**
 * Tells whether a change renews a lease: every write of its holder does while the issue is worked on, also when
 * the lease went stale meanwhile and nobody took it over, unless a limit has been reached since.
 */
export function renewsLease(situation: Situation, change: IssueChange): boolean {
  const { lease, claimant } = situation;
  if (change.lease !== "renew" || lease === null || !isOwnLease(lease, claimant)) return false;
  if (change.status !== "IN_PROGRESS" && change.status !== "BLOCKED") return false;
  return lease.live || hasRoom(situation);
}

function hasRoom({ team, claimant, issue, around }: Situation): boolean {
  return reachedLimit(team.config, { operator: claimant.operator, issue }, around) === null;
}

function waitHint({ holder }: LeaseStatus): string {
  return `Take another issue, ask @${holder} for this one, or try again when the lease has ended.`;
}

/** Returns the refusal that names who holds an issue and for how long. */
export function lockHeld(id: string, lease: LeaseStatus, hint: string = waitHint(lease)): MaiError {
  const session = lease.session === null ? "" : ` (session ${lease.session})`;
  return new MaiError(
    "LOCK_HELD",
    `${id} is held by @${lease.holder}${session}; its lease ends ${leftText(lease)}.`,
    { hint, fields: leaseFields(id, lease) },
  );
}

function leaseFields(id: string, lease: LeaseStatus): Record<string, unknown> {
  const leftMs = leaseLeftMs(lease);
  return {
    issue_id: id,
    holder: lease.holder,
    seconds_left: leftMs === null ? null : Math.ceil(leftMs / 1000),
  };
}

function leftText(lease: LeaseStatus): string {
  const leftMs = leaseLeftMs(lease);
  return leftMs === null ? "when its process does" : `in ${formatSpan(leftMs)} unless renewed`;
}
