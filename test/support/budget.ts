/**
 * Longest time for one run of a harness, in milliseconds: `MAI_TORTURE_MINUTES` gives the large sizes a limit, so that a
 * part of them, spread evenly, can be run in an evening. Without it a harness runs whole.
 */
export const BUDGET_MS = Number(process.env.MAI_TORTURE_MINUTES ?? Number.POSITIVE_INFINITY) * 60_000;

/** Returns the `performance.now()` at which a harness that starts now has to end. */
export function deadlineMs(): number {
  return performance.now() + BUDGET_MS;
}

/** Brings items into an order of which any beginning is spread over all of them, where there may be no time for all. */
export function spread<Item>(items: readonly Item[]): readonly Item[] {
  if (BUDGET_MS === Number.POSITIVE_INFINITY) return items;
  const strides = [64, 32, 16, 8, 4, 2, 1];
  return [...new Set(strides.flatMap((stride) => items.filter((_, at) => at % stride === stride >> 1)))];
}

/** What tells fast-check to end in time; null where there is no limit. */
export function timeLimit(): { interruptAfterTimeLimit: number; markInterruptAsFailure: false } | null {
  if (BUDGET_MS === Number.POSITIVE_INFINITY) return null;
  return { interruptAfterTimeLimit: BUDGET_MS, markInterruptAsFailure: false };
}
