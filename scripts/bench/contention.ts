import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { generateProject } from "./generate-project.ts";
import { type Bench, environment } from "./mai-subjects.ts";
import { PhysicalLimit } from "./physical-limit.ts";

/** Processes that are started at once. */
const PROCESSES = 64;
const OPERATIONS = [
  { name: "claim", words: [] },
  { name: "amend", words: ["seen it"] },
  { name: "complete", words: ["done"] },
] as const;

/** One line of the report on contention. */
export interface Crowd {
  readonly name: string;
  /** Operations a second, all processes together. */
  readonly perSecond: number;
  /** Milliseconds from the common start to the end of a process. */
  readonly meanWait: number;
  readonly slowestWait: number;
}

/** Starts 64 processes at once on one project, operation by operation, each on an issue of its own. */
export async function measureCrowds(bench: Bench): Promise<readonly Crowd[]> {
  const root = join(bench.scratch, "crowd");
  mkdirSync(root);
  generateProject(root, { issues: PROCESSES });
  const crowds: Crowd[] = [
    await crowdOf(bench, root, { name: `${PROCESSES} empty programs`, argv: () => [bench.programs.empty] }),
  ];
  for (const { name, words } of OPERATIONS) {
    const argv = (index: number) => [
      ...[bench.programs.mai, "issue", name, `REQ-${String(index + 1).padStart(3, "0")}`],
      ...[...words, "-o", "alice"],
    ];
    crowds.push(await crowdOf(bench, root, { name: `${PROCESSES} × mai issue ${name}`, argv }));
  }
  return [...crowds, loopAlone(bench)];
}

async function crowdOf(
  bench: Bench,
  cwd: string,
  work: { readonly name: string; readonly argv: (index: number) => readonly string[] },
): Promise<Crowd> {
  const env = environment(bench);
  const from = Bun.nanoseconds();
  const waits = await Promise.all(
    Array.from({ length: PROCESSES }, async (_, index) => {
      const process = Bun.spawn([...work.argv(index)], { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
      if ((await process.exited) !== 0) throw new Error(`${work.name}: a process failed`);
      return (Bun.nanoseconds() - from) / 1e6;
    }),
  );
  return crowd(work.name, waits);
}

/** One process that does only the flock, the writes and the fsyncs of as many claims. */
function loopAlone(bench: Bench): Crowd {
  const limit = new PhysicalLimit(join(bench.scratch, "loop"));
  let elapsed = 0;
  const waits = Array.from({ length: PROCESSES }, () => {
    elapsed += limit.once();
    return elapsed;
  });
  return crowd("one process, a loop of flock, writes and fsyncs", waits);
}

function crowd(name: string, waits: readonly number[]): Crowd {
  const slowestWait = Math.max(...waits);
  const meanWait = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  return { name, perSecond: (waits.length / slowestWait) * 1000, meanWait, slowestWait };
}
