import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";
import { findings } from "./findings.ts";

const DAY_MS = 86_400_000;
const APRIL_30 = Date.parse("2026-04-30T12:00:00+08:00");
const ROOT = ["-o", "admin"] as const;

let box: Sandbox;
beforeEach(async () => {
  box = new Sandbox();
  box.clock.nowMs = APRIL_30;
  await box.ok("init", ...ROOT);
  await box.ok("agent", "add", "alice", ...ROOT);
  for (const title of ["One", "Two", "Three"]) {
    await box.ok("issue", "new", "questions", title, "-o", "alice");
    box.clock.nowMs += DAY_MS;
  }
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
});
afterEach(() => box.remove());

const archive = (before = "2999-01-01") => box.ok("archive", "--before", before, ...ROOT);
const events = async (...rest: readonly string[]) =>
  (await box.run("--json", "events", ...rest)).stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const history = async (date: string) => (await box.ok("log", "history", "--date", date)).json.entries;

test("events, history, stats and doctor read compressed days as they were", async () => {
  const [eventsBefore, historyBefore, statsBefore] = [
    await events(),
    await history("2026-04-30"),
    (await box.ok("stats")).json,
  ];
  const { json } = await archive();
  expect(json.logs).toEqual([
    ".mai/events/2026-04-30.jsonl",
    ".mai/events/2026-05-01.jsonl",
    ".mai/history/2026-04-30.log",
    ".mai/history/2026-05-01.log",
  ]);
  expect(box.names(".mai/events")).toEqual(["2026-05-02.jsonl", "2026-05-03.jsonl"]);
  expect(box.names("async/history")).toEqual(["2026-05-02.log", "2026-05-03.log"]);
  expect((await events()).slice(0, -1)).toEqual(eventsBefore);
  expect(await events("--since", "3", "--limit", "2")).toEqual(eventsBefore.slice(3, 5));
  expect(await history("2026-04-30")).toEqual(historyBefore);
  expect((await box.ok("stats")).json.total).toEqual(statsBefore.total);
  expect(await findings(box)).toEqual([]);
});

test("yesterday's and today's logs stay plain, whatever the date says", async () => {
  await archive();
  expect(box.names(".mai/history")).toEqual(["2026-05-02.log", "2026-05-03.log"]);
});

test("numbers go on without a gap, also where only compressed events tell the last one", async () => {
  await archive("2026-05-03");
  const all = (await events()).map(({ seq }) => seq);
  expect(all).toEqual(all.map((_seq, index) => index + 1));
  box.clock.nowMs += 5 * DAY_MS;
  await archive();
  const last = (await events()).at(-1).seq;
  for (const path of [...box.names(".mai/events")]) box.delete(`.mai/events/${path}`);
  box.delete(".mai/sequence.json");
  await box.ok("issue", "new", "questions", "Four", "-o", "alice");
  expect(JSON.parse(box.read(".mai/sequence.json")).seq).toBeGreaterThan(last - 3);
});

test("a machine whose clock is behind writes to a day that is compressed: both parts are read, and joined next time", async () => {
  await archive();
  const behind = box.clock.nowMs;
  box.clock.nowMs = APRIL_30;
  await box.ok("issue", "amend", "REQ-001", "from the past", "-o", "alice");
  box.clock.nowMs = behind;
  const [all, day] = [await events(), await history("2026-04-30")];
  expect(all.at(-1).type).toBe("issue.amended");
  expect(day.at(-1)).toContain("REQ-001");
  expect((await archive()).json.logs).toEqual([
    ".mai/events/2026-04-30.jsonl",
    ".mai/history/2026-04-30.log",
  ]);
  expect((await events()).slice(0, -1)).toEqual(all);
  expect(await history("2026-04-30")).toEqual(day);
  await box.ok("archive", "--restore", ...ROOT);
  expect((await events()).slice(0, -2)).toEqual(all);
  expect(box.exists(".mai/archive/events/2026-04-30.jsonl.gz")).toBe(false);
  expect(box.read("async/history/2026-04-30.log")).toBe(box.read(".mai/history/2026-04-30.log"));
});

test("a queue that was removed on a compressed day is still known to be removed", async () => {
  await box.ok("queue", "remove", "reports", ...ROOT);
  box.clock.nowMs += 5 * DAY_MS;
  await archive();
  expect((await box.ok("queue", "remove", "reports", ...ROOT)).json.idempotent).toBe(true);
});

test("a torn compressed log is named by those who need it, and nothing takes its place", async () => {
  await archive();
  const path = ".mai/archive/events/2026-04-30.jsonl.gz";
  box.write(path, "\u001f\u008b torn");
  expect((await events()).at(-1)).toMatchObject({ error: "CORRUPT_FILE" });
  expect((await events("--limit", "1"))[0].type).toBe("log.archived");
  expect(await findings(box)).toContainEqual(["unreadable", path]);
  const torn = box.read(path);
  const { json } = await box.ok("archive", "--restore", ...ROOT);
  expect(json.warnings[0]).toContain(`${path} stays`);
  expect(box.read(path)).toBe(torn);
});
