import type { TakeReason } from "../domain/takeable.ts";
import type { SentBack } from "../domain/work-brief.ts";
import { sentBackText } from "./work-text.ts";

/** What the reason for a choice is told from. */
export interface NextFacts {
  readonly reason: TakeReason;
  readonly queue: string;
  readonly overdue: boolean;
  /** Whose lease had ended, null for nobody's. */
  readonly takenOverFrom: string | null;
  /** Who had it before, where it was assigned to somebody else. */
  readonly previousHandler: string;
  /** Unassigned issues that could be taken, this one too. */
  readonly unassigned: number;
  readonly sentBack: SentBack | null;
}

/** Says in sentences why this issue is the next one. */
export function nextReason(facts: NextFacts): string {
  const { overdue, takenOverFrom, reason } = facts;
  return [
    whose(facts),
    ...(overdue ? ["Overdue."] : []),
    ...(takenOverFrom === null || reason === "resumed" ? [] : [`The lease of @${takenOverFrom} ended.`]),
  ].join(" ");
}

/** Tells whether the reason for a choice is that the work came back. */
export function isSentBack({ reason, sentBack }: Pick<NextFacts, "reason" | "sentBack">): boolean {
  return reason === "assigned" && sentBack?.isLatest === true;
}

function whose(facts: NextFacts): string {
  const { reason, queue, unassigned, previousHandler, sentBack } = facts;
  if (sentBack !== null && isSentBack(facts)) return sentBackText(sentBack);
  const texts = {
    held: "You hold it already.",
    resumed: "Your lease had ended; you hold it again.",
    assigned: "Assigned to you.",
    own_queue: `In your queue ${queue}.`,
    unassigned: unassigned > 1 ? `Unassigned; the most urgent of ${unassigned}.` : "Unassigned.",
    any: `Assigned to @${previousHandler}; taken because of --any.`,
  } as const satisfies Record<TakeReason, string>;
  return texts[reason];
}
