import { EXIT_CODES } from "../../src/domain/errors.ts";
import { type BinaryProject, type Ended, MAI } from "../support/binary.ts";
import { runInProcess } from "../support/run-in-process.ts";
import { differences, leftovers, snapshotOf } from "../support/snapshot.ts";
import type { Stage } from "./scenarios.ts";

/** What the disturbed command said: nothing (killed), done, or failed. */
export type Told = "killed" | "done" | "failed";

/**
 * Runs the next commands, a reader and a writer that has nothing to do, and looks whether the project is as
 * before or as after, whole, with nothing lying about; and whether that fits what the command said.
 * @returns what is wrong, null for nothing
 */
export async function judge(
  stage: Stage,
  project: BinaryProject,
  told: Told,
  options: { readonly modes: boolean } = { modes: true },
): Promise<string | null> {
  const { scenario } = stage;
  if (scenario.deletes) return judgeDeletion(stage, project, told, options);
  const run = runnerOf(project, told);
  const read = scenario.repeats ? null : await run(LIST);
  if (read !== null && read.code !== 0) return `the next reader failed: ${read.stdout}${read.stderr}`;
  const next = await run(scenario.next);
  if (next.code !== 0) return `the next writer failed: ${next.stdout}${next.stderr}`;
  const again = await runnerOf(project, "done")(LIST);
  if (read !== null && withoutSpans(again.stdout) !== withoutSpans(read.stdout))
    return `readers differ: ${read.stdout} then ${again.stdout}${again.stderr}`;
  const rest = leftovers(project.root);
  if (rest.length > 0) return `left behind: ${rest.join(", ")}`;
  return stateFault(stage, project, told, options);
}

/** Some seconds pass between two readings: spans that are counted from now differ. */
function withoutSpans(list: string): string {
  return list.replace(/"(age_seconds|lease_seconds_left)":-?\d+/g, '"$1":0');
}

/**
 * Runs what comes after: where the disturbed command was killed, which is left to recover, by the compiled program;
 * else inside this process, which takes a third of the time. A program with a fault always runs itself.
 */
function runnerOf(project: BinaryProject, told: Told): (argv: readonly string[]) => Promise<Ended> {
  const isCompiled = told === "killed" || project.binary !== MAI;
  return (argv) => (isCompiled ? project.run(argv) : runInProcess(project, argv));
}

const LIST = ["--json", "issue", "list"];

const DELETE_AGAIN = ["project", "delete", ".", "--yes", "-o", "admin"];

/** A project is there whole, or it is gone, and then the next deletion there finds none and sweeps what is left. */
async function judgeDeletion(
  stage: Stage,
  project: BinaryProject,
  told: Told,
  options: { readonly modes: boolean },
): Promise<string | null> {
  const run = runnerOf(project, told);
  const read = await run(LIST);
  const isGone = read.code === EXIT_CODES.PROJECT_NOT_FOUND;
  if (!isGone && read.code !== 0) return `the next reader failed: ${read.stdout}${read.stderr}`;
  const next = await run(isGone ? DELETE_AGAIN : stage.scenario.next);
  if (!isGone && next.code !== 0) return `the next writer failed: ${next.stdout}${next.stderr}`;
  const { before, after } = allowedStates(stage, options);
  const off = differences(snapshotOf(project.root, options), isGone ? after : before);
  if (off.length > 0) return `${isGone ? "deleted" : "not deleted"}, but ${off.join(", ")} differ`;
  if (told === "done" && !isGone) return "it said done, and the project is there";
  return told === "failed" && isGone ? "it failed, and the project is gone all the same" : null;
}

function stateFault(
  stage: Stage,
  project: BinaryProject,
  told: Told,
  options: { readonly modes: boolean },
): string | null {
  const state = snapshotOf(project.root, options);
  const { before, after } = allowedStates(stage, options);
  const offAfter = differences(state, after);
  if (offAfter.length === 0)
    return told === "failed" && !stage.scenario.repeats ? dishonest(before, after) : null;
  if (stage.scenario.repeats) return `not as after: ${offAfter.join(", ")}`;
  const offBefore = differences(state, before);
  if (offBefore.length > 0) return `between: ${offBefore.join(", ")} changed, ${offAfter.join(", ")} did not`;
  return told === "done" ? "it said done, and nothing was done" : null;
}

function allowedStates({ before, after }: Stage, options: { readonly modes: boolean }) {
  return options.modes ? { before, after } : { before: plain(before), after: plain(after) };
}

/** A command that changes nothing is as before and as after at once. */
function dishonest(before: Stage["before"], after: Stage["after"]): string | null {
  return differences(before, after).length === 0 ? null : "it failed, and the change was done all the same";
}

/** Takes the modes away that stand before each text. */
function plain(snapshot: Stage["before"]): Stage["before"] {
  return new Map([...snapshot].map(([path, text]) => [path, text.slice(text.indexOf(" ") + 1)]));
}
