import { type Config, queueOwner } from "./config.ts";
import type { Issue, IssueHeader } from "./issue.ts";
import type { Lease, LeaseStatus } from "./lease.ts";
import { isRejection, transferredTo } from "./phrases.ts";

/**
 * Returns whom an issue belongs to once its lease has ended: the handler that it had before the claim. A lease that
 * does not say so (of the Python tool, of an older version, deleted by hand) is answered from the records.
 */
export function ownerAfterLease(issue: Issue, lease: Lease | null, config: Config): string {
  return lease?.from ?? recordedOwner(issue, config);
}

/**
 * Tells whether somebody worked on an issue and their lease has ended, released or not: it belongs to whom it
 * belonged to before.
 */
export function isAbandoned(issue: Pick<IssueHeader, "status">, lease: LeaseStatus | null): boolean {
  return issue.status === "IN_PROGRESS" && lease?.live !== true;
}

/** The newest hand-over names the owner; a rejection keeps the handler; without either the queue's owner has it. */
function recordedOwner(issue: Issue, config: Config): string {
  for (const { word, text } of issue.records) {
    if (word !== "OPEN") continue;
    const named = transferredTo(text);
    if (named !== null) return named;
    if (isRejection(text)) return issue.handler;
  }
  return queueOwner(config, issue.queue);
}
