import { afterAll, expect, test } from "bun:test";
import type { MutantName } from "../support/mutants.ts";
import { withinOneDay } from "../support/one-day.ts";
import { mustBeCaught, settle } from "../support/report.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { type Strike, sweepCalls } from "./call-sweep.ts";
import { killRecoveries } from "./kill-recovery.ts";
import { ARCHIVE_OF_LOGS, BATCH, OTHERS, SHAPES, WITH_HOUSEKEEPING } from "./scenarios.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

afterAll(removeVariants);

const KILL: Strike = { what: "signal=SIGKILL", forever: false };

for (const scenario of SHAPES) {
  test(
    `kill -9 at each call of '${scenario.name}' leaves before or after, and an empty tmp/`,
    async () => {
      const report = await sweepCalls(scenario, { strike: KILL, step: 1 });
      settle("kill at calls", report);
      expect(report.cases).toBeGreaterThan(40);
    },
    TEST_TIMEOUT_MS,
  );
}

for (const scenario of [...OTHERS, ...WITH_HOUSEKEEPING]) {
  test(
    `kill -9 at every tenth call of '${scenario.name}' leaves before or after`,
    async () => {
      const report = await sweepCalls(scenario, { strike: KILL, step: sized(10, 1) });
      settle("kill at calls", report);
    },
    TEST_TIMEOUT_MS,
  );
}

for (const scenario of SHAPES) {
  test(
    `kill -9 of '${scenario.name}', then of the command that recovers, leaves before or after`,
    async () => {
      const report = await withinOneDay(() =>
        killRecoveries(scenario, { first: sized(32, 1), second: sized(8, 1) }),
      );
      settle("kill during recovery", report);
      expect(report.cases).toBeGreaterThan(5);
    },
    TEST_TIMEOUT_MS,
  );
}

/** Faults that killing must bring to light. */
const MUST_CATCH = [
  "no-journal",
  "journal-not-replayed",
  "temp-not-swept",
  "append-without-offset-check",
] as const satisfies readonly MutantName[];

for (const fault of MUST_CATCH) {
  test(
    `the sweep catches a program with the fault ${fault}`,
    async () => {
      const report = await sweepCalls(SHAPES[0], {
        strike: KILL,
        step: 1,
        untilBad: true,
        binary: await variant(fault),
      });
      mustBeCaught("kill at calls", fault, report.bad.length > 0);
    },
    TEST_TIMEOUT_MS,
  );
}

test.each([
  ["does a batch in pieces", BATCH, "batch-in-pieces"],
  ["removes a log before its compressed one is committed", ARCHIVE_OF_LOGS, "archive-removes-logs-early"],
] as const)(
  "the sweep catches a program that %s",
  async (_, scenario, fault) => {
    const binary = await variant(fault);
    const report = await sweepCalls(scenario, { strike: KILL, step: 10, untilBad: true, binary });
    mustBeCaught("kill at calls", fault, report.bad.length > 0);
  },
  TEST_TIMEOUT_MS,
);
