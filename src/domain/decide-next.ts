import { compareIds, type IssueHeader, type Priority } from "./issue.ts";
import type { LeaseStatus } from "./lease.ts";
import { type Obstacle, type TakeReason, type Taker, type TakeVerdict, takeVerdict } from "./takeable.ts";

/** An unfinished issue as the choice of the next one sees it. */
export interface Candidate {
  readonly issue: IssueHeader;
  readonly lease: LeaseStatus | null;
  /** In milliseconds since 1970. */
  readonly createdMs: number;
  readonly overdue: boolean;
}

/** The issue to work on next, and why this one. */
export interface NextChoice<C extends Candidate = Candidate> {
  readonly candidate: C;
  readonly reason: TakeReason;
}

/** Reasons that come before all urgency: work that was begun is finished first. */
const BEGUN = ["held", "resumed"] as const satisfies readonly TakeReason[];

/**
 * Chooses what somebody works on next: what they hold, else what they held until their lease ended, else what they
 * can take, by priority, overdue before not, older before newer. Null when there is none.
 */
export function decideNext<C extends Candidate>(
  candidates: readonly C[],
  taker: Taker,
): NextChoice<C> | null {
  const inOrder = candidates.toSorted(byUrgency);
  const name = taker.claimant?.operator;
  const begun = inOrder.filter(({ lease }) => lease !== null && lease.holder === name);
  const verdicts = begun.map((candidate) => ({ candidate, verdict: takeVerdict(candidate, taker) }));
  for (const reason of BEGUN) {
    const found = verdicts.find(({ verdict }) => verdict.can && verdict.reason === reason);
    if (found !== undefined) return { candidate: found.candidate, reason };
  }
  for (const candidate of inOrder) {
    const verdict = takeVerdict(candidate, taker);
    if (verdict.can) return { candidate, reason: verdict.reason };
  }
  return null;
}

/** An issue that somebody does not get, and why. */
export interface PassedOver {
  readonly id: string;
  readonly obstacle: Obstacle;
}

/** Returns why somebody gets none of these, most urgent first; what they can take is left out. */
export function passedOver(candidates: readonly Candidate[], taker: Taker): readonly PassedOver[] {
  return candidates.toSorted(byUrgency).flatMap((candidate) => {
    const verdict: TakeVerdict = takeVerdict(candidate, taker);
    return verdict.can ? [] : [{ id: candidate.issue.id, obstacle: verdict.obstacle }];
  });
}

function byUrgency(a: Candidate, b: Candidate): number {
  return (
    comparePriorities(a.issue.priority, b.issue.priority) ||
    Number(b.overdue) - Number(a.overdue) ||
    a.createdMs - b.createdMs ||
    compareIds(a.issue.id, b.issue.id)
  );
}

function comparePriorities(a: Priority, b: Priority): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
