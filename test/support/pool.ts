import { availableParallelism } from "node:os";

/**
 * Runs `work` on each item, a few at a time: two for each core.
 * @param enough tells after which result no further item is begun
 * @returns the results in the order of the items, as far as they were begun
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  enough: (result: Result) => boolean = () => false,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      const result = await work(items[index] as Item);
      results[index] = result;
      if (enough(result)) next = items.length;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() * 2 }, worker));
  // Items that were never begun are holes, which flat() drops.
  return results.flat(0) as Result[];
}
