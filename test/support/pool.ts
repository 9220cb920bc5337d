import { availableParallelism } from "node:os";
import { deadlineMs, spread } from "./budget.ts";

/**
 * Runs `work` on each item, a few at a time: two for each core.
 * @param enough tells after which result no further item is begun
 * @returns the results in the order in which the items were begun, which is theirs where there is time for all
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  enough: (result: Result) => boolean = () => false,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const ordered = spread(items);
  const endMs = deadlineMs();
  let next = 0;
  const worker = async () => {
    while (next < ordered.length && performance.now() < endMs) {
      const index = next;
      next += 1;
      const result = await work(ordered[index] as Item);
      results[index] = result;
      if (enough(result)) next = ordered.length;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() * 2 }, worker));
  // Items that were never begun are holes, which flat() drops.
  return results.flat(0) as Result[];
}
