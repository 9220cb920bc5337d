import { afterAll, expect, test } from "bun:test";
import type { MutantName } from "../support/mutants.ts";
import { withinOneDay } from "../support/one-day.ts";
import { mustBeCaught, settle } from "../support/report.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { cutPower, cutPowerOfPair, cutPowerOfRecovery } from "./power-loss.ts";
import { OTHERS, PAIRS, SHAPES } from "./scenarios.ts";
import { IS_LARGE, sized, TEST_TIMEOUT_MS } from "./size.ts";

afterAll(removeVariants);

for (const scenario of IS_LARGE ? [...SHAPES, ...OTHERS] : SHAPES) {
  test(
    `a power cut during '${scenario.name}' leaves before or after, and after once it was acknowledged`,
    async () => {
      const report = await withinOneDay(() => cutPower(scenario, { most: sized(150, 100_000) }));
      settle("power cuts", report);
      expect(report.cases).toBeGreaterThan(10);
    },
    TEST_TIMEOUT_MS,
  );

  test(
    `a power cut while the next command recovers a killed '${scenario.name}' leaves before or after`,
    async () => {
      const report = await withinOneDay(() =>
        cutPowerOfRecovery(scenario, { most: sized(60, 100_000), step: sized(6, 1) }),
      );
      settle("power cuts during recovery", report);
    },
    TEST_TIMEOUT_MS,
  );
}

for (const [first, second] of IS_LARGE ? PAIRS : PAIRS.slice(0, 1)) {
  test(
    `a power cut during '${second.slice(0, 2).join(" ")}' right after '${first.name}' keeps the first, and leaves before or after`,
    async () => {
      const report = await withinOneDay(() => cutPowerOfPair(first, second, { most: sized(80, 100_000) }));
      settle("power cuts", report);
      expect(report.cases).toBeGreaterThan(10);
    },
    TEST_TIMEOUT_MS,
  );
}

/** Faults that a power cut must bring to light. */
const MUST_CATCH = [
  "no-fsync",
  "no-record-fsync",
  "no-file-fsync",
  "no-directory-fsync",
  "no-append-fsync",
  "record-goes-early",
  "no-journal",
  "zeros-are-a-hand-edit",
] as const satisfies readonly MutantName[];

for (const fault of MUST_CATCH) {
  test(
    `the power cuts catch a program with the fault ${fault}`,
    async () => {
      const report = await cutPower(SHAPES[0], { most: 400, untilBad: true, binary: await variant(fault) });
      mustBeCaught("power cuts", fault, report.bad.length > 0);
    },
    TEST_TIMEOUT_MS,
  );
}

test(
  "the power cuts catch a program with the fault mirror-moved-in-passing",
  async () => {
    const binary = await variant("mirror-moved-in-passing");
    const deletion = SHAPES.find(({ deletes }) => deletes) ?? SHAPES[0];
    const report = await cutPower(deletion, { most: 400, untilBad: true, binary });
    mustBeCaught("power cuts", "mirror-moved-in-passing", report.bad.length > 0);
  },
  TEST_TIMEOUT_MS,
);

for (const fault of ["recovery-trusts-directories", "recovery-trusts-the-record"] as const) {
  test(
    `the power cuts catch a program with the fault ${fault}`,
    async () => {
      const binary = await variant(fault);
      const report = await cutPowerOfRecovery(SHAPES[1], { most: 1000, step: 1, untilBad: true, binary });
      mustBeCaught("power cuts during recovery", fault, report.bad.length > 0);
    },
    TEST_TIMEOUT_MS,
  );
}
