import { isClaimable } from "./claimable.ts";
import { DEFAULT_AGENT, queueOwner } from "./config.ts";
import { compareIds, type IssueHeader, type Priority } from "./issue.ts";
import { type Claimant, isOwnLease, type LeaseStatus } from "./lease.ts";
import { mayDo, type Team } from "./roles.ts";

/** An unfinished issue as the choice of the next one sees it. */
export interface Candidate {
  readonly issue: IssueHeader;
  readonly lease: LeaseStatus | null;
  /** In milliseconds since 1970. */
  readonly createdMs: number;
  readonly overdue: boolean;
}

/** Who asks for work, and how choosy they are. */
export interface NextRequest {
  readonly claimant: Claimant;
  readonly team: Team;
  /** Take also what others handle. */
  readonly any: boolean;
  /** Tells whether an issue cannot be taken now: it waits for others, or a limit is reached. */
  readonly isHeldUp: (issue: Pick<IssueHeader, "id" | "queue" | "blockedBy">) => boolean;
  /** Tells whether the whole file can be read; asked only of what would be chosen. */
  readonly isReadable: (issue: IssueHeader) => boolean;
}

/** Why an issue is for somebody: they hold it, it was given to them, their queue has it, nobody has it, or they take any. */
export type NextReason = "held" | "assigned" | "own_queue" | "unassigned" | "any";

/** The issue to work on next, and why this one. */
export interface NextChoice<C extends Candidate = Candidate> {
  readonly candidate: C;
  readonly reason: NextReason;
}

/**
 * Chooses what somebody works on next: their own live work, else what they can claim and may work on, by priority,
 * overdue before not, older before newer. Null when there is none.
 */
export function decideNext<C extends Candidate>(
  candidates: readonly C[],
  request: NextRequest,
): NextChoice<C> | null {
  const inOrder = candidates.toSorted(byUrgency);
  const held = inOrder.find(
    (candidate) => isOwnWork(candidate, request.claimant) && request.isReadable(candidate.issue),
  );
  if (held !== undefined) return { candidate: held, reason: "held" };
  for (const candidate of inOrder) {
    const reason = isClaimable(candidate.issue, candidate.lease) ? reasonFor(candidate.issue, request) : null;
    if (reason === null || !mayClaim(candidate.issue, request)) continue;
    if (!request.isHeldUp(candidate.issue) && request.isReadable(candidate.issue))
      return { candidate, reason };
  }
  return null;
}

/** What a process of theirs holds is being worked on; what is blocked cannot be. */
function isOwnWork({ issue, lease }: Candidate, claimant: Claimant): boolean {
  return issue.status === "IN_PROGRESS" && lease?.live === true && !lease.hold && isOwnLease(lease, claimant);
}

function reasonFor(issue: IssueHeader, { claimant, team, any }: NextRequest): NextReason | null {
  const handler = issue.handler || DEFAULT_AGENT;
  if (handler === claimant.operator) return "assigned";
  if (queueOwner(team.config, issue.queue) === claimant.operator) return "own_queue";
  if (handler === DEFAULT_AGENT) return "unassigned";
  return any ? "any" : null;
}

function mayClaim(issue: IssueHeader, { claimant, team }: NextRequest): boolean {
  return mayDo("claim", claimant.operator, team, { issue, queue: issue.queue });
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
