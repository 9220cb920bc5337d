import { MaiError } from "./errors.ts";
import type { EventDraft } from "./events.ts";

/** An event of the stream, as far as undoing a note needs it. */
export interface PastEvent extends EventDraft {
  readonly seq: number;
  readonly ts: string;
}

/** A note that may be taken back: its event and the audit line that it wrote, without line feed. */
export interface UndoableNote {
  readonly seq: number;
  /** Local date of its writer: the name of the log that holds it. */
  readonly date: string;
  readonly line: string;
}

/**
 * Finds the note that `operator` may take back. Only the event stream can tell: whatever a line looks like, it is
 * a note exactly if the last event, not counting notes taken back since, is a `log.noted`.
 * @param events newest first, without gaps as far as they are looked at
 * @param lastSeq number of the last event of the project
 * @throws INVALID_STATE when the last change was none, PERMISSION_DENIED when it was somebody else's
 */
export function undoableNote(events: readonly PastEvent[], lastSeq: number, operator: string): UndoableNote {
  const event = lastStanding(events, lastSeq);
  const line = event?.data?.line;
  if (event?.type !== "log.noted" || typeof line !== "string") throw notANote();
  if (event.actor !== operator) {
    throw new MaiError("PERMISSION_DENIED", `The last line of the log is a note by @${event.actor}.`, {
      hint: "Only its writer can take a note back; add one of your own: mai log write",
      fields: { operator, actor: event.actor },
    });
  }
  return { seq: event.seq, date: event.ts.slice(0, 10), line };
}

/** Returns the refusal when the last line of the log is no note. */
export function notANote(): MaiError {
  return new MaiError("INVALID_STATE", "The last line of the log is no note: nothing was taken back.", {
    hint: "Lines that changes wrote stay for good. See them: mai log history",
  });
}

/** The newest event that is neither a taking back nor taken back; null where the stream has a gap before it. */
function lastStanding(events: readonly PastEvent[], lastSeq: number): PastEvent | null {
  const undone = new Set<unknown>();
  let expected = lastSeq;
  for (const event of events) {
    if (event.seq !== expected) return null;
    expected -= 1;
    if (event.type === "log.undone") undone.add(event.data?.noted_seq);
    else if (!undone.has(event.seq)) return event;
  }
  return null;
}
