import { MaiError } from "./errors.ts";
import type { EventType } from "./events.ts";
import type { OperationName } from "./roles.ts";
import type { PastEvent } from "./undo-note.ts";

/** A change of one issue that may be undone. */
export interface UndoableChange {
  readonly event: IssueEvent;
  /** The newest event of the issue: that of the change, or of what was undone since. */
  readonly newest: IssueEvent;
  readonly operation: OperationName;
}

/** Operations that can be taken back, by the event that they leave. */
const OPERATIONS = {
  "issue.created": "new",
  "issue.claimed": "claim",
  "issue.blocked": "block",
  "issue.unblocked": "unblock",
  "issue.transferred": "transfer",
  "issue.completed": "complete",
  "issue.rejected": "reject",
  "issue.reopened": "reopen",
  "issue.amended": "amend",
  "issue.discarded": "discard",
  "issue.edited": "edit",
  "issue.checked": "check",
} as const satisfies Partial<Record<EventType, OperationName>>;

/** What does the opposite of the changes of issues that cannot be taken back as they are. */
const INSTEAD: Partial<Record<EventType, string>> = {
  "issue.depends": "Say the opposite: mai issue depend, with or without --remove.",
  "issue.escalated": "Take the issue back that it made: mai undo --issue ID",
  "lease.released": "Claim it again: mai issue claim",
  "lease.expired": "Claim it again: mai issue claim",
};

type IssueEvent = PastEvent & { readonly issue: string };

/**
 * Finds the operator's latest change of an issue. What was taken back, and the taking back, count as if they had never
 * been: asked again, it goes one step further.
 * @param events newest first, without a gap between them and from the last event of the project on
 * @param issue id of the issue; null for whichever the operator changed last
 * @throws NOT_FOUND where there is none, INVALID_STATE when something came after it or it cannot be taken back
 */
export function undoableChange(
  events: readonly PastEvent[],
  operator: string,
  issue: string | null,
): UndoableChange {
  const standing = standingEvents(events);
  const event = standing.find((one) => one.actor === operator && (issue === null || one.issue === issue));
  if (event === undefined) throw nothingToUndo(operator, issue);
  const after = standing.filter((one) => one.issue === event.issue && one.seq > event.seq);
  if (after.length > 0) throw cameAfter(event, after.toReversed());
  const { type } = event;
  if (Object.hasOwn(OPERATIONS, type)) {
    const newest = events.find((one): one is IssueEvent => one.issue === event.issue) ?? event;
    return { event, newest, operation: operationOf(event, OPERATIONS[type as keyof typeof OPERATIONS]) };
  }
  throw new MaiError("INVALID_STATE", `Your last change of ${event.issue} (${type}) cannot be taken back.`, {
    ...(INSTEAD[type] === undefined ? {} : { hint: INSTEAD[type] }),
    fields: { issue_id: event.issue, type, seq: event.seq },
  });
}

/** Putting labels on leaves the event of an edit, and takes less than an edit does. */
function operationOf({ data }: IssueEvent, usual: OperationName): OperationName {
  const fields = typeof data?.changes === "object" && data.changes !== null ? Object.keys(data.changes) : [];
  return fields.length === 1 && fields[0] === "labels" ? "label" : usual;
}

function standingEvents(events: readonly PastEvent[]): readonly IssueEvent[] {
  const undone = new Set<unknown>();
  return events.flatMap((event) => {
    if (event.type === "issue.undone") undone.add(event.data?.undone_seq);
    const isStanding = event.type !== "issue.undone" && !undone.has(event.seq);
    return isStanding && event.issue !== undefined ? [{ ...event, issue: event.issue }] : [];
  });
}

function nothingToUndo(operator: string, issue: string | null): MaiError {
  const where = issue === null ? "any issue" : issue;
  return new MaiError(
    "NOT_FOUND",
    `No change of ${where} by @${operator} can be undone: there is none among the latest events.`,
    {
      hint: `See what happened: mai events${issue === null ? "" : ` --issue ${issue}`}`,
      fields: { operator, issue_id: issue },
    },
  );
}

function cameAfter(event: IssueEvent, after: readonly IssueEvent[]): MaiError {
  const told = after.slice(0, 5).map(({ type, actor }) => `${type} by @${actor}`);
  const more = after.length > told.length ? ` and ${after.length - told.length} more` : "";
  return new MaiError(
    "INVALID_STATE",
    `Cannot undo: ${event.issue} has changed since your ${event.type} (${told.join(", ")}${more}).`,
    {
      hint: `See what happened: mai issue show ${event.issue}`,
      fields: {
        issue_id: event.issue,
        seq: event.seq,
        after: after.map(({ seq, type, actor }) => ({ seq, type, actor })),
      },
    },
  );
}
