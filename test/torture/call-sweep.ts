import { EXIT_CODES } from "../../src/domain/errors.ts";
import type { BinaryProject, Ended } from "../support/binary.ts";
import { withinOneDay } from "../support/one-day.ts";
import { inParallel } from "../support/pool.ts";
import type { Bad, Report } from "../support/report.ts";
import { fileCalls, needsRoom, runWithFault, type SystemCall } from "../support/strace.ts";
import { type Scenario, type Stage, setStage } from "./scenarios.ts";
import { judge, type Told } from "./verdict.ts";

/** What strikes at a call. */
export interface Strike {
  readonly what: "signal=SIGKILL" | `error=${string}`;
  readonly forever: boolean;
}

/** How a sweep goes. */
export interface SweepOptions {
  readonly strike: Strike;
  /** Every how many-th call is struck. */
  readonly step: number;
  /** Whether the first bad case ends the sweep: enough to catch a faulty program. */
  readonly untilBad?: boolean;
  /** The program; the compiled one where none is named. */
  readonly binary?: string;
}

/** Runs a command once per file-system call from the mutex on, strikes at that call, and judges what is left. */
export function sweepCalls(scenario: Scenario, options: SweepOptions): Promise<Report> {
  return withinOneDay(() => sweepOnce(scenario, options));
}

async function sweepOnce(scenario: Scenario, options: SweepOptions): Promise<Report> {
  const started = performance.now();
  const stage = await setStage(scenario, options.binary);
  const chosen = (await strikable(stage, options)).filter((_, index) => index % options.step === 0);
  const calls = options.untilBad ? scattered(chosen) : chosen;
  const isEnough = (bad: Bad | null) => bad !== null && options.untilBad === true;
  const results = await inParallel(calls, (call) => struck(stage, call, options), isEnough);
  stage.project.remove();
  return {
    name: `${scenario.name}, ${nameOf(options.strike)}`,
    cases: results.length,
    bad: results.filter((result) => result !== null),
    seconds: (performance.now() - started) / 1000,
  };
}

/** Returns the calls of a stage's command that this strike makes sense at. */
export async function strikable(stage: Stage, options: SweepOptions): Promise<readonly SystemCall[]> {
  const trial = stage.project.copy();
  const calls = await fileCalls(trial, stage.scenario.command);
  trial.remove();
  return options.strike.what === "error=ENOSPC" ? calls.filter(needsRoom) : calls;
}

/** Runs the command of a stage in a copy of its project, struck at one call. */
export async function strike(
  stage: Stage,
  call: SystemCall,
  options: SweepOptions,
): Promise<{
  readonly project: BinaryProject;
  readonly ended: Ended;
  readonly told: Told;
  readonly hit: boolean;
}> {
  const project = stage.project.copy();
  const { ended, hit } = await runWithFault(project, stage.scenario.command, {
    call,
    ...options.strike,
  });
  const killed = ended.code === null || ended.code === KILLED;
  const told = killed || passesOver(ended, options.strike) ? "killed" : ended.code === 0 ? "done" : "failed";
  return { project, ended, hit, told };
}

/** What may not be read is named in a warning and left out: then it may well be that nothing was left to do. */
function passesOver({ stderr }: Ended, { what }: Strike): boolean {
  return what === "error=EACCES" && /^WARNING: (?!The change is committed).*\(EACCES\)/m.test(stderr);
}

/** Exit status that strace passes on for a program that SIGKILL ended. */
const KILLED = 137;

async function struck(stage: Stage, call: SystemCall, options: SweepOptions): Promise<Bad | null> {
  const { project, ended, told, hit } = await strike(stage, call, options);
  const what = hit
    ? (misspoken(ended, options.strike) ?? (await judge(stage, project, told)))
    : "strace did not get to strike";
  project.remove();
  return what === null
    ? null
    : { at: `${call.name} ${call.nth}: ${call.line.slice(0, 120)}`, what: `${told}; ${what}` };
}

/** An error of the system is told as one: it is no fault of mai, and nothing that the program dies of. */
function misspoken(ended: Ended, strike: Strike): string | null {
  const { code, stdout, stderr } = ended;
  if (strike.what === "signal=SIGKILL" || code === 0 || code === EXIT_CODES.IO_ERROR) return null;
  if (passesOver(ended, strike) && code === EXIT_CODES.NOTHING_READY) return null;
  return `exit status ${code}: ${stdout}${stderr}`;
}

/** Brings items into an order that goes over all of them again and again: a fault that is somewhere is met soon. */
function scattered<Item>(items: readonly Item[]): readonly Item[] {
  const strides = [16, 8, 4, 2, 1];
  return [...new Set(strides.flatMap((stride) => items.filter((_, at) => at % stride === stride >> 1)))];
}

function nameOf({ what, forever }: Strike): string {
  return `${what.slice(what.indexOf("=") + 1)}${forever ? " for ever" : ""}`;
}
