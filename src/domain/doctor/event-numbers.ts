/** What the numbers of an event stream say about it. */
export interface NumberFaults {
  /** Numbers that are not there, as spans from first to last. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  /** Numbers that stand there more than once. */
  readonly repeats: readonly number[];
  /** Smallest and largest number, 0 where there are no events. */
  readonly first: number;
  readonly last: number;
}

/** Looks for gaps and repeats in numbers that should grow by one, in whatever order they were read. */
export function numberFaults(numbers: readonly number[]): NumberFaults {
  const sorted = numbers.toSorted((a, b) => a - b);
  const gaps: { from: number; to: number }[] = [];
  const repeats = new Set<number>();
  sorted.forEach((number, index) => {
    const before = sorted[index - 1];
    if (before === undefined) return;
    if (number === before) repeats.add(number);
    else if (number > before + 1) gaps.push({ from: before + 1, to: number - 1 });
  });
  return { gaps, repeats: [...repeats], first: sorted[0] ?? 0, last: sorted.at(-1) ?? 0 };
}

/** A place in a log where time went backwards. */
export interface ClockJump<Entry> {
  readonly before: Entry;
  readonly after: Entry;
  readonly backMs: number;
}

/** Finds where a log's times, in milliseconds since 1970, go back by more than `toleranceMs`; unreadable ones are passed over. */
export function clockJumps<Entry extends { readonly atMs: number | null }>(
  entries: readonly Entry[],
  toleranceMs: number,
): readonly ClockJump<Entry>[] {
  const jumps: ClockJump<Entry>[] = [];
  let last: Entry | null = null;
  for (const entry of entries) {
    if (entry.atMs === null) continue;
    const backMs = (last?.atMs ?? entry.atMs) - entry.atMs;
    if (last !== null && backMs > toleranceMs) jumps.push({ before: last, after: entry, backMs });
    last = entry;
  }
  return jumps;
}
