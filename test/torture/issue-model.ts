/** All that the model knows of an issue. */
export interface IssueState {
  readonly status: "OPEN" | "IN_PROGRESS" | "COMPLETED";
  readonly holder: string | null;
  readonly stale: boolean;
  readonly fence: number;
  /** How many records it has. */
  readonly records: number;
}

/** A fresh issue: it has one record, that of its creation. */
export const NEW_ISSUE: IssueState = { status: "OPEN", holder: null, stale: false, fence: 0, records: 1 };

/** What an actor did to an issue, and what it was told; `answer` is null when it was killed before it heard. */
export interface IssueTold {
  readonly kind: "claim" | "amend" | "complete" | "show" | "back-date";
  readonly agent: string;
  readonly answer: Answer | null;
}

/** The parts of an answer that the model foresees. */
export interface Answer {
  readonly ok: boolean;
  readonly error?: string;
  readonly holder?: string | null;
  readonly fence?: number | null;
  readonly idempotent?: boolean;
  readonly status?: string;
  readonly records?: number;
  readonly stale?: boolean;
}

/** Returns the states that an operation leads to, none when it cannot have been told what it was told. */
export function stepIssue(state: IssueState, told: IssueTold): readonly IssueState[] {
  // A change of another issue releases leases that went stale: at any moment, or not yet.
  const before = state.stale ? [state, released(state)] : [state];
  return before.flatMap((possible) => stepFrom(possible, told));
}

function released(state: IssueState): IssueState {
  return { ...state, status: "OPEN", holder: null, stale: false, records: state.records + 1 };
}

function stepFrom(state: IssueState, told: IssueTold): readonly IssueState[] {
  const { kind, answer } = told;
  // A crash may have left the renewal of that lease to the next command.
  if (kind === "back-date") return state.holder === null ? [state] : [{ ...state, stale: true }, state];
  if (answer?.error === "BUSY") return [state];
  const { expected, after } = OUTCOMES[kind](state, told.agent);
  return answer === null || matches(answer, expected) ? [after] : [];
}

interface Outcome {
  readonly expected: Answer;
  readonly after: IssueState;
}

const OUTCOMES = {
  claim(state, agent) {
    if (state.status === "COMPLETED") return refused(state, "ALREADY_COMPLETED");
    if (isHeld(state) && state.holder !== agent) return { ...refused(state, "LOCK_HELD", state.holder) };
    const { fence } = state;
    if (isHeld(state))
      return { expected: { ok: true, idempotent: true, fence, holder: agent }, after: state };
    const records = state.records + 1;
    return {
      expected: { ok: true, idempotent: false, fence: fence + 1, holder: agent },
      after: { status: "IN_PROGRESS", holder: agent, stale: false, fence: fence + 1, records },
    };
  },
  amend: (state) => ({
    expected: { ok: true, idempotent: false },
    after: { ...state, records: state.records + 1 },
  }),
  complete(state, agent) {
    if (state.status === "COMPLETED") return { expected: { ok: true, idempotent: true }, after: state };
    if (isHeld(state) && state.holder !== agent) return refused(state, "LOCK_HELD", state.holder);
    const records = state.records + 1;
    return {
      expected: { ok: true, idempotent: false, status: "COMPLETED" },
      after: { ...state, status: "COMPLETED", holder: null, stale: false, records },
    };
  },
  show(state) {
    const { holder, stale, status, records, fence } = state;
    return { expected: { ok: true, holder, stale, status, records, fence: fence || null }, after: state };
  },
} as const satisfies Record<string, (state: IssueState, agent: string) => Outcome>;

function isHeld(state: IssueState): boolean {
  return state.holder !== null && !state.stale;
}

function refused(state: IssueState, error: string, holder?: string | null): Outcome {
  return { expected: { ok: false, error, ...(holder === undefined ? {} : { holder }) }, after: state };
}

function matches(answer: Answer, expected: Answer): boolean {
  return (Object.keys(expected) as (keyof Answer)[]).every((key) => answer[key] === expected[key]);
}
