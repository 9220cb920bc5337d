import { afterAll, beforeAll, expect, test } from "bun:test";
import { requireBinary, requireTool } from "../support/binary.ts";
import type { HarnessName } from "../support/harnesses.ts";
import { mustBeCaught, secondsSince, settle } from "../support/report.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { runCrowd } from "./actors.ts";
import { type CrowdResult, everything, takeOver } from "./crowds.ts";
import { faultsOf } from "./history-faults.ts";
import { readWhileWriting } from "./readers.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

beforeAll(() => {
  requireBinary();
  requireTool("unshare", "util-linux");
  requireTool("mount", "mount");
});
afterAll(removeVariants);

async function proved(harness: HarnessName, run: () => Promise<CrowdResult>): Promise<void> {
  const started = performance.now();
  const { processes, bad } = await run();
  settle(harness, {
    name: "all of them",
    cases: processes,
    bad: bad.map((what) => ({ at: "a crowd", what })),
    seconds: secondsSince(started),
  });
}

const THROUGH_TWO_PATHS = { issues: 3, killed: 0, stopped: 0, mounted: true } as const;

test(
  "actors who come through a bind mount and actors who do not are told what one after the other would be told",
  () =>
    proved("linearizability on a bind mount", async () => {
      const size = { actors: sized(16, 64), operations: sized(12, 100) };
      const run = await runCrowd({ ...THROUGH_TWO_PATHS, ...size, killed: 0.05, mutexDeleted: true });
      return { processes: run.history.length, bad: faultsOf(run) };
    }),
  TEST_TIMEOUT_MS,
);

test(
  "the same finds out a program that locks by the path of the project",
  async () => {
    const binary = await variant("meeting", "lock-by-path", "no-inode-check", "no-directory-lock");
    const run = await runCrowd({ ...THROUGH_TWO_PATHS, actors: 8, operations: 4, binary });
    mustBeCaught("linearizability on a bind mount", "lock-by-path", faultsOf(run).length > 0);
  },
  TEST_TIMEOUT_MS,
);

test(
  "each of many rounds of 64 claimers and guardians on a stale lease has one winner, with a larger token",
  () => proved("stale takeovers", () => takeOver({ rounds: sized(3, 100), claimers: 64, guardians: 8 })),
  TEST_TIMEOUT_MS,
);

for (const faults of [
  ["decide-before-lock"],
  ["meeting", "no-directory-lock"],
  ["fence-does-not-grow"],
] as const) {
  test(
    `the rounds are lost by a program with ${faults.join(" and ")}`,
    async () => {
      const { bad } = await takeOver({ rounds: 2, claimers: 24, guardians: 2 }, await variant(...faults));
      mustBeCaught("stale takeovers", faults.join(" and "), bad.length > 0);
    },
    TEST_TIMEOUT_MS,
  );
}

test(
  "summaries, agents, queues, settings, projects and notes at once: each of them is there afterwards",
  () => proved("everything at once", () => everything(sized(12, 80))),
  TEST_TIMEOUT_MS,
);

for (const faults of [["meeting", "no-lock"], ["registry-not-locked"]] as const) {
  test(
    `something is missing after the same with ${faults.join(" and ")}`,
    async () => {
      const { bad } = await everything(4, await variant(...faults));
      mustBeCaught("everything at once", faults.join(" and "), bad.length > 0);
    },
    TEST_TIMEOUT_MS,
  );
}

test(
  "readers see one state while 16 processes write, though every change stays unfinished for a while",
  async () => {
    const writing = await variant("slow-application");
    const size = { writers: 16, readers: 8, readings: sized(15, 400), writing };
    await proved("readers against writers", () => readWhileWriting(size));
  },
  TEST_TIMEOUT_MS,
);

test(
  "readers that do not look for a change in flight see a mixed state",
  async () => {
    const [writing, reading] = await Promise.all([
      variant("slow-application"),
      variant("reader-never-looks"),
    ]);
    const size = { writers: 8, readers: 8, readings: 150, untilBad: true };
    const { bad } = await readWhileWriting({ ...size, writing, reading });
    mustBeCaught("readers against writers", "reader-never-looks", bad.length > 0);
    expect(bad.join("\n")).not.toContain("INTERNAL_ERROR");
  },
  TEST_TIMEOUT_MS,
);
