import type { Issue } from "./issue.ts";
import type { IssueChange, Situation } from "./issue-change.ts";
import { isOwnLease, type LeaseStatus } from "./lease.ts";
import { lockHeld, requireFence } from "./lease-gate.ts";
import { phrasesOf } from "./phrases.ts";
import type { Team } from "./roles.ts";
import { ownerAfterLease } from "./work-owner.ts";

/** Why a lease ends before its issue does: given back, found stale, found stale by the guardian, or taken away. */
export type ReleaseReason = "own" | "stale" | "guardian" | "forced";

/**
 * Tells why an operator may release a lease.
 * @throws LOCK_HELD for a stranger's live lease without `force`, STALE_FENCE
 */
export function releaseReason(situation: Situation, lease: LeaseStatus): ReleaseReason {
  requireFence(situation);
  if (isOwnLease(lease, situation.claimant)) return "own";
  if (!lease.live) return "stale";
  if (situation.force) return "forced";
  const { id } = situation.issue;
  throw lockHeld(
    id,
    lease,
    `Wait until it ends, or have a root end it: mai lock release ${id} --force -o ROOT`,
  );
}

/**
 * Returns what a release does: IN_PROGRESS becomes OPEN, every other state stays, and the issue belongs again to
 * whom it belonged to before the claim.
 */
export function releaseChange(
  issue: Issue,
  released: {
    readonly lease: LeaseStatus;
    readonly actor: string;
    readonly reason: ReleaseReason;
    readonly team: Team;
  },
): IssueChange {
  const { lease, actor, reason } = released;
  const status = issue.status === "IN_PROGRESS" ? "OPEN" : issue.status;
  const text = releaseText(released);
  const isWork = issue.status === "IN_PROGRESS" || issue.status === "BLOCKED";
  const handler = isWork ? ownerAfterLease(issue, lease, released.team.config) : issue.handler;
  return {
    status,
    handler,
    // BLOCKED stays the word of reasons alone: a release does not change why an issue is blocked.
    record: { word: status === "OPEN" ? "OPEN" : "AMENDED", text },
    lease: "release",
    conclusion: null,
    history: {
      actor,
      event: reason === "forced" ? "lock_force_release" : "lock_release",
      summary: `Issue ${issue.id} lease of ${lease.holder} ${SUMMARIES[reason]}`,
      status: status.toLowerCase(),
    },
    events: [
      {
        type: lease.live ? "lease.released" : "lease.expired",
        actor,
        issue: issue.id,
        queue: issue.queue,
        from: issue.status,
        to: status,
        data: {
          holder: lease.holder,
          reason,
          ...(reason === "forced" ? { forced: true } : {}),
          ...(handler === issue.handler ? {} : { handler, previous_handler: issue.handler }),
        },
      },
    ],
  };
}

const SUMMARIES = {
  own: "released",
  stale: "released: it was stale",
  guardian: "released by the guardian: it was stale",
  forced: "released by force",
} as const satisfies Record<ReleaseReason, string>;

function releaseText({
  lease,
  reason,
  team,
}: {
  lease: LeaseStatus;
  reason: ReleaseReason;
  team: Team;
}): string {
  const says = phrasesOf(team.config.language);
  const texts = {
    own: () => says.released(lease.holder),
    stale: () => says.releasedStale(lease.holder),
    guardian: () => says.expired(lease.holder),
    forced: () => says.released(lease.holder) + says.forced,
  } as const satisfies Record<ReleaseReason, () => string>;
  return texts[reason]();
}
