import type { BinaryProject } from "../support/binary.ts";
import { differences, leftovers, snapshotOf } from "../support/snapshot.ts";
import type { Stage } from "./scenarios.ts";

/** What was wrong after a disturbance, and where it struck. */
export interface Bad {
  readonly at: string;
  readonly what: string;
}

/** Cases that a harness ran, and those that broke a promise. */
export interface Report {
  readonly name: string;
  readonly cases: number;
  readonly bad: readonly Bad[];
  readonly seconds: number;
}

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
  const read = scenario.repeats ? null : await project.run(LIST);
  if (read !== null && read.code !== 0) return `the next reader failed: ${read.stdout}${read.stderr}`;
  const next = await project.run(scenario.next);
  if (next.code !== 0) return `the next writer failed: ${next.stdout}${next.stderr}`;
  const again = await project.run(LIST);
  if (read !== null && again.stdout !== read.stdout)
    return `readers differ: ${read.stdout} then ${again.stdout}${again.stderr}`;
  const rest = leftovers(project.root);
  if (rest.length > 0) return `left behind: ${rest.join(", ")}`;
  return stateFault(stage, project, told, options);
}

/** Prints the one line of a harness. */
export function print(report: Report): void {
  const { name, cases, bad, seconds } = report;
  console.log(`${name}: ${cases} cases, ${bad.length} bad, ${seconds.toFixed(1)} s`);
}

/** Gathers one report out of many. */
export function summed(name: string, reports: readonly Report[]): Report {
  return {
    name,
    cases: reports.reduce((sum, { cases }) => sum + cases, 0),
    bad: reports.flatMap(({ name: part, bad }) =>
      bad.map(({ at, what }) => ({ at: `${part}: ${at}`, what })),
    ),
    seconds: reports.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

const LIST = ["--json", "issue", "list"];

function stateFault(
  stage: Stage,
  project: BinaryProject,
  told: Told,
  options: { readonly modes: boolean },
): string | null {
  const state = snapshotOf(project.root, options);
  const [before, after] = options.modes
    ? [stage.before, stage.after]
    : [plain(stage.before), plain(stage.after)];
  const offAfter = differences(state, after);
  if (offAfter.length === 0)
    return told === "failed" && !stage.scenario.repeats ? dishonest(before, after) : null;
  if (stage.scenario.repeats) return `not as after: ${offAfter.join(", ")}`;
  const offBefore = differences(state, before);
  if (offBefore.length > 0) return `between: ${offBefore.join(", ")} changed, ${offAfter.join(", ")} did not`;
  return told === "done" ? "it said done, and nothing was done" : null;
}

/** A command that changes nothing is as before and as after at once. */
function dishonest(before: Stage["before"], after: Stage["after"]): string | null {
  return differences(before, after).length === 0 ? null : "it failed, and the change was done all the same";
}

/** Takes the modes away that stand before each text. */
function plain(snapshot: Stage["before"]): Stage["before"] {
  return new Map([...snapshot].map(([path, text]) => [path, text.slice(text.indexOf(" ") + 1)]));
}
