import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { Sandbox } from "../support/sandbox.ts";

const MINUTE_MS = 60_000;
const BEFORE_MIDNIGHT_UTC = Date.parse("2026-04-30T23:59:00Z");

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

/** Runs `mai --json events` and returns the events. */
async function events(...argv: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const run = await box.run("--json", "events", ...argv);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  return run.stdout === ""
    ? []
    : run.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
}

async function seqs(...argv: readonly string[]): Promise<readonly unknown[]> {
  return (await events(...argv)).map(({ seq }) => seq);
}

describe("mai events", () => {
  test("prints every event in order, one JSON object a line, absent parts as null", async () => {
    await box.ok("issue", "new", "questions", "One", "-o", "alice");
    const all = await events();
    expect(all.map(({ seq, type }) => [seq, type])).toEqual([
      [1, "project.created"],
      [2, "agent.added"],
      [3, "queue.created"],
      [4, "agent.added"],
      [5, "queue.created"],
      [6, "issue.created"],
    ]);
    expect(all.at(-1)).toMatchObject({ actor: "alice", issue: "REQ-001", queue: "questions", from: null });
  });

  test("prints a readable line each as text, control characters made visible", async () => {
    await box.ok("issue", "new", "questions", "One", "-o", "alice");
    await box.ok("issue", "amend", "REQ-001", "first\nsecond \u001b[31m", "-o", "alice");
    const { stdout } = await box.run("events", "--since", "5");
    expect(stdout.split("\n")).toHaveLength(3);
    expect(stdout).toMatch(/^6 {2}\S+ {2}issue\.created {2}REQ-001 {2}@alice {2}title=One/);
    expect(stdout).toContain("text=first second \\u{1b}[31m");
  });

  test("after the last number is nothing, and one further is an error that names the last", async () => {
    expect(await events("--since", "5")).toEqual([]);
    const run = await box.json("events", "--since", "6");
    expect(run.json).toMatchObject({ ok: false, error: "NOT_FOUND", since: 6, last_seq: 5, exit_code: 1 });
  });

  test("coming back with the last number misses none and repeats none, across midnight UTC", async () => {
    box.clock.nowMs = BEFORE_MIDNIGHT_UTC;
    await box.ok("issue", "new", "questions", "Before", "-o", "alice");
    box.clock.nowMs += 2 * MINUTE_MS;
    await box.ok("issue", "amend", "REQ-001", "after", "-o", "alice");
    expect(box.exists(".mai/events/2026-04-30.jsonl")).toBe(true);
    expect(box.exists(".mai/events/2026-05-01.jsonl")).toBe(true);
    for (let since = 0; since <= 7; since += 1) {
      expect(await seqs("--since", `${since}`)).toEqual([1, 2, 3, 4, 5, 6, 7].slice(since));
    }
  });

  test("a machine whose clock is behind writes into yesterday's file: the order is that of the numbers", async () => {
    box.clock.nowMs = BEFORE_MIDNIGHT_UTC + 2 * MINUTE_MS;
    await box.ok("issue", "new", "questions", "Six", "-o", "alice");
    box.clock.nowMs -= 4 * MINUTE_MS;
    await box.ok("issue", "amend", "REQ-001", "seven", "-o", "alice");
    box.clock.nowMs += 4 * MINUTE_MS;
    await box.ok("issue", "amend", "REQ-001", "eight", "-o", "alice");
    expect(await seqs("--since", "5")).toEqual([6, 7, 8]);
    expect(await seqs("--since", "6")).toEqual([7, 8]);
    expect(await seqs("--since", "7")).toEqual([8]);
  });

  test("with --since the limit counts from there, without it from the end", async () => {
    expect(await seqs("--since", "1", "--limit", "2")).toEqual([2, 3]);
    expect(await seqs("--limit", "2")).toEqual([4, 5]);
    expect(await seqs("--limit", "0")).toEqual([]);
    expect(await seqs("--limit", "1", "--type", "queue.created")).toEqual([5]);
    expect(await seqs("--limit", "99")).toEqual([1, 2, 3, 4, 5]);
  });

  test("narrows by type, by issue in any case, and by queue", async () => {
    await box.ok("issue", "new", "questions", "One", "-o", "alice");
    await box.ok("issue", "new", "reviews", "Two", "-o", "alice");
    await box.ok("issue", "claim", "REQ-002", "-o", "bob");
    expect(await seqs("--type", "issue.created")).toEqual([6, 7]);
    expect(await seqs("--issue", "req-002")).toEqual([7, 8]);
    expect(await seqs("--issue", "questions/REQ-002")).toEqual([]);
    expect(await seqs("--queue", "questions")).toEqual([6]);
    expect((await box.json("events", "--queue", "qestions")).json).toMatchObject({ error: "INVALID_QUEUE" });
    expect((await box.json("events", "--type", "issue.made")).json).toMatchObject({ error: "USAGE" });
  });

  test("an event that is not committed yet is none: a torn tail is left out", async () => {
    const file = `.mai/events/${new Date(box.clock.nowMs).toISOString().slice(0, 10)}.jsonl`;
    box.write(file, `${box.read(file)}{"seq":6,"ts":"x","actor":"a","type":"log.noted"}\n{"seq":7,"ty`);
    expect(await seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  test("events whose file is gone are named in a warning, and the rest comes", async () => {
    box.clock.nowMs += 24 * 60 * MINUTE_MS;
    await box.ok("issue", "new", "questions", "One", "-o", "alice");
    const yesterday = new Date(box.clock.nowMs - 24 * 60 * MINUTE_MS).toISOString().slice(0, 10);
    rmSync(box.path(`.mai/events/${yesterday}.jsonl`));
    const run = await box.run("--json", "events");
    const [event, warning] = run.stdout.trimEnd().split("\n");
    expect(JSON.parse(event ?? "").seq).toBe(6);
    expect(JSON.parse(warning ?? "").warnings).toEqual([
      expect.stringContaining("5 events after 0 are in no file"),
    ]);
  });

  test("writes nothing", async () => {
    const before = box.tree();
    await box.run("events");
    expect(box.tree()).toEqual(before);
  });
});

describe("mai events --follow", () => {
  test("goes on with each event once as it is committed, until it has as many as asked", async () => {
    const following = box.run("--json", "events", "--since", "4", "--limit", "3", "--follow");
    await box.ok("issue", "new", "questions", "One", "-o", "alice");
    await box.ok("issue", "amend", "REQ-001", "more", "-o", "alice");
    const { stdout, code } = await following;
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).seq),
    ).toEqual([5, 6, 7]);
  });

  test("without reports of the file system it looks by itself", async () => {
    box.alterSystem = (system) => ({ ...system, watchDirectory: () => () => undefined });
    const following = box.run("--json", "events", "--since", "5", "--limit", "1", "--follow");
    await box.ok("issue", "new", "questions", "One", "-o", "alice");
    expect(JSON.parse((await following).stdout).seq).toBe(6);
  });

  test("ends as every command does that finds no project when the project is deleted meanwhile", async () => {
    const { promise: awake, resolve } = Promise.withResolvers<void>();
    box.alterSystem = (system) => ({
      ...system,
      watchDirectory: (path, onChange) => {
        resolve();
        return system.watchDirectory(path, onChange);
      },
    });
    const following = box.run("--json", "events", "--since", "5", "--follow");
    await awake;
    await box.ok("project", "delete", box.cwd, "--yes", "--no-backup", "-o", "admin");
    const { stdout, code } = await following;
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ error: "PROJECT_NOT_FOUND", exit_code: 4 });
  });

  test.each([
    ["SIGINT", 130, [{ seq: 5 }, { ok: false, error: "INTERRUPTED", exit_code: 130 }]],
    ["SIGTERM", 0, [{ seq: 5 }]],
  ] as const)("ended by %s it exits %d", async (asked, status, told) => {
    const { promise: interruptible, resolve } = Promise.withResolvers<() => void>();
    box.alterSystem = (system) => ({
      ...system,
      onSignal: (signal, take) => {
        if (signal === asked) resolve(take);
        return () => undefined;
      },
    });
    const following = box.run("--json", "events", "--since", "4", "--follow");
    const interrupt = await interruptible;
    interrupt();
    const { stdout, code } = await following;
    expect(code).toBe(status);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([...told]);
  });
});
