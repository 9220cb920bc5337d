import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { WEB_STEPS, WebRunner } from "../support/web-run.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

/** A run takes about 35 commands. */
const RUNS = sized(40, 5_000);
let runner: WebRunner;

beforeAll(async () => {
  runner = await WebRunner.make();
});
afterAll(() => runner.remove());

test(
  "no sequence of commands makes a cycle, passes a limit, gives out what waits, or refuses without reason",
  async () => {
    await fc.assert(
      fc.asyncProperty(WEB_STEPS, (steps) => runner.run(steps)),
      { numRuns: RUNS },
    );
    // Fewer would mean that the steps do not reach what they are for.
    for (const heard of ["CYCLE", "ISSUE_BLOCKED", "LIMIT_REACHED", "freed"]) {
      expect([heard, runner.tally.get(heard) ?? 0]).toEqual([heard, expect.any(Number)]);
      expect(runner.tally.get(heard) ?? 0).toBeGreaterThan(RUNS / 10);
    }
  },
  TEST_TIMEOUT_MS,
);
