import { existsSync } from "node:fs";
import { join } from "node:path";
import { inParallel } from "../support/pool.ts";
import type { Bad, Report } from "../support/report.ts";
import { fileCalls, runWithFault, type SystemCall } from "../support/strace.ts";
import { strikable, strike } from "./call-sweep.ts";
import { type Scenario, type Stage, setStage } from "./scenarios.ts";
import { judge } from "./verdict.ts";

const KILL = { what: "signal=SIGKILL", forever: false } as const;

/**
 * Kills a command at every `first`-th call that changes something, then the next command, which recovers, at every
 * `second`-th of its own, and judges what the command after that leaves.
 */
export async function killRecoveries(
  scenario: Scenario,
  steps: { readonly first: number; readonly second: number; readonly binary?: string },
): Promise<Report> {
  const started = performance.now();
  const { binary } = steps;
  const stage = await setStage(scenario, binary);
  const calls = await strikable(stage, { strike: KILL, step: 1 });
  const chosen = calls.filter((_, index) => index % steps.first === 0);
  const results = await inParallel(chosen, (call) => killTwice(stage, call, steps.second));
  stage.project.remove();
  return {
    name: `${scenario.name}, SIGKILL twice`,
    cases: results.reduce((sum, { cases }) => sum + cases, 0),
    bad: results.flatMap(({ bad }) => bad),
    seconds: (performance.now() - started) / 1000,
  };
}

async function killTwice(
  stage: Stage,
  first: SystemCall,
  step: number,
): Promise<{ readonly cases: number; readonly bad: readonly Bad[] }> {
  const { project } = await strike(stage, first, { strike: KILL, step: 1 });
  const { next } = stage.scenario;
  if (!existsSync(join(project.root, ".mai"))) return { cases: 0, bad: [] }; // Nothing is left to recover.
  const trial = project.copy();
  const calls = (await fileCalls(trial, next)).filter((_, index) => index % step === 0);
  trial.remove();
  const bad: Bad[] = [];
  for (const call of calls) {
    const copy = project.copy();
    await runWithFault(copy, next, { call, ...KILL });
    const what = await judge(stage, copy, "killed");
    copy.remove();
    if (what !== null) bad.push({ at: `${first.name} ${first.nth}, then ${call.name} ${call.nth}`, what });
  }
  project.remove();
  return { cases: calls.length, bad };
}
