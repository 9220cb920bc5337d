import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, readdirSync } from "node:fs";
import type { System } from "../../../src/store/system.ts";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

/** Answers for some command lines in place of the other process. */
function answering(answer: (argv: readonly string[]) => { code: number | null; stdout: string } | null) {
  return (system: System): System => ({
    ...system,
    startSelf: async (argv, start) => answer(argv) ?? system.startSelf(argv, start),
  });
}

test("race prints a line per round, says that it is right, and leaves nothing behind", async () => {
  mkdirSync(box.path("there"));
  const run = await box.run("selftest", "race", "--processes", "3", "--dir", "there");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const rows = run.stdout.split("\n").map((line) => line.split(/ {2,}/));
  expect(rows[1]).toEqual(["round", "processes", "won", "refused", "failed", "kept", "lost"]);
  expect(rows.slice(2, 10)).toEqual([
    ...[1, 2, 3, 4, 5].map((round) => [`${round} claim`, "3", "1", "2", "0", "1", "0", "right"]),
    ...[6, 7].map((round) => [`${round} amend`, "3", "3", "0", "0", "3", "0", "right"]),
    ["8 create", "3", "3", "0", "0", "3", "0", "right"],
  ]);
  expect(rows[10]).toEqual(["Right: every issue had one winner, and nothing was lost."]);
  expect(readdirSync(box.path("there"))).toEqual([]);
  expect(readdirSync(box.path("../home"))).toEqual([]);
});

test("race in JSON has the same numbers", async () => {
  const { json } = await box.ok("selftest", "race", "--processes", "2");
  expect(json).toMatchObject({ command: "selftest race", processes: 2, findings: [] });
  expect(json.rounds).toHaveLength(8);
  expect(json.rounds[0]).toEqual({
    ...{ kind: "claim", processes: 2, won: 1, refused: 1, failed: 0, kept: 1, lost: 0, right: true },
  });
});

test.each([
  ["two who were told that they hold it", "claim", { code: 0, stdout: "{}" }, { won: 3, kept: 1, lost: 2 }],
  [
    "remarks that were acknowledged and are not there",
    "amend",
    { code: 0, stdout: "{}" },
    { won: 3, kept: 0, lost: 3 },
  ],
  [
    "issues that were acknowledged and are not there",
    "new",
    { code: 0, stdout: '{"issue_id":"REQ-900"}' },
    { won: 3, kept: 0, lost: 3 },
  ],
  ["processes that were killed", "amend", { code: null, stdout: "" }, { won: 0, failed: 3, lost: 0 }],
] as const)("race tells of %s, and exits 1", async (_what, verb, answer, counts) => {
  const first = new Set<string>();
  box.alterSystem = answering((argv) => {
    const [, , word = "", about = ""] = argv;
    const isRaced =
      word === verb && argv.includes("-o") && !argv.some((text) => text.startsWith("To be raced"));
    // One claim of each issue is a real one.
    if (!isRaced || (verb === "claim" && !first.has(about) && first.add(about))) return null;
    return answer;
  });
  const run = await box.json("selftest", "race", "--processes", "3");
  expect(run.code).toBe(1);
  expect(run.json).toMatchObject({ ok: false, error: "PROBLEMS_FOUND", exit_code: 1 });
  const kind = verb === "new" ? "create" : verb;
  const rounds = run.json.rounds.filter((round: { kind: string }) => round.kind === kind);
  for (const round of rounds) expect(round).toMatchObject({ ...counts, right: false });
  expect(readdirSync(box.cwd)).toEqual([]);
});

test("race tells of a claim that nobody won, and says WRONG in text", async () => {
  box.alterSystem = answering((argv) => (argv[2] === "claim" ? { code: 2, stdout: "{}" } : null));
  const run = await box.run("selftest", "race", "--processes", "2");
  expect(run.code).toBe(1);
  expect(run.stdout).toContain("WRONG: do not share a project here.");
});

test("race removes its directory when the scratch project cannot be made", async () => {
  box.alterSystem = answering((argv) => (argv[1] === "agent" ? { code: 74, stdout: "no space" } : null));
  const run = await box.json("selftest", "race");
  expect(run.json).toMatchObject({ error: "INTERNAL_ERROR", exit_status: 74, output: "no space" });
  expect(readdirSync(box.cwd)).toEqual([]);
});

test.each(["1", "257"])("race refuses %s processes: 2 to 256 it takes", async (count) => {
  expect((await box.json("selftest", "race", "--processes", count)).code).toBe(64);
});

test("race refuses a directory that is not there", async () => {
  const run = await box.json("selftest", "race", "--dir", "nowhere");
  expect(run.json).toMatchObject({ ok: false, error: "IO_ERROR" });
});

test("--dry-run race says where it would race, and makes nothing", async () => {
  const run = await box.run("--dry-run", "selftest", "race");
  expect(run.stdout).toBe(`[dry-run] Would race 16 processes in ${box.cwd}.\n`);
  expect(readdirSync(box.cwd)).toEqual([]);
});

test("flock gets a free lock, and exits 75 when another has it", async () => {
  await box.ok("init", "-o", "admin");
  const before = box.tree();
  expect((await box.ok("selftest", "flock")).json).toMatchObject({
    path: ".mai/config.json",
    held_seconds: 0,
  });
  box.alterSystem = (system) => ({ ...system, tryFlock: () => false });
  const run = await box.json("selftest", "flock");
  expect(run.json).toMatchObject({ error: "BUSY", path: ".mai/config.json", exit_code: 75 });
  expect(box.tree()).toEqual(before);
});

test("flock holds for 600 seconds, and refuses 601", async () => {
  await box.ok("init", "-o", "admin");
  const slept: number[] = [];
  box.alterSystem = (system) => ({ ...system, sleepMs: (ms) => void slept.push(ms) });
  await box.ok("selftest", "flock", "--hold", "600");
  expect(slept).toEqual([600_000]);
  expect((await box.json("selftest", "flock", "--hold", "601")).code).toBe(64);
});
