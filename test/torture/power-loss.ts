import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BinaryProject, scratchDirectory } from "../support/binary.ts";
import { inParallel } from "../support/pool.ts";
import type { Bad, Report } from "../support/report.ts";
import { traced } from "../support/strace.ts";
import { type Disk, DiskModel } from "./disk-model.ts";
import { type DiskOperation, diskOperations, TRACE_OPTIONS } from "./disk-operations.ts";
import { type Scenario, type Stage, setStage } from "./scenarios.ts";
import { judge, type Told } from "./verdict.ts";

/** A disk that a power cut left, and what the command had said by then. */
interface Cut {
  readonly disk: Disk;
  readonly told: Told;
  readonly at: string;
}

/** How far an enumeration goes. */
export interface PowerOptions {
  readonly most: number;
  /** Whether the first bad case ends it: enough to catch a faulty program. */
  readonly untilBad?: boolean;
  readonly binary?: string;
}

/** Takes a command's operations on the disk from one trace, cuts the power after each, and judges every disk that may be left. */
export async function cutPower(scenario: Scenario, options: PowerOptions): Promise<Report> {
  const started = performance.now();
  const stage = await setStage(scenario, options.binary);
  const project = stage.project.copy();
  const operations = await tracedOperations(project, scenario.command, []);
  const model = new DiskModel(filesOf(stage.project.root));
  const cuts = cutsOf(model, [operations], true);
  checkModel(model, project);
  project.remove();
  return {
    ...(await judged(stage, cuts, options)),
    name: `${scenario.name}, power cut`,
    seconds: since(started),
  };
}

/** Runs one command, and cuts the power while another one runs: the first was acknowledged, and must be there. */
export async function cutPowerOfPair(
  first: Scenario,
  second: Scenario["command"],
  options: PowerOptions,
): Promise<Report> {
  const started = performance.now();
  const fresh = await setStage(first);
  const name = `${first.name}, then ${second.slice(0, 2).join(" ")}`;
  const steps = [...first.steps, first.command];
  const stage = await setStage({ ...first, name, steps, command: second });
  const project = fresh.project.copy();
  const runs = [
    await tracedOperations(project, first.command, []),
    await tracedOperations(project, second, []),
  ];
  const model = new DiskModel(filesOf(fresh.project.root));
  const cuts = cutsOf(model, runs, true);
  checkModel(model, project);
  project.remove();
  fresh.project.remove();
  return { ...(await judged(stage, cuts, options)), name: `${name}, power cut`, seconds: since(started) };
}

/** Kills a command at each of its operations on the disk, and cuts the power while the next command recovers. */
export async function cutPowerOfRecovery(
  scenario: Scenario,
  options: PowerOptions & { readonly step: number },
): Promise<Report> {
  const started = performance.now();
  const stage = await setStage(scenario, options.binary);
  const whole = stage.project.copy();
  const kills = killPoints(await tracedText(whole, scenario.command, []));
  whole.remove();
  const chosen = kills.filter((_, index) => index % options.step === 0);
  const found = await inParallel(chosen, async (kill) => {
    const project = stage.project.copy();
    const first = await tracedOperations(project, scenario.command, kill);
    const second = await tracedOperations(project, scenario.next, []);
    const model = new DiskModel(filesOf(stage.project.root));
    const cuts = cutsOf(model, [first, second], false);
    checkModel(model, project);
    project.remove();
    return cuts;
  });
  const name = `${scenario.name}, SIGKILL then power cut`;
  return { ...(await judged(stage, found.flat(), options)), name, seconds: since(started) };
}

/** Enumerates the disks after each operation of the last run; the earlier runs only happened. */
function cutsOf(
  model: DiskModel,
  runs: readonly (readonly DiskOperation[])[],
  acknowledged: boolean,
): readonly Cut[] {
  const random = generator(7);
  const last = runs.at(-1) ?? [];
  for (const run of runs.slice(0, -1)) for (const operation of run) model.apply(operation);
  const cuts = new Map<string, Cut>();
  for (let done = 0; done <= last.length; done += 1) {
    const operation = last[done - 1];
    if (operation !== undefined) model.apply(operation);
    const told = acknowledged && done === last.length ? "done" : "killed";
    for (const disk of model.afterPowerCut({ scattered: true, random })) {
      const at = operation === undefined ? "the start" : `${done}: ${operation.kind} ${operation.path}`;
      cuts.set(`${told} ${keyOf(disk)}`, { disk, told, at });
    }
  }
  return [...cuts.values()];
}

async function judged(
  stage: Stage,
  cuts: readonly Cut[],
  options: PowerOptions,
): Promise<Pick<Report, "cases" | "bad">> {
  const random = generator(11);
  const tried = cuts.length <= options.most ? cuts : cuts.filter(() => random() < options.most / cuts.length);
  const isEnough = (fault: Bad | null) => fault !== null && options.untilBad === true;
  const bad = await inParallel(tried, (cut) => judgedCut(stage, cut), isEnough);
  stage.project.remove();
  return { cases: bad.length, bad: bad.filter((fault) => fault !== null) };
}

async function judgedCut(stage: Stage, cut: Cut): Promise<Bad | null> {
  const project = new BinaryProject(stage.project.binary, scratchDirectory("memory"));
  // A project that goes leaves no directories; of any other the empty ones are there before and after.
  for (const path of stage.scenario.deletes ? [] : directoriesOf(stage.project.root))
    mkdirSync(join(project.root, path), { recursive: true });
  for (const [path, bytes] of cut.disk) {
    mkdirSync(dirname(join(project.root, path)), { recursive: true });
    writeFileSync(join(project.root, path), bytes);
  }
  const what = await judge(stage, project, cut.told, { modes: false });
  project.remove();
  return what === null ? null : { at: cut.at, what: `${cut.told}; ${what}` };
}

/** The trace may have missed an operation; then the model and the real disk differ. */
function checkModel(model: DiskModel, project: BinaryProject): void {
  const real = filesOf(project.root);
  const same = keyOf(model.live) === keyOf(real);
  if (!same)
    throw new Error(`The model of the disk differs: ${[...model.live.keys()]} and ${[...real.keys()]}`);
}

async function tracedText(
  project: BinaryProject,
  argv: readonly string[],
  options: readonly string[],
): Promise<string> {
  const { trace } = await traced(project, argv, [...TRACE_OPTIONS, ...options]);
  return trace;
}

async function tracedOperations(
  project: BinaryProject,
  argv: readonly string[],
  options: readonly string[],
): Promise<readonly DiskOperation[]> {
  return diskOperations(await tracedText(project, argv, options), project.root);
}

/** Returns for each call that changes the disk the options with which strace kills there. */
function killPoints(trace: string): readonly (readonly string[])[] {
  const counts = new Map<string, number>();
  return trace.split("\n").flatMap((line) => {
    const name = /^(\w+)\(/.exec(line)?.[1];
    if (name === undefined) return [];
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    const changes = name !== "openat" && !line.startsWith("write(1<");
    return changes ? [["-e", `inject=${name}:signal=SIGKILL:when=${nth}`]] : [];
  });
}

function filesOf(root: string): Disk {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.endsWith("/mutex"));
  return new Map(paths.map((path) => [path.slice(root.length + 1), readFileSync(path)]));
}

function directoriesOf(root: string): readonly string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

function keyOf(disk: Disk): string {
  const lines = [...disk].map(([path, bytes]) => `${path} ${Bun.hash(bytes)}`);
  return lines.sort().join("\n");
}

/** A small generator of random numbers in [0, 1) that repeats from its seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function since(started: number): number {
  return (performance.now() - started) / 1000;
}
