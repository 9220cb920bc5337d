import { availableParallelism } from "node:os";

/** Runs `work` on each item, a few at a time: two for each core. @returns the results in the order of the items */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() * 2 }, worker));
  return results;
}
