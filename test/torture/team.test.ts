import { expect, test } from "bun:test";
import type { MutantName } from "../support/mutants.ts";
import { counted, mustBeCaught } from "../support/report.ts";
import type { Program } from "../support/sandbox.ts";
import { faultOfWalk, TeamModel, walkOf } from "../support/team-model.ts";
import { variantInProcess } from "../support/variant.ts";

const HARNESS = "random teams";
const STEPS = 150;
const SEEDS = [1, 2, 3, 4];
/** Every rule of who can take what, taken away. The walks are always the same: none is caught by luck. */
const WITHOUT_A_RULE = [
  "take-state-unchecked",
  "take-lease-unchecked",
  "take-assignment-unchecked",
  "take-dependencies-unchecked",
  "take-limits-unchecked",
  "take-give-back-unchecked",
  "take-escalation-unchecked",
  "ended-lease-counts-as-handler",
  "release-keeps-the-handler",
  "claim-forgets-the-owner",
  "resuming-forgotten",
  "wait-asks-another-question",
] as const satisfies readonly MutantName[];

/** Walks until something is wrong. */
async function firstFault(program?: Program): Promise<string | null> {
  for (const seed of SEEDS) {
    const team = await TeamModel.start(program);
    const fault = await faultOfWalk(team, walkOf(seed, STEPS)).catch(String);
    team.box.remove();
    if (fault !== null) return `walk ${seed}, ${fault}`;
  }
  return null;
}

test("work that somebody can take is given to somebody, and next, wait and list agree", async () => {
  const started = performance.now();
  expect(await firstFault()).toBeNull();
  counted(HARNESS, SEEDS.length * STEPS, started);
}, 120_000);

test.each(WITHOUT_A_RULE)(
  "the same walks find out a program with %s",
  async (name) => {
    mustBeCaught(HARNESS, name, (await firstFault(await variantInProcess(name))) !== null);
  },
  120_000,
);
