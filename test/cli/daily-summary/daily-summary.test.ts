import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

/** 2026-11-22T23:30:00 in a zone of +08:00. */
const LATE = Date.UTC(2026, 10, 22, 15, 30);
const DAY_MS = 24 * 3_600_000;
const STATUS = ".mai/daily-summary/status.json";
const ALICE = ".mai/history/daily-2026-11-22/alice.md";
const REPORT = "reports/daily-2026-11-22-summary.md";

let box: Sandbox;
beforeEach(async () => {
  box = new Sandbox();
  box.clock.nowMs = LATE;
  await box.ok("init", "-o", "admin");
  for (const name of ["alice", "bob"]) await box.ok("agent", "add", name, "-o", "admin");
});
afterEach(() => box.remove());

const statusFile = () => JSON.parse(box.read(STATUS));
const lastLine = (path: string) => box.read(path).trimEnd().split("\n").at(-1) ?? "";
const lastEvent = (date = "2026-11-22") => JSON.parse(lastLine(`.mai/events/${date}.jsonl`));
const changeConfig = (change: (config: Record<string, unknown>) => void) => {
  const config = JSON.parse(box.read(".mai/config.json"));
  change(config);
  box.write(".mai/config.json", JSON.stringify(config));
};
async function refused(code: string, ...argv: string[]) {
  const before = box.tree();
  const run = await box.json(...argv);
  expect(run.json).toMatchObject({ ok: false, error: code });
  expect(box.tree()).toEqual(before);
  return run;
}

test("trigger starts a round of all agents but default, in the file of the Python tool and its mirror", async () => {
  const run = await box.ok("daily-summary", "trigger", "-o", "alice");
  expect(run.json).toMatchObject({
    date: "2026-11-22",
    triggered_at: "2026-11-22T23:30:00.000+08:00",
    participants: ["alice", "bob"],
    status: { alice: "pending", bob: "pending" },
    waiting_for: ["alice", "bob"],
    complete: false,
    idempotent: false,
  });
  expect(box.read(STATUS)).toBe(`{
  "date": "2026-11-22",
  "triggered_at": "2026-11-22T23:30:00.000+08:00",
  "participants": [
    "alice",
    "bob"
  ],
  "status": {
    "alice": "pending",
    "bob": "pending"
  }
}`);
  expect(box.read("async/daily-summary/status.json")).toBe(box.read(STATUS));
  expect(lastLine(".mai/history/2026-11-22.log")).toBe(
    "[2026-11-22T23:30:00.000+08:00] [ALICE] [summary_trigger] Daily summary round 2026-11-22 started",
  );
  expect(lastEvent()).toMatchObject({ type: "summary.triggered", actor: "alice" });
});

test("trigger takes the order of the settings where there is one", async () => {
  changeConfig((config) => {
    config.daily_summary_order = ["bob", "zoe", "bob"];
  });
  expect((await box.ok("daily-summary", "trigger")).json.participants).toEqual(["bob", "zoe"]);
});

test("trigger on the same day changes no byte, and on a later day starts a new round", async () => {
  await box.ok("daily-summary", "trigger");
  await box.ok("daily-summary", "write", "alice", "shipped");
  const before = box.tree();
  box.clock.nowMs = LATE + 30 * 60_000 - 1;
  expect((await box.ok("daily-summary", "trigger")).json).toMatchObject({
    idempotent: true,
    status: { alice: "written" },
  });
  expect(box.tree()).toEqual(before);
  box.clock.nowMs += 1;
  expect((await box.ok("daily-summary", "trigger")).json).toMatchObject({
    idempotent: false,
    date: "2026-11-23",
    status: { alice: "pending" },
  });
  expect(box.read(ALICE)).toContain("shipped");
});

test("where it is still the day before, trigger finds the round, and write goes to it", async () => {
  box.clock.nowMs = LATE + 3_600_000;
  await box.ok("daily-summary", "trigger");
  box.clock.offsetMinutes = -480;
  expect((await box.ok("daily-summary", "trigger")).json).toMatchObject({
    date: "2026-11-23",
    idempotent: true,
  });
  await box.ok("daily-summary", "write", "alice", "from the west");
  expect(box.exists(".mai/history/daily-2026-11-23/alice.md")).toBe(true);
  expect((await box.ok("daily-summary", "read", "alice")).json).toMatchObject({ date: "2026-11-23" });
});

test("write after midnight goes to the round of the day before", async () => {
  await box.ok("daily-summary", "trigger");
  box.clock.nowMs += 2 * DAY_MS;
  expect((await box.ok("daily-summary", "write", "alice", "late")).json).toMatchObject({
    date: "2026-11-22",
  });
  expect(box.read(ALICE)).toBe("# Alice Daily Summary - 2026-11-22\n\nlate\n");
  expect((await box.ok("daily-summary", "read", "alice")).json).toMatchObject({ content: "late" });
});

test("write puts the words into the file, its mirror and the round, with one line and one event", async () => {
  await box.ok("daily-summary", "trigger");
  const run = await box.ok(
    "daily-summary",
    "write",
    "alice",
    "shipped",
    "the  login",
    "- [x]",
    "-o",
    "alice",
  );
  expect(run.json).toMatchObject({
    agent: "alice",
    replaced: false,
    idempotent: false,
    waiting_for: ["bob"],
  });
  expect(box.read(ALICE)).toBe("# Alice Daily Summary - 2026-11-22\n\nshipped the  login - [x]\n");
  expect(box.read("async/history/daily-2026-11-22/alice.md")).toBe(box.read(ALICE));
  expect(statusFile().status).toEqual({ alice: "written", bob: "pending" });
  expect(box.read("async/daily-summary/status.json")).toBe(box.read(STATUS));
  expect(lastLine(".mai/history/2026-11-22.log")).toEndWith(
    "[ALICE] [summary_write] Daily summary of alice for 2026-11-22 written",
  );
  expect(lastEvent()).toMatchObject({
    type: "summary.written",
    actor: "alice",
    data: { agent: "alice", date: "2026-11-22", text: "shipped the  login - [x]" },
  });
});

test("a text from standard input reads back exactly, whatever its lines begin with", async () => {
  const text =
    "# Bob Daily Summary - 2026-11-22\n\n## Bob\n---\n\\# x\n  indented\u001b[2J\u202e ZWJ\u200d\n\n";
  await box.ok("daily-summary", "trigger");
  box.stdin = `${text}\n`;
  await box.ok("daily-summary", "write", ".", "-", "-o", "alice");
  expect((await box.ok("daily-summary", "read", ".", "-o", "alice")).json).toMatchObject({
    agent: "alice",
    date: "2026-11-22",
    content: text,
  });
  const shown = (await box.run("daily-summary", "read", "alice")).stdout;
  expect(shown).toContain("indented\\u{1b}[2J\\u{202e} ZWJ\u200d");
  const report = await box.run("daily-summary", "read", "--all");
  expect(report.stdout.split("\n").filter((line) => line.startsWith("## "))).toEqual(["## Alice", "## Bob"]);
});

test("the same text again changes no byte; another needs --replace, and the old one stays in the events", async () => {
  await box.ok("daily-summary", "trigger");
  await box.ok("daily-summary", "write", "alice", "one");
  const before = box.tree();
  expect((await box.ok("daily-summary", "write", "alice", "one")).json.idempotent).toBe(true);
  expect((await box.ok("daily-summary", "write", "alice", "one", "--replace")).json.idempotent).toBe(true);
  expect(box.tree()).toEqual(before);
  const run = await refused("ALREADY_WRITTEN", "daily-summary", "write", "alice", "two");
  expect(run.json).toMatchObject({ exit_code: 1, agent: "alice", date: "2026-11-22" });
  expect((await box.ok("daily-summary", "write", "alice", "two", "--replace")).json.replaced).toBe(true);
  expect(box.read(ALICE)).toEndWith("\n\ntwo\n");
  expect(box.read(".mai/events/2026-11-22.jsonl")).toContain('"text":"one"');
});

test("write without a round is NOT_TRIGGERED, with the command that starts one", async () => {
  const run = await refused("NOT_TRIGGERED", "daily-summary", "write", "alice", "one");
  expect(run.json.hint).toContain("mai daily-summary trigger");
});

test("a registered agent who is not in the round joins at its end; a stranger does not", async () => {
  await box.ok("daily-summary", "trigger");
  await box.ok("agent", "add", "zoe", "-o", "admin");
  expect((await box.ok("daily-summary", "write", "zoe", "hello")).json).toMatchObject({
    participants: ["alice", "bob", "zoe"],
    status: { zoe: "written" },
  });
  const run = await refused("INVALID_AGENT", "daily-summary", "write", "alcie", "x");
  expect(run.json.hint).toStartWith("Did you mean 'alice'?");
});

test.each([["../alice"], ["a/b"], [".."], ["__proto__"], [""], ["alice\n"], ["x".repeat(300)]])(
  "%j is no agent to write for or to read, and nothing is touched",
  async (name) => {
    await box.ok("daily-summary", "trigger");
    await refused("INVALID_AGENT", "daily-summary", "write", name, "x");
    await refused("INVALID_AGENT", "daily-summary", "read", name);
  },
);

test("a dot without an operator is OPERATOR_REQUIRED", async () => {
  await box.ok("daily-summary", "trigger");
  await refused("OPERATOR_REQUIRED", "daily-summary", "write", ".", "x");
  await refused("OPERATOR_REQUIRED", "daily-summary", "read", ".");
});

test.each([
  ["empty", ""],
  ["64 KiB and one byte long", "x".repeat(65_537)],
  ["with a NUL", "a\0b"],
])("a text that is %s is INVALID_TEXT", async (_, text) => {
  await box.ok("daily-summary", "trigger");
  await refused("INVALID_TEXT", "daily-summary", "write", "alice", text);
});

test("a dry run of trigger, write, reset and read --all changes no byte", async () => {
  await box.ok("daily-summary", "trigger");
  box.clock.nowMs += DAY_MS;
  const before = box.tree();
  const lines = [["trigger"], ["write", "alice", "x"], ["reset"], ["read", "--all"]];
  for (const line of lines) {
    expect((await box.ok("--dry-run", "daily-summary", ...line)).json.dry_run).toBe(true);
  }
  expect(box.tree()).toEqual(before);
});

test("read of a summary that is not there is NOT_FOUND, of an earlier round it takes --date", async () => {
  await box.ok("daily-summary", "trigger");
  await box.ok("daily-summary", "write", "alice", "sunday");
  const run = await refused("NOT_FOUND", "daily-summary", "read", "bob");
  expect(run.json).toMatchObject({ agent: "bob", date: "2026-11-22" });
  box.clock.nowMs += DAY_MS;
  await box.ok("daily-summary", "trigger");
  await refused("NOT_FOUND", "daily-summary", "read", "alice");
  const earlier = await box.run("daily-summary", "read", "alice", "--date", "2026-11-22");
  expect(earlier).toEqual({ code: 0, stdout: "sunday\n", stderr: "" });
});

test("read --all shows everybody in the order of the round and writes the report twice", async () => {
  await box.ok("daily-summary", "trigger");
  await box.ok("daily-summary", "write", "bob", "two");
  const run = await box.ok("daily-summary", "read", "--all", "-o", "alice");
  expect(run.json).toMatchObject({
    date: "2026-11-22",
    participants: ["alice", "bob"],
    summaries: { alice: null, bob: "two" },
    path: REPORT,
  });
  const report = "# 每日协同汇总 - 2026-11-22\n\n## Alice\n\n（无摘要）\n\n## Bob\n\ntwo\n";
  expect(box.read(REPORT)).toBe(report);
  expect(box.read("async/daily-2026-11-22-summary.md")).toBe(report);
  expect(lastEvent()).toMatchObject({ type: "summary.reported", actor: "alice", data: { path: REPORT } });
  const before = box.tree();
  expect((await box.run("daily-summary", "read", "--all")).stdout).toBe(report);
  expect(box.tree()).toEqual(before);
});

test("read --all of an earlier date takes the summaries that are there; of one without any it is refused", async () => {
  box.write(".mai/history/daily-2026-03-01/zoe.md", "by hand\n");
  expect((await box.ok("daily-summary", "read", "--all", "--date", "2026-03-01")).json.summaries).toEqual({
    zoe: "by hand",
  });
  expect(box.exists("reports/daily-2026-03-01-summary.md")).toBe(true);
  await refused("NOT_TRIGGERED", "daily-summary", "read", "--all");
  await refused("NOT_TRIGGERED", "daily-summary", "read", "--all", "--date", "2026-03-02");
});

test("read --all where the report cannot be written shows it with a warning", async () => {
  await box.ok("daily-summary", "trigger");
  await box.ok("daily-summary", "write", "bob", "two");
  box.alterSystem = (system) => ({
    ...system,
    fs: {
      ...system.fs,
      writeSync: () => {
        throw Object.assign(new Error("EROFS"), { code: "EROFS", syscall: "write" });
      },
    },
  });
  const before = box.tree();
  const run = await box.ok("daily-summary", "read", "--all");
  expect(run.json).toMatchObject({ summaries: { bob: "two" }, path: null });
  expect(run.json.warnings).toEqual([`The report ${REPORT} could not be written.`]);
  expect(box.tree()).toEqual(before);
});

test.each([
  [["read"]],
  [["read", "alice", "--all"]],
  [["read", "--all", "--date", "yesterday"]],
  [["write", "alice"]],
])("daily-summary %j is a wrong command line", async (line) => {
  expect((await box.json("daily-summary", ...line)).json).toMatchObject({ error: "USAGE", exit_code: 64 });
});

test("status shows who has written, and without a round says so", async () => {
  const none = await box.ok("daily-summary", "status");
  expect(none.json).toMatchObject({ date: null, triggered_at: null, participants: [], status: {} });
  await box.ok("daily-summary", "trigger");
  await box.ok("daily-summary", "write", "bob", "two");
  expect((await box.run("daily-summary", "status")).stdout).toBe(
    "Round 2026-11-22: 1 of 2 written; waiting for alice\n  alice  pending\n  bob    written\n",
  );
  await box.ok("daily-summary", "write", "alice", "one");
  expect((await box.ok("daily-summary", "status")).json).toMatchObject({ complete: true, waiting_for: [] });
});

test("reset drops the round and its mirror once; summaries stay, and the next round starts afresh", async () => {
  await box.ok("daily-summary", "trigger");
  await box.ok("daily-summary", "write", "alice", "one");
  expect((await box.ok("daily-summary", "reset", "-o", "bob")).json.idempotent).toBe(false);
  expect(box.exists(STATUS) || box.exists("async/daily-summary/status.json")).toBe(false);
  expect(lastEvent()).toMatchObject({ type: "summary.reset", actor: "bob" });
  const before = box.tree();
  expect((await box.ok("daily-summary", "reset")).json.idempotent).toBe(true);
  expect(box.tree()).toEqual(before);
  expect(box.read(ALICE)).toEndWith("one\n");
  expect((await box.ok("daily-summary", "trigger")).json).toMatchObject({ status: { alice: "pending" } });
  expect((await box.ok("daily-summary", "write", "alice", "again")).json.replaced).toBe(false);
  expect(box.read(ALICE)).toEndWith("again\n");
});

test("a round that cannot be read stops every command but reset, and is left as it is", async () => {
  box.write(STATUS, "");
  await refused("CORRUPT_FILE", "daily-summary", "trigger");
  await refused("CORRUPT_FILE", "daily-summary", "status");
  await refused("CORRUPT_FILE", "daily-summary", "write", "alice", "x");
  await refused("CORRUPT_FILE", "daily-summary", "read", "alice");
  await box.ok("daily-summary", "reset");
  await box.ok("daily-summary", "trigger");
});

test("a round and a summary of the Python tool go on: its file keeps all but the word that changes", async () => {
  const status = `{
  "date": "2026-11-22",
  "triggered_at": "2026-11-22T17:17:31.966300",
  "participants": [
    "alice",
    "bob"
  ],
  "status": {
    "alice": "written",
    "bob": "pending"
  }
}`;
  box.write(STATUS, status);
  box.write(ALICE, "# Alice Daily Summary - 2026-11-22\n\nshipped login\n");
  expect((await box.ok("daily-summary", "read", "alice")).json.content).toBe("shipped login");
  await box.ok("daily-summary", "write", "bob", "x");
  expect(box.read(STATUS)).toBe(status.replace('"bob": "pending"', '"bob": "written"'));
  await refused("ALREADY_WRITTEN", "daily-summary", "write", "alice", "other");
});
