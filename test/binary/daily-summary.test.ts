import { afterAll, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BinaryProject, type Ended } from "../support/binary.ts";
import { leftovers } from "../support/snapshot.ts";
import { removeVariants, variant } from "../support/variant.ts";

afterAll(removeVariants);

const TIMEOUT_MS = 120_000;
const WRITERS = Array.from({ length: 64 }, (_, index) => `agent-${String(index).padStart(2, "0")}`);

/** What the files say after every writer ended. */
interface Written {
  readonly ended: readonly Ended[];
  readonly status: Readonly<Record<string, string>>;
  /** Text of each summary, by agent. */
  readonly summaries: Readonly<Record<string, string>>;
  readonly seqs: readonly number[];
  readonly history: readonly string[];
  readonly mirrorsEqual: boolean;
  readonly leftovers: readonly string[];
}

/** A project with 64 agents and a round for them; only half of them are in it when it starts. */
async function roundForAll(): Promise<BinaryProject> {
  const project = await BinaryProject.after([["init", "-o", "admin"]]);
  const path = join(project.root, ".mai/config.json");
  const config = JSON.parse(readFileSync(path, "utf8"));
  const agents = Object.fromEntries(WRITERS.map((name) => [name, { heartbeat_minutes: 30 }]));
  const order = WRITERS.filter((_, index) => index % 2 === 0);
  writeFileSync(path, JSON.stringify({ ...config, agents, daily_summary_order: order }));
  await project.ok("daily-summary", "trigger", "-o", "admin");
  return project;
}

async function writeAtOnce<Result>(
  readBack: (project: BinaryProject, ended: readonly Ended[]) => Promise<Result>,
  binary?: string,
): Promise<Result> {
  const project = await roundForAll();
  const start = binary === undefined ? {} : { binary };
  const ended = await Promise.all(
    WRITERS.map((name) => project.run(["daily-summary", "write", name, "day", "of", name], start)),
  );
  const result = await readBack(project, ended);
  project.remove();
  return result;
}

/** How many the round knows to have written; without the lock even its file may be gone. */
async function writtenInRound(project: BinaryProject): Promise<number> {
  const path = join(project.root, ".mai/daily-summary/status.json");
  return existsSync(path) ? readFileSync(path, "utf8").split(': "written"').length - 1 : 0;
}

async function writtenFiles(project: BinaryProject, ended: readonly Ended[]): Promise<Written> {
  const read = (path: string) => readFileSync(join(project.root, path), "utf8");
  const lines = (directory: string) =>
    readdirSync(join(project.root, directory), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap(({ name }) => read(`${directory}/${name}`).trimEnd().split("\n"));
  const status = read(".mai/daily-summary/status.json");
  const { stdout } = await project.ok("--json", "daily-summary", "read", "--all");
  const { date } = JSON.parse(status);
  const mirrored = WRITERS.map((name) => `history/daily-${date}/${name}.md`);
  return {
    ended,
    status: JSON.parse(status).status,
    summaries: JSON.parse(stdout).summaries,
    // The report is a change of its own: the last line and the last event.
    seqs: lines(".mai/events")
      .map((line) => JSON.parse(line).seq as number)
      .sort((a, b) => a - b),
    history: lines(".mai/history"),
    mirrorsEqual:
      status === read("async/daily-summary/status.json") &&
      mirrored.every((path) => read(`.mai/${path}`) === read(`async/${path}`)),
    leftovers: leftovers(project.root),
  };
}

test(
  "64 processes write a summary each at the same time: 64 files, 64 written in the round, none lost",
  async () => {
    const result = await writeAtOnce(writtenFiles);
    expect(result.ended.filter(({ code }) => code !== 0)).toEqual([]);
    expect(Object.entries(result.status).sort()).toEqual(WRITERS.map((name) => [name, "written"]));
    expect(Object.entries(result.summaries).sort()).toEqual(WRITERS.map((name) => [name, `day of ${name}`]));
    expect(result.seqs).toEqual(result.seqs.map((_, index) => index + 1));
    expect(result.history.filter((line) => line.includes("[summary_write]"))).toHaveLength(64);
    expect(result.mirrorsEqual).toBe(true);
    expect(result.leftovers).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "control: without the lock some of the 64 are lost from the round",
  async () => {
    const broken = await variant("meeting", "no-lock");
    expect(await writeAtOnce(writtenInRound, broken)).toBeLessThan(64);
  },
  TIMEOUT_MS,
);
