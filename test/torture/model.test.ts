import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { timeLimit } from "../support/budget.ts";
import { RULES, type Rules } from "../support/model.ts";
import { ModelRunner, STEPS } from "../support/model-run.ts";
import { counted, mustBeCaught } from "../support/report.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

/** A run takes about 22 commands. */
const RUNS = sized(170, 9_000);
const RUNS_OF_A_FAULT = 400;
let runner: ModelRunner;

beforeAll(async () => {
  runner = await ModelRunner.make();
});
afterAll(() => runner.remove());

test(
  "runs of commands answer and leave what a model of the specification predicts",
  async () => {
    const started = performance.now();
    const limit = timeLimit();
    await fc.assert(
      fc.asyncProperty(STEPS, (steps) => runner.run(steps)),
      { numRuns: RUNS, ...limit },
    );
    const { commands, answers } = runner.tally;
    if (limit === null) expect(commands).toBeGreaterThan(RUNS * 15);
    // Operations times what can come of them: fewer would mean that the steps do not reach the interesting states.
    expect(answers.size).toBeGreaterThan(60);
    counted("commands against a model", commands, started);
  },
  TEST_TIMEOUT_MS,
);

describe("a model with one wrong rule is told apart from the program:", () => {
  const faults: readonly Partial<Rules>[] = [
    { liveLeaseRefuses: false },
    { handlerMayAccept: true },
    { discardedIsFinal: false },
    { repeatsSettle: false },
    { fenceIsChecked: false },
    { sessionsDiffer: false },
    { rejectGoesBack: false },
    { releaseOpens: false },
    { releaseGivesBack: false },
    { changesReleaseStale: false },
    { heartbeatsOfGrace: 1 },
  ];
  test.each(faults.map((fault) => [JSON.stringify(fault), fault] as const))(
    "%s",
    async (_name, fault) => {
      const { failed } = await fc.check(
        fc.asyncProperty(STEPS, (steps) => runner.run(steps, { ...RULES, ...fault })),
        { numRuns: RUNS_OF_A_FAULT, endOnFailure: true, seed: 7 },
      );
      mustBeCaught("commands against a model", JSON.stringify(fault), failed);
    },
    TEST_TIMEOUT_MS,
  );
});
