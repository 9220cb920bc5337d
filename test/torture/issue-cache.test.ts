import { expect, test } from "bun:test";
import { CacheHistory } from "../support/cache-history.ts";
import type { MutantName } from "../support/mutants.ts";
import { variantInProcess } from "../support/variant.ts";

const STEPS = 40;
/** Histories that a faulty program may survive: the one that is hardest to see was caught by 14 of 40. */
const SEEDS = 60;

const FAULTY = [
  "cache-ignores-directories",
  "cache-trusts-unfinished",
  "cache-believes-torn-lines",
  "cache-hides-strangers",
  "cache-keeps-stale-rows",
  "cache-trusts-the-same-tick",
  "cache-hides-what-is-in-flight",
  "cache-of-finished-unchecked",
] as const satisfies readonly MutantName[];

test.each(FAULTY)("the histories catch %s", async (name) => {
  const program = await variantInProcess(name);
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const history = await CacheHistory.start(program, seed);
    try {
      for (let step = 0; step < STEPS; step += 1) {
        if ((await history.step()) !== null) return;
      }
    } finally {
      history.end();
    }
  }
  throw new Error(`${SEEDS} histories let ${name} through`);
});

test("a commit that tells the cache nothing is noticed by what the next reader reads", async () => {
  const history = await CacheHistory.start(await variantInProcess("cache-not-noted"), 5);
  try {
    expect(await history.looksAfterCommit()).toBeGreaterThan(20);
  } finally {
    history.end();
  }
});
