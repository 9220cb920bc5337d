import type { Config } from "./config.ts";
import { unfinishedBlockers } from "./dependencies.ts";
import type { IssueHeader } from "./issue.ts";
import type { LeaseStatus } from "./lease.ts";
import { reachedLimit } from "./limits.ts";
import type { Surroundings } from "./surroundings.ts";

/** Tells whether somebody could claim an issue now: it waits, or whoever worked on it fell silent. */
export function isClaimable(issue: IssueHeader, lease: LeaseStatus | null): boolean {
  if (lease?.live === true) return false;
  return issue.status === "OPEN" || issue.status === "IN_PROGRESS";
}

/**
 * Tells whether an issue cannot be taken now although nobody holds it: it waits for others, or a limit is reached.
 * @param facts.operator who would take it; null for nobody in particular, whom only limits of queues hold back
 */
export function isHeldUp(
  issue: Pick<IssueHeader, "id" | "queue" | "blockedBy">,
  facts: { readonly config: Config; readonly operator: string | null; readonly around: Surroundings },
): boolean {
  const { config, operator, around } = facts;
  if (unfinishedBlockers(issue, around.blocker).length > 0) return true;
  return reachedLimit(config, { operator, issue }, around) !== null;
}
