import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { WEB_STEPS, WebRunner } from "../support/web-run.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

/** A run takes about 35 commands. */
const RUNS = sized(40, 5_000);
/** What the runs must reach, and how often at least: fewer would mean that the steps are not what they are for. */
const MUST_HEAR = ["CYCLE", "ISSUE_BLOCKED", "LIMIT_REACHED", "freed"] as const;
const OFTEN = RUNS / 10;
/** How often one series of runs hears something is a matter of chance, of several it is none. */
const SERIES = 6;
let runner: WebRunner;

beforeAll(async () => {
  runner = await WebRunner.make();
});
afterAll(() => runner.remove());

test(
  "no sequence of commands makes a cycle, passes a limit, gives out what waits, or refuses without reason",
  async () => {
    for (let series = 0; series < SERIES && rare().length > 0; series += 1) {
      await fc.assert(
        fc.asyncProperty(WEB_STEPS, (steps) => runner.run(steps)),
        { numRuns: RUNS },
      );
    }
    expect(rare()).toEqual([]);
  },
  TEST_TIMEOUT_MS,
);

function rare(): readonly string[] {
  return MUST_HEAR.filter((heard) => (runner.tally.get(heard) ?? 0) <= OFTEN);
}
