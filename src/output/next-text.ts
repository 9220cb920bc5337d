import type { NextReason } from "../domain/decide-next.ts";
import type { Priority } from "../domain/issue.ts";

/** What the reason for a choice is told from. */
export interface NextFacts {
  readonly reason: NextReason;
  readonly queue: string;
  readonly priority: Priority;
  readonly overdue: boolean;
  readonly takenOverFrom: string | null;
}

/** Tells in a few words why this issue is the next one. */
export function nextReason({ reason, queue, priority, overdue, takenOverFrom }: NextFacts): string {
  const whose = {
    held: "you hold it already",
    assigned: "it is assigned to you",
    own_queue: `you own the queue ${queue}`,
    unassigned: "nobody handles it",
    any: "you take any",
  } as const satisfies Record<NextReason, string>;
  return [
    whose[reason],
    ...(reason === "held" ? [] : [`most urgent: ${priority}${overdue ? ", overdue" : ""}`]),
    ...(takenOverFrom === null ? [] : [`taken over: the lease of @${takenOverFrom} went stale`]),
  ].join("; ");
}
