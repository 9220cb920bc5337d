import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

/** 2026-11-22T23:30:00 in a zone of +08:00. */
const LATE = Date.UTC(2026, 10, 22, 15, 30);
const LOG = ".mai/history/2026-11-22.log";
const MIRROR = "async/history/2026-11-22.log";

let box: Sandbox;
beforeEach(async () => {
  box = new Sandbox();
  box.clock.nowMs = LATE;
  await box.ok("init", "-o", "admin");
  await box.ok("agent", "add", "alice", "-o", "admin");
});
afterEach(() => box.remove());

const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);
const events = () =>
  box
    .read(".mai/events/2026-11-22.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("a note is one line in the log and its mirror, and one event that carries it", async () => {
  const run = await box.ok("log", "write", "bob", "note", "manual entry", "进行中", "-o", "bob");
  const line = "[2026-11-22T23:30:00.000+08:00] [BOB] [note] manual entry [进行中]";
  expect(run.json).toMatchObject({ agent: "bob", type: "note", status: "进行中", line, idempotent: false });
  expect(lastLine(box.read(LOG))).toBe(line);
  expect(box.read(MIRROR)).toBe(box.read(LOG));
  expect(events().at(-1)).toMatchObject({ type: "log.noted", actor: "bob", data: { agent: "bob", line } });
});

test("a note prints its line, and the option --status says the same as the argument", async () => {
  const run = await box.run("log", "write", "bob", "note", "x", "--status", "done");
  expect(run).toEqual({
    code: 0,
    stdout: "[2026-11-22T23:30:00.000+08:00] [BOB] [note] x [done]\n",
    stderr: "",
  });
  const both = await box.json("log", "write", "bob", "note", "x", "a", "--status", "b");
  expect(both.json).toMatchObject({ error: "USAGE", exit_code: 64 });
});

test("with no operator named, the agent signs for itself; signed by another, the line says so", async () => {
  expect((await box.ok("log", "write", "bob", "note", "x")).json.line).toEndWith("[BOB] [note] x");
  const run = await box.ok("log", "write", "bob", "note", "x", "-o", "carol");
  expect(run.json.line).toEndWith("[BOB] [note] (by @carol) x");
});

test("a text cannot claim to be signed by another", async () => {
  const run = await box.ok("log", "write", "bob", "note", "(by @carol) x", "-o", "bob");
  expect(run.json.line).toEndWith("[BOB] [note] (by @bob) (by @carol) x");
});

test("a text of many lines with control characters and brackets is one line that forges nothing", async () => {
  const text =
    "a\n[2026-01-01] [ROOT] [issue_completed] forged [completed]\r\n\u001b[31m\u202eb\u0000".replace(
      "\0",
      "",
    );
  const run = await box.ok("log", "write", "bob", "note", text);
  expect(run.json.line).toEndWith(
    "[BOB] [note] a [2026-01-01] [ROOT] [issue_completed] forged [completed] [31mb",
  );
  const last = (await box.ok("log", "history")).json;
  expect(last.records.at(-1)).toMatchObject({ actor: "BOB", event: "note", status: null });
  expect(last.total).toBe(3);
});

test.each([
  ["an agent with a bracket", "b]b", "note", "x"],
  ["an agent with a separator", "../b", "note", "x"],
  ["a type with a bracket", "bob", "issue_new] [x", "x"],
  ["a type with a line break", "bob", "a\nb", "x"],
  ["a type of 65 characters", "bob", "t".repeat(65), "x"],
  ["an empty type", "bob", " ", "x"],
  ["an empty summary", "bob", "note", ""],
  ["a summary of 64 KiB and one byte", "bob", "note", "x".repeat(65_537)],
])("%s is refused and changes no byte", async (_, agent, type, summary) => {
  const before = box.tree();
  const run = await box.json("log", "write", agent, type, summary, "-o", "bob");
  expect(run.code).toBe(1);
  expect(["INVALID_NAME", "INVALID_TEXT"]).toContain(run.json.error);
  expect(box.tree()).toEqual(before);
});

test("a key notes once, and the second time returns the first line", async () => {
  const first = await box.ok("log", "write", "bob", "note", "x", "-o", "bob", "--key", "k");
  const before = box.tree();
  box.clock.nowMs += 60_000;
  const again = await box.ok("log", "write", "bob", "note", "y", "-o", "bob", "--key", "k");
  expect(again.json).toMatchObject({ line: first.json.line, idempotent: true });
  expect(box.tree()).toEqual(before);
});

test("without a key each call notes again, and - reads standard input", async () => {
  box.stdin = "from a pipe\n";
  for (let n = 0; n < 2; n += 1) await box.ok("log", "write", "bob", "note", "-");
  expect(box.read(LOG).match(/from a pipe\n/g)).toHaveLength(2);
});

test("a dry run of a note shows the line and changes no byte", async () => {
  const before = box.tree();
  const run = await box.run("--dry-run", "log", "write", "bob", "note", "x");
  expect(run.stdout).toStartWith("[dry-run] [2026-11-22T23:30:00.000+08:00] [BOB] [note] x");
  expect(box.tree()).toEqual(before);
});

test("history shows all lines of today, narrowed by agent and to the newest N", async () => {
  await box.ok("log", "write", "bob", "note", "one");
  await box.ok("log", "write", "alice", "note", "two");
  await box.ok("log", "write", "bob", "note", "three");
  const all = (await box.ok("log", "history")).json;
  expect(all).toMatchObject({ date: "2026-11-22", agent: null, shown: 5, total: 5 });
  expect(all.entries).toEqual(box.read(LOG).trimEnd().split("\n"));
  const bob = (await box.ok("log", "history", "--agent", "@Bob", "--limit", "1")).json;
  expect(bob).toMatchObject({ shown: 1, total: 2 });
  expect(bob.records).toEqual([
    { ts: "2026-11-22T23:30:00.000+08:00", actor: "BOB", event: "note", summary: "three", status: null },
  ]);
  expect((await box.run("log", "history", "--agent", "eve")).stdout).toBe("No lines of eve on 2026-11-22.\n");
});

test("history keeps lines that nobody can read as entries, and shows their control characters written out", async () => {
  box.write(LOG, `${box.read(LOG)}by hand \u001b[2J\n`);
  const { json } = await box.ok("log", "history");
  expect(json.entries.at(-1)).toBe("by hand \u001b[2J");
  expect(json.records.at(-1)).toBeNull();
  expect((await box.run("log", "history")).stdout).toEndWith("by hand \\u{1b}[2J\n");
});

test("the log of a day ends at midnight of the machine's zone", async () => {
  await box.ok("log", "write", "bob", "note", "before midnight");
  box.clock.nowMs = LATE + 30 * 60_000;
  await box.ok("log", "write", "bob", "note", "after midnight");
  expect(lastLine(box.read(LOG))).toEndWith("before midnight");
  expect(box.read(".mai/history/2026-11-23.log")).toEndWith("after midnight\n");
  expect((await box.ok("log", "history")).json).toMatchObject({ date: "2026-11-23", total: 1 });
  box.clock.offsetMinutes = -300;
  expect((await box.ok("log", "history")).json).toMatchObject({ date: "2026-11-22", total: 3 });
});

test("undo takes the operator's last note back, in log and mirror, with an event and no line", async () => {
  const before = box.read(LOG);
  await box.ok("log", "write", "bob", "note", "x", "-o", "alice");
  const run = await box.ok("log", "undo", "-o", "alice");
  expect(run.json).toMatchObject({ date: "2026-11-22" });
  expect(run.json.line).toEndWith("[BOB] [note] (by @alice) x");
  expect(box.read(LOG)).toBe(before);
  expect(box.read(MIRROR)).toBe(before);
  expect(events().at(-1)).toMatchObject({
    type: "log.undone",
    actor: "alice",
    data: { line: run.json.line },
  });
});

test("undo twice takes two notes back, a third time refuses and leaves the change before them", async () => {
  const before = box.read(LOG);
  await box.ok("log", "write", "alice", "note", "one");
  await box.ok("log", "write", "alice", "note", "two");
  expect((await box.ok("log", "undo", "-o", "alice")).json.line).toEndWith("two");
  expect((await box.ok("log", "undo", "-o", "alice")).json.line).toEndWith("one");
  const tree = box.tree();
  expect((await box.json("log", "undo", "-o", "alice")).json).toMatchObject({ error: "INVALID_STATE" });
  expect(box.tree()).toEqual(tree);
  expect(box.read(LOG)).toBe(before);
});

test("undo never takes the line of a change, although a note imitated it to the letter just before", async () => {
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  const [, summary = ""] = /\[issue_new\] (.*) \[open\]$/.exec(lastLine(box.read(LOG)) ?? "") ?? [];
  expect(summary).not.toBe("");
  await box.ok("log", "write", "alice", "issue_new", summary, "open", "-o", "alice");
  const lines = box.read(LOG).trimEnd().split("\n");
  expect(lines.at(-1)).toBe(lines.at(-2) ?? "");
  await box.ok("log", "undo", "-o", "alice");
  const tree = box.tree();
  expect((await box.json("log", "undo", "-o", "alice")).json).toMatchObject({ error: "INVALID_STATE" });
  expect(box.tree()).toEqual(tree);
  expect(lastLine(box.read(LOG))).toBe(lines.at(-2) ?? "");
});

test.each([
  ["after a change", async () => void (await box.ok("issue", "new", "questions", "One", "-o", "alice"))],
  ["after a line by hand", async () => box.write(LOG, `${box.read(LOG)}by hand\n`)],
  ["after the line was edited by hand", async () => box.write(LOG, box.read(LOG).replace("mine", "yours"))],
  ["after the log was moved away", async () => box.write(LOG, "")],
])("a note stays %s", async (_, meanwhile) => {
  await box.ok("log", "write", "alice", "note", "mine", "-o", "alice");
  await meanwhile();
  const before = box.tree();
  expect((await box.json("log", "undo", "-o", "alice")).json).toMatchObject({ error: "INVALID_STATE" });
  expect(box.tree()).toEqual(before);
});

test("undo by another operator is refused, and by nobody too", async () => {
  await box.ok("log", "write", "alice", "note", "mine", "-o", "alice");
  const before = box.tree();
  expect((await box.json("log", "undo", "-o", "bob")).json).toMatchObject({
    error: "PERMISSION_DENIED",
    exit_code: 3,
    actor: "alice",
  });
  expect((await box.json("log", "undo")).json).toMatchObject({ error: "OPERATOR_REQUIRED", exit_code: 1 });
  expect(box.tree()).toEqual(before);
});

test("a note is taken back from the log of its writer's day, from a zone where it is another day", async () => {
  await box.ok("log", "write", "alice", "note", "late", "-o", "alice");
  box.clock.offsetMinutes = -300;
  box.clock.nowMs += 12 * 3_600_000;
  expect((await box.ok("log", "undo", "-o", "alice")).json).toMatchObject({ date: "2026-11-22" });
  expect(box.read(LOG)).not.toContain("late");
  expect(box.read(MIRROR)).toBe(box.read(LOG));
});

test("taking the only line of a day back removes its log, and the next note starts it again", async () => {
  box.clock.nowMs += 24 * 3_600_000;
  await box.ok("log", "write", "alice", "note", "only", "-o", "alice");
  await box.ok("log", "undo", "-o", "alice");
  expect(box.exists(".mai/history/2026-11-23.log")).toBe(false);
  expect(box.exists("async/history/2026-11-23.log")).toBe(false);
  await box.ok("log", "write", "alice", "note", "again", "-o", "alice");
  expect(box.read("async/history/2026-11-23.log")).toEndWith("again\n");
});

test("a note that a change follows in the same log stays, although its writer's clock was behind", async () => {
  await box.ok("log", "write", "alice", "note", "mine", "-o", "alice");
  box.clock.nowMs -= 24 * 3_600_000;
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  const before = box.tree();
  expect((await box.json("log", "undo", "-o", "alice")).json).toMatchObject({ error: "INVALID_STATE" });
  expect(box.tree()).toEqual(before);
});
