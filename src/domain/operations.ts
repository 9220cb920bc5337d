import type { EventType } from "./events.ts";
import type { RecordWord, State } from "./issue.ts";

/** What an operation does to the lease of its issue. */
export type LeaseEffect = "renew" | "release" | "none";

/** One row of the transition table. */
export interface Transition {
  /** States it works on. */
  readonly from: readonly State[];
  /** State it leaves; `null` depends on the lease (unblock). */
  readonly to: State | null;
  /** States in which there is nothing left to do. */
  readonly settled: readonly State[];
  readonly lease: LeaseEffect;
  /** Kind of text that it takes. */
  readonly text: "reason" | "conclusion" | "message" | null;
  readonly event: EventType;
  /** Event name in the audit log. */
  readonly history: string;
  readonly word: RecordWord | null;
  /** Refusal in a finished issue; `null` gives the usual one of that state. */
  readonly refusal: "INVALID_STATE" | null;
}

const UNFINISHED = ["OPEN", "IN_PROGRESS", "BLOCKED"] as const satisfies readonly State[];

/** Every operation that moves an issue from state to state and takes at most a text and a handler. */
export const TRANSITIONS = {
  block: row(["OPEN", "IN_PROGRESS", "BLOCKED"], "BLOCKED", {
    lease: "renew",
    text: "reason",
    event: "issue.blocked",
    history: "issue_blocked",
    word: "BLOCKED",
  }),
  unblock: row(["BLOCKED"], null, {
    settled: ["OPEN", "IN_PROGRESS"],
    lease: "renew",
    text: null,
    event: "issue.unblocked",
    history: "issue_open",
    word: null,
    refusal: "INVALID_STATE",
  }),
  transfer: row(UNFINISHED, "OPEN", {
    lease: "release",
    text: "message",
    event: "issue.transferred",
    history: "issue_open",
    word: "OPEN",
  }),
  complete: row(UNFINISHED, "COMPLETED", {
    settled: ["COMPLETED"],
    lease: "release",
    text: "conclusion",
    event: "issue.completed",
    history: "issue_completed",
    word: "COMPLETED",
  }),
  confirm: row(UNFINISHED, "COMPLETED", {
    settled: ["COMPLETED"],
    lease: "release",
    text: null,
    event: "issue.completed",
    history: "issue_completed",
    word: "COMPLETED",
  }),
  reject: row(UNFINISHED, "OPEN", {
    lease: "release",
    text: "reason",
    event: "issue.rejected",
    history: "issue_open",
    word: "OPEN",
  }),
  reopen: row(["COMPLETED"], "OPEN", {
    settled: ["OPEN"],
    lease: "none",
    text: "reason",
    event: "issue.reopened",
    history: "issue_open",
    word: "OPEN",
  }),
  discard: row([...UNFINISHED, "COMPLETED"], "DISCARDED", {
    settled: ["DISCARDED"],
    lease: "release",
    text: "reason",
    event: "issue.discarded",
    history: "issue_discarded",
    word: "DISCARDED",
  }),
} as const satisfies Record<string, Transition>;

/** Name of a row of the transition table. */
export type TransitionName = keyof typeof TRANSITIONS;

function row(
  from: readonly State[],
  to: State | null,
  rest: Omit<Transition, "from" | "to" | "settled" | "refusal"> &
    Partial<Pick<Transition, "settled" | "refusal">>,
): Transition {
  return { from, to, settled: [], refusal: null, ...rest };
}
