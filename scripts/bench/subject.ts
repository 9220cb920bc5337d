/** One thing that is timed: a whole process, or a step of this one that times itself. */
export interface Subject {
  readonly name: string;
  /** What the specification asks for, as shown in the table; absent for what is only compared with. */
  readonly target?: Target;
  /** Runs once. @returns milliseconds */
  readonly time: (run: number) => number;
  /** Runs once, untimed. @returns most memory that the process had at once, in bytes; null where that cannot be told */
  readonly peakMemory?: (run: number) => number | null;
}

/** A limit on the ratio of a subject's median to another's. */
export interface Target {
  readonly ratio: number;
  /** Name of the subject that it is compared with. */
  readonly to: string;
}

/** How a process is started. */
export interface Start {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Returns a subject that starts a process, and waits for it; `prepare` runs before it and is not timed. */
export function processSubject(
  facts: { readonly name: string; readonly target?: Target; readonly failing?: true },
  start: (run: number) => Start,
  prepare: (run: number) => void = () => undefined,
): Subject {
  const { name, target, failing } = facts;
  return {
    name,
    ...(target === undefined ? {} : { target }),
    time(run) {
      prepare(run);
      return timedProcess(name, start(run), failing === true);
    },
    peakMemory(run) {
      prepare(run);
      return peakMemoryOf(start(run));
    },
  };
}

/** What starts a program lends it its own peak, and a bench is larger than mai: GNU time stands between, which is small. */
function peakMemoryOf({ argv, cwd, env }: Start): number | null {
  const time = Bun.which("time");
  if (time === null) return null;
  const under = [time, "--format", "%M", ...argv];
  const { stderr } = Bun.spawnSync(under, { cwd, env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const kibibytes = Number(stderr.toString().trimEnd().split("\n").at(-1));
  return Number.isInteger(kibibytes) ? kibibytes * 1024 : null;
}

/** @throws Error when the process does not end as it should: a bench of refusals would be worth nothing */
function timedProcess(name: string, start: Start, failing: boolean): number {
  const { argv, cwd, env } = start;
  const from = Bun.nanoseconds();
  const ended = Bun.spawnSync([...argv], { cwd, env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const elapsed = (Bun.nanoseconds() - from) / 1e6;
  if ((ended.exitCode !== 0) !== failing) {
    throw new Error(`${name}: ${argv.join(" ")} ended with ${ended.exitCode}: ${ended.stderr}`);
  }
  return elapsed;
}

/** Runs every subject in turn, again and again, so that whatever else the machine does meets all of them alike. */
export function interleave(
  subjects: readonly Subject[],
  counts: { readonly warmups: number; readonly runs: number },
): ReadonlyMap<string, readonly number[]> {
  const times = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let run = 0; run < counts.warmups + counts.runs; run += 1) {
    for (const subject of subjects) {
      const elapsed = subject.time(run);
      if (run >= counts.warmups) times.get(subject.name)?.push(elapsed);
    }
  }
  return times;
}
