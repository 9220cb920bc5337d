/** One call and what it was told. */
export interface Operation<Told> {
  /** When it began and when it had answered, in milliseconds; Infinity for one that never answered. */
  readonly startMs: number;
  readonly endMs: number;
  /** What it asked and heard; null as answer when it was killed. */
  readonly told: Told;
}

/** A sequential model: the states that an operation can lead to from a state, none when it cannot have been told that. */
export type Step<State, Told> = (state: State, told: Told) => readonly State[];

/** Longest search, in steps; a search that runs out of them has failed. */
const BUDGET = 3_000_000;

/**
 * Tells whether a history could have come from one actor at a time: whether there is an order of its operations
 * that respects time and that the model allows. Operations that never answered may have happened, or not.
 * After Wing and Gong (1993), remembering what was tried as Lowe (2017) does.
 * @throws Error when the search takes too long: that is no proof, and counts as a failure
 */
export function isLinearizable<State, Told>(
  history: readonly Operation<Told>[],
  initial: State,
  step: Step<State, Told>,
): boolean {
  const operations = history.toSorted((one, other) => one.startMs - other.startMs);
  const done = new Uint8Array(operations.length);
  const tried = new Set<string>();
  let steps = 0;
  const search = (state: State): boolean => {
    steps += 1;
    if (steps > BUDGET) throw new Error(`the search for an order takes more than ${BUDGET} steps`);
    const candidates = concurrent(operations, done);
    if (candidates.every((index) => operations[index]?.endMs === Number.POSITIVE_INFINITY))
      return allAnswered(operations, done);
    const key = `${JSON.stringify(state)} ${candidates.join()}`;
    if (tried.has(key)) return false;
    tried.add(key);
    return candidates.some((index) => {
      const operation = operations[index];
      if (operation === undefined) return false;
      done[index] = 1;
      const found = step(state, operation.told).some(search);
      done[index] = 0;
      return found;
    });
  };
  return search(initial);
}

/** Returns the operations that can come next: those that began before any that is left had answered. */
function concurrent<Told>(operations: readonly Operation<Told>[], done: Uint8Array): readonly number[] {
  let firstEndMs = Number.POSITIVE_INFINITY;
  for (const [index, { endMs }] of operations.entries())
    if (done[index] === 0) firstEndMs = Math.min(firstEndMs, endMs);
  const candidates: number[] = [];
  for (const [index, { startMs }] of operations.entries()) {
    if (startMs > firstEndMs) break;
    if (done[index] === 0) candidates.push(index);
  }
  return candidates;
}

function allAnswered<Told>(operations: readonly Operation<Told>[], done: Uint8Array): boolean {
  return operations.every(({ endMs }, index) => done[index] === 1 || endMs === Number.POSITIVE_INFINITY);
}
