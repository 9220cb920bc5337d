import type { Issue } from "./issue.ts";
import type { LeaseStatus } from "./lease.ts";

/** Tells whether somebody could claim an issue now: it waits, or whoever worked on it fell silent. */
export function isClaimable(issue: Issue, lease: LeaseStatus | null): boolean {
  if (lease?.live === true) return false;
  return issue.status === "OPEN" || issue.status === "IN_PROGRESS";
}
