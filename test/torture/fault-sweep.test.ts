import { afterAll, expect, test } from "bun:test";
import type { MutantName } from "../support/mutants.ts";
import { mustBeCaught, settle, summed } from "../support/report.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { type Strike, sweepCalls } from "./call-sweep.ts";
import { OTHERS, SHAPES } from "./scenarios.ts";
import { IS_LARGE, sized, TEST_TIMEOUT_MS } from "./size.ts";

afterAll(removeVariants);

const ERRORS = IS_LARGE
  ? ["ENOSPC", "EIO", "EROFS", "EACCES", "EDQUOT", "EMFILE", "EINTR", "ENOLCK"]
  : ["ENOSPC", "EIO"];
/** A call that is interrupted is made again, by the runtime itself: one that always is would go on for ever. */
const PASSING: ReadonlySet<string> = new Set(["EINTR"]);
const STRIKES: readonly Strike[] = ERRORS.flatMap((error) =>
  (PASSING.has(error) ? [false] : [false, true]).map((forever) => ({
    what: `error=${error}` as const,
    forever,
  })),
);

for (const scenario of SHAPES) {
  test(
    `'${scenario.name}' with an error at each call says done when it is done, and fails when nothing changed`,
    async () => {
      const reports = [];
      for (const strike of STRIKES)
        reports.push(await sweepCalls(scenario, { strike, step: strike.forever ? sized(2, 1) : 1 }));
      const report = summed(`${scenario.name}, ${ERRORS.join(" and ")}, once and for ever`, reports);
      settle("errors at calls", report);
      expect(report.cases).toBeGreaterThan(100);
    },
    TEST_TIMEOUT_MS,
  );
}

test(
  "an error at every tenth call of other commands is told honestly",
  async () => {
    const reports = [];
    for (const scenario of OTHERS) {
      for (const strike of STRIKES)
        reports.push(await sweepCalls(scenario, { strike, step: sized(strike.forever ? 20 : 10, 1) }));
    }
    const report = summed(`other commands, ${ERRORS.join(" and ")}`, reports);
    settle("errors at calls", report);
  },
  TEST_TIMEOUT_MS,
);

/** Faults that errors must bring to light. */
const MUST_CATCH = [
  "fault-after-commit-is-an-error",
  "fault-is-swallowed",
  "system-error-is-a-fault-of-mai",
  "no-journal",
] as const satisfies readonly MutantName[];

for (const fault of MUST_CATCH) {
  test(
    `the sweep catches a program with the fault ${fault}`,
    async () => {
      const strike = { what: "error=ENOSPC", forever: false } as const;
      const report = await sweepCalls(SHAPES[0], {
        strike,
        step: 1,
        untilBad: true,
        binary: await variant(fault),
      });
      mustBeCaught("errors at calls", fault, report.bad.length > 0);
    },
    TEST_TIMEOUT_MS,
  );
}
