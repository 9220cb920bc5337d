import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAI, requireBinary, requireTool } from "../support/binary.ts";

requireBinary();
requireTool("git", "git");

setDefaultTimeout(60_000);

let base: string;
let one: string;
let two: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "mai-merge-")));
  mkdirSync(join(base, "home"));
  one = join(base, "one");
  two = join(base, "two");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const env = () => ({
  HOME: join(base, "home"),
  PATH: process.env.PATH ?? "",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
});

function run(cwd: string, argv: readonly string[]): string {
  const ended = Bun.spawnSync([...argv], { cwd, env: env() });
  if (ended.exitCode !== 0) throw new Error(`${argv.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return ended.stdout.toString();
}

function git(cwd: string, ...argv: readonly string[]): void {
  run(cwd, ["git", "-c", "user.name=a", "-c", "user.email=a@b", ...argv]);
}

function mai(cwd: string, ...argv: readonly string[]) {
  return JSON.parse(run(cwd, [MAI, "--json", ...argv]));
}

/** The codes of what the doctor finds beyond notes. */
function faults(cwd: string, ...argv: readonly string[]): readonly string[] {
  const { stdout } = Bun.spawnSync([MAI, "--json", "doctor", ...argv], { cwd, env: env() });
  const { findings } = JSON.parse(stdout.toString());
  return findings
    .filter(({ severity }: { severity: string }) => severity !== "note")
    .map(({ code }: { code: string }) => code);
}

function commit(cwd: string): void {
  git(cwd, "add", "-A");
  git(cwd, "commit", "-qm", "work");
}

/** Works as one agent does in a clone: one issue to the end, and one that is only made. */
function work(cwd: string, agent: string, rounds: number): readonly string[] {
  return Array.from({ length: rounds }, () => {
    const id: string = mai(cwd, "issue", "new", "questions", `By ${agent}`, "-o", agent).issue_id;
    mai(cwd, "issue", "claim", id, "-o", agent);
    mai(cwd, "issue", "amend", id, `seen by ${agent}`, "-o", agent);
    mai(cwd, "issue", "complete", id, "Good", "-o", agent);
    mai(cwd, "log", "write", agent, "note", `note of ${agent}`, "-o", agent);
    mai(cwd, "log", "undo", "-o", agent);
    mai(cwd, "issue", "new", "questions", `Open, by ${agent}`, "-o", agent);
    return id;
  });
}

function eventLines(cwd: string): readonly Record<string, unknown>[] {
  const directory = join(cwd, ".mai/events");
  return readdirSync(directory)
    .flatMap((name) => readFileSync(join(directory, name), "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line));
}

function twoClones(): void {
  mkdirSync(one);
  git(one, "init", "-q", "-b", "main");
  mai(one, "init", "-o", "admin");
  mai(one, "config", "set", "id_style", "hash", "-o", "admin");
  for (const agent of ["alice", "bob"]) mai(one, "agent", "add", agent, "-o", "admin");
  commit(one);
  git(base, "clone", "-q", one, two);
  git(two, "config", "user.name", "b");
}

/** Checks that nothing was lost, and that numbers are unique and without gaps. */
function expectWhole(cwd: string, ids: readonly string[]): void {
  const events = eventLines(cwd);
  const numbers = events.map(({ seq }) => Number(seq)).toSorted((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  const completed = events.filter(({ type }) => type === "issue.completed").map(({ issue }) => String(issue));
  expect(completed.toSorted()).toEqual([...ids].toSorted());
  for (const undone of events.filter(({ type }) => type === "log.undone")) {
    const { noted_seq: seq, line } = undone.data as Record<string, unknown>;
    expect(events.find((event) => event.seq === seq)).toMatchObject({ type: "log.noted", data: { line } });
  }
  for (const id of ids)
    expect(mai(cwd, "issue", "show", id)).toMatchObject({ issue: { status: "COMPLETED" } });
  expect(run(cwd, [MAI, "--json", "events"]).trimEnd().split("\n")).toHaveLength(events.length);
}

describe("branches of two clones that both worked are joined", () => {
  for (const way of ["merge", "rebase"] as const) {
    test(`by git ${way}: no conflict, and after doctor --fix the project is sound`, () => {
      twoClones();
      const ids = [...work(one, "alice", 2), ...work(two, "bob", 3)];
      commit(one);
      commit(two);
      git(two, "fetch", "-q", "origin");
      git(two, way, "origin/main", ...(way === "merge" ? ["-q", "-m", "join"] : []));
      expect(faults(two)).toContain("events_joined");
      expect(faults(two, "--fix")).toEqual([]);
      expectWhole(two, ids);
      const next = mai(two, "issue", "new", "questions", "After", "-o", "bob").issue_id;
      expect(mai(two, "issue", "show", next)).toMatchObject({ issue: { title: "After" } });
      expect(faults(two)).toEqual([]);
    });
  }

  test("work goes on in both after a join, and the next merge counts every event once", () => {
    twoClones();
    const ids = [...work(one, "alice", 1), ...work(two, "bob", 1)];
    commit(one);
    commit(two);
    git(two, "fetch", "-q", "origin");
    git(two, "merge", "-q", "-m", "join", "origin/main");
    expect(faults(two, "--fix")).toEqual([]);
    commit(two);
    ids.push(...work(one, "alice", 1), ...work(two, "bob", 1));
    commit(one);
    commit(two);
    git(one, "remote", "add", "two", two);
    git(one, "fetch", "-q", "two");
    git(one, "merge", "-q", "-m", "join", "two/main");
    expect(faults(one, "--fix")).toEqual([]);
    expectWhole(one, ids);
  });
});
