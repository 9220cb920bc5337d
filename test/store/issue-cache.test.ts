import { expect, test } from "bun:test";
import { CacheHistory } from "../support/cache-history.ts";

const STEPS = 40;

test.each([1, 2, 3, 4])("history %i: with its cache mai tells what it tells without", async (seed) => {
  const history = await CacheHistory.start(null, seed);
  try {
    for (let step = 0; step < STEPS; step += 1) expect([step, await history.step()]).toEqual([step, null]);
  } finally {
    history.end();
  }
});

test("after a commit the next check looks at no finished issue: the commit has told the cache", async () => {
  const history = await CacheHistory.start(null, 5);
  try {
    // The new one, and those whose files cannot be read.
    expect(await history.looksAfterCommit()).toBeLessThan(10);
  } finally {
    history.end();
  }
});
