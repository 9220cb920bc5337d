import { queueOwner } from "./config.ts";
import { unfinishedBlockers } from "./dependencies.ts";
import { mayDecide } from "./escalation.ts";
import { givenBackBy } from "./give-back.ts";
import type { Issue, IssueHeader } from "./issue.ts";
import { type Claimant, isOwnLease, type LeaseStatus } from "./lease.ts";
import { type ReachedLimit, reachedLimit } from "./limits.ts";
import { mayDo, type Team } from "./roles.ts";
import type { Surroundings } from "./surroundings.ts";
import { isUnassigned } from "./unassigned.ts";
import { isAbandoned, ownerAfterLease } from "./work-owner.ts";

/** An unfinished issue and the lease on it. */
export interface LeasedHeader {
  readonly issue: IssueHeader;
  readonly lease: LeaseStatus | null;
}

/**
 * Which work somebody asks for: what is theirs or nobody's; only what is theirs; also what is assigned to others;
 * or whatever it is, by its id.
 */
export type TakeScope = "usual" | "mine" | "any";

/** Who asks for work, and what the answer depends on beside the issue. */
export interface Taker {
  /** Null for nobody in particular: then only unassigned work counts, unless the scope is `any`. */
  readonly claimant: Claimant | null;
  readonly scope: TakeScope;
  readonly team: Team;
  readonly around: Surroundings;
  /** Reads a whole issue; null where it cannot be read. Asked only of what would be taken otherwise. */
  readonly whole: (issue: IssueHeader) => Issue | null;
  /** Tells whether an issue was made by escalating another one. Asked last. */
  readonly isEscalation: (issue: Issue) => boolean;
}

/** Why somebody gets an issue. */
export type TakeReason = "held" | "resumed" | "assigned" | "own_queue" | "unassigned" | "any";

/** Why somebody cannot take an issue now. Spans in milliseconds. */
export type Obstacle =
  | { readonly kind: "finished" | "blocked" | "given_back" | "not_allowed" | "unreadable" }
  | { readonly kind: "held_by"; readonly holder: string; readonly lease: LeaseStatus }
  | { readonly kind: "assigned_to"; readonly handler: string }
  | { readonly kind: "waiting_for"; readonly ids: readonly string[] }
  | { readonly kind: "limit"; readonly limit: ReachedLimit }
  /** Whoever escalated an issue does not decide on the escalation. */
  | { readonly kind: "queue_rule"; readonly queue: string };

/** Whether somebody can take an issue now; if not, why. */
export type TakeVerdict =
  | { readonly can: true; readonly reason: TakeReason }
  | { readonly can: false; readonly obstacle: Obstacle };

/**
 * Answers "can NAME take this issue now, and if not, why?": the one place where that is decided. A lease that has
 * ended counts as released, whether or not anybody has removed its file.
 */
export function takeVerdict(candidate: LeasedHeader, taker: Taker): TakeVerdict {
  const { issue, lease } = candidate;
  if (isHeldBy(candidate, taker.claimant)) return readable(issue, taker, "held");
  const early = stateObstacle(candidate);
  if (early !== null) return refused(early);
  const owned = ownership(candidate, taker);
  if (typeof owned !== "string") return refused(owned);
  const late = outsideObstacle(issue, taker);
  if (late !== null) return refused(late);
  return owned === "resumed" && lease !== null
    ? readable(issue, taker, owned)
    : lastLook(issue, taker, owned);
}

/** Counts the unassigned issues that somebody could take, as far as their headers tell. */
export function countUnassigned(candidates: readonly LeasedHeader[], taker: Taker): number {
  return candidates.filter(({ issue, lease }) => {
    const owner = isAbandoned(issue, lease) && lease !== null ? lease.from : issue.handler;
    if (owner === null || !isUnassigned(owner) || stateObstacle({ issue, lease }) !== null) return false;
    return outsideObstacle(issue, taker) === null;
  }).length;
}

/** What a process of theirs holds is being worked on already; what is blocked cannot be worked on. */
function isHeldBy({ issue, lease }: LeasedHeader, claimant: Claimant | null): boolean {
  if (claimant === null || issue.status !== "IN_PROGRESS" || lease === null) return false;
  return lease.live && !lease.hold && isOwnLease(lease, claimant);
}

/** Returns what keeps everybody from an issue: its state, or somebody's live lease. */
function stateObstacle({ issue, lease }: LeasedHeader): Obstacle | null {
  if (issue.status === "COMPLETED" || issue.status === "DISCARDED") return { kind: "finished" };
  if (issue.status === "BLOCKED") return { kind: "blocked" };
  return lease?.live === true ? { kind: "held_by", holder: lease.holder, lease } : null;
}

/** Tells whether an issue is for somebody, and as what. */
function ownership(candidate: LeasedHeader, taker: Taker): TakeReason | Obstacle {
  const { issue, lease } = candidate;
  const name = taker.claimant?.operator ?? null;
  if (name !== null && isAbandoned(issue, lease) && lease?.holder === name) return "resumed";
  const handler = ownerNow(candidate, taker);
  if (handler === null) return { kind: "unreadable" };
  if (name !== null && handler === name) return "assigned";
  if (taker.scope === "mine") return { kind: "assigned_to", handler };
  if (name !== null && queueOwner(taker.team.config, issue.queue) === name) return "own_queue";
  if (isUnassigned(handler)) return "unassigned";
  return taker.scope === "any" ? "any" : { kind: "assigned_to", handler };
}

/** Only work that somebody left behind under a lease of an older form has to be read for its owner. */
function ownerNow({ issue, lease }: LeasedHeader, taker: Taker): string | null {
  if (!isAbandoned(issue, lease)) return issue.handler;
  if (lease !== null && lease.from !== null) return lease.from;
  const whole = taker.whole(issue);
  return whole === null ? null : ownerAfterLease(whole, lease, taker.team.config);
}

/** Returns what keeps somebody from an issue that is free: roles, other issues, limits. */
function outsideObstacle(issue: IssueHeader, { claimant, team, around }: Taker): Obstacle | null {
  const operator = claimant?.operator ?? null;
  if (operator !== null && !mayDo("claim", operator, team, { issue, queue: issue.queue }))
    return { kind: "not_allowed" };
  const waits = issue.blockedBy.length === 0 ? [] : unfinishedBlockers(issue, around.blocker);
  if (waits.length > 0) return { kind: "waiting_for", ids: waits.map(({ id }) => id) };
  const limit = reachedLimit(team.config, { operator, issue }, around);
  return limit === null ? null : { kind: "limit", limit };
}

/** What only the whole file tells, and so is asked last. */
function lastLook(issue: IssueHeader, taker: Taker, reason: TakeReason): TakeVerdict {
  const whole = taker.whole(issue);
  if (whole === null) return refused({ kind: "unreadable" });
  const name = taker.claimant?.operator ?? null;
  if (name !== null && issue.fence > 0 && givenBackBy(whole) === name) return refused({ kind: "given_back" });
  if (isOthersDecision(whole, taker)) return refused({ kind: "queue_rule", queue: issue.queue });
  return { can: true, reason };
}

/** An escalation is for those who may decide it, and for whom it is assigned to; never for whoever escalated. */
function isOthersDecision(issue: Issue, { claimant, team, isEscalation }: Taker): boolean {
  const name = claimant?.operator ?? null;
  if (name !== null && mayDecide(name, team)) return false;
  if (name !== null && issue.handler === name && issue.creator !== name) return false;
  return issue.ref !== null && isEscalation(issue);
}

function readable(issue: IssueHeader, taker: Taker, reason: TakeReason): TakeVerdict {
  return taker.whole(issue) === null ? refused({ kind: "unreadable" }) : { can: true, reason };
}

function refused(obstacle: Obstacle): TakeVerdict {
  return { can: false, obstacle };
}
