import { STATES, type State } from "./issue.ts";

/** Numbers of one queue, or of all. */
export interface FlowStats {
  readonly created: number;
  readonly claimed: number;
  /** Completions that were not undone, reopened or rejected since. */
  readonly completed: number;
  readonly discarded: number;
  /** Median from being open to being claimed, in milliseconds; null where nothing was claimed. */
  readonly medianToClaimMs: number | null;
  /** Time that issues spent in each unfinished state, in milliseconds. */
  readonly stateMs: Readonly<Record<OngoingState, number>>;
  /** Issues whose deadline passed before they were finished. */
  readonly slaMisses: number;
}

/** A state in which an issue waits for somebody. */
type OngoingState = Exclude<State, "COMPLETED" | "DISCARDED">;

const ONGOING = STATES.filter(
  (state): state is OngoingState => state !== "COMPLETED" && state !== "DISCARDED",
);

/** Numbers of a flow as they grow. */
export interface Sum {
  created: number;
  claimed: number;
  completed: number;
  discarded: number;
  slaMisses: number;
  readonly toClaimMs: number[];
  readonly stateMs: Record<OngoingState, number>;
}

/** Returns the numbers of a flow in which nothing has happened yet. */
export function emptySum(): Sum {
  const stateMs = { OPEN: 0, IN_PROGRESS: 0, BLOCKED: 0 };
  return { created: 0, claimed: 0, completed: 0, discarded: 0, slaMisses: 0, toClaimMs: [], stateMs };
}

/** Adds flows up into the numbers that are shown. */
export function finishedSums(sums: readonly Sum[]): FlowStats {
  const add = (of: (sum: Sum) => number) => sums.reduce((total, sum) => total + of(sum), 0);
  const stateMs = { OPEN: 0, IN_PROGRESS: 0, BLOCKED: 0 };
  for (const state of ONGOING) stateMs[state] = add((sum) => sum.stateMs[state]);
  return {
    created: add(({ created }) => created),
    claimed: add(({ claimed }) => claimed),
    completed: add(({ completed }) => completed),
    discarded: add(({ discarded }) => discarded),
    medianToClaimMs: median(sums.flatMap(({ toClaimMs }) => toClaimMs)),
    stateMs,
    slaMisses: add(({ slaMisses }) => slaMisses),
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
