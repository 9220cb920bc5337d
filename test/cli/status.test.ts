import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

const HOUR_MS = 3_600_000;

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

test("status of a fresh project is one JSON document with every part in it", async () => {
  const before = box.tree();
  const { json, stdout } = await box.ok("status");
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(json).toMatchObject({
    command: "status",
    project: { name: "work", path: box.cwd, format: 1 },
    counts: { open: 0, in_progress: 0, blocked: 0, completed: 0, discarded: 0, overdue: 0, total: 0 },
    overdue: [],
    locks: [],
    total_locks: 0,
    daily_summary: null,
    warnings: [],
  });
  expect(json.roots).toContain("admin");
  expect(json.agents.map(({ name }: { name: string }) => name)).toEqual(["alice", "bob"]);
  expect(Object.keys(json.queues)).toContain("blockers");
  expect(box.tree()).toEqual(before);
});

test("status counts per queue and state, and an issue as overdue only past its deadline and unfinished", async () => {
  for (const title of ["One", "Two", "Three"])
    await box.ok("issue", "new", "questions", title, "-o", "alice");
  await box.ok("issue", "new", "reviews", "Four", "-o", "alice");
  await box.ok("issue", "claim", "REQ-002", "-o", "bob");
  await box.ok("issue", "complete", "REQ-003", "done", "-o", "alice");
  box.clock.nowMs += 2 * HOUR_MS;
  expect((await box.ok("status")).json.overdue).toEqual([]);
  box.clock.nowMs += 60_000;
  const { json } = await box.ok("status");
  expect(json.queues.questions).toEqual({
    sla_owner: "default",
    sla_hours: 2,
    open: 1,
    in_progress: 1,
    blocked: 0,
    completed: 1,
    discarded: 0,
    overdue: 2,
    total: 3,
  });
  expect(json.counts).toMatchObject({ open: 2, in_progress: 1, completed: 1, overdue: 2, total: 4 });
  expect(json.overdue.map(({ id }: { id: string }) => id)).toEqual(["REQ-001", "REQ-002"]);
});

test("status shows leases with the time left, and a stale one as stale", async () => {
  for (const title of ["One", "Two"]) await box.ok("issue", "new", "questions", title, "-o", "alice");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  await box.ok("issue", "claim", "REQ-002", "-o", "bob");
  box.clock.nowMs = Date.now();
  box.age(".mai/locks/REQ-001.lock", 15);
  box.age(".mai/locks/REQ-002.lock", 46);
  const { json } = await box.ok("status");
  expect(json.total_locks).toBe(2);
  expect(json.locks).toMatchObject([
    { issue_id: "REQ-001", holder: "alice", stale: false },
    { issue_id: "REQ-002", holder: "bob", stale: true, ttl_minutes: 0 },
  ]);
  expect(json.locks[0].ttl_minutes).toBeWithin(29.5, 30.5);
  expect(json.agents).toContainEqual({ name: "bob", heartbeat_minutes: 30, leases: 0 });
  expect(json.agents).toContainEqual({ name: "alice", heartbeat_minutes: 30, leases: 1 });
  const { stdout } = await box.run("status");
  expect(stdout).toContain("leases: 2, 1 stale\n");
});

test("status tells of today's round of summaries, and of an older one that it is not today's", async () => {
  await box.ok("daily-summary", "trigger");
  await box.ok("daily-summary", "write", "alice", "x");
  expect((await box.ok("status")).json.daily_summary).toMatchObject({ waiting_for: ["bob"], today: true });
  expect((await box.run("status")).stdout).toMatch(/^summaries: round .*: 1 of 2 written; waiting for bob$/m);
  box.clock.nowMs += 24 * HOUR_MS;
  expect((await box.ok("status")).json.daily_summary).toMatchObject({ today: false });
  expect((await box.run("status")).stdout).toMatch(/^summaries: none today; last round /m);
});

test("-v after status is --verbose: agents, empty queues and all overdue issues", async () => {
  for (let n = 1; n <= 6; n += 1) await box.ok("issue", "new", "requests", `No. ${n}`, "-o", "alice");
  box.clock.nowMs += 3 * HOUR_MS;
  const short = (await box.run("status")).stdout;
  expect(short).toContain("  and 1 more: mai queue check --overdue\n");
  expect(short).not.toContain("reviews");
  const long = (await box.run("status", "-v")).stdout;
  expect(long).toBe((await box.run("status", "--verbose")).stdout);
  expect(long).toContain("FIX-006  unassigned  by 2h  No. 6\n");
  expect(long).toMatch(/^ {2}reviews +unassigned +SLA 4h +nothing waits$/m);
  expect(long).toMatch(/^ {2}alice +heartbeat 30 minutes +0 leases$/m);
});

test("JSON names at most 50 overdue issues unless --verbose, and counts all", async () => {
  await box.ok("issue", "new", "requests", "One", "-o", "alice");
  const file = box.read(".mai/queues/requests/FIX-001.md");
  for (let n = 100; n < 150; n += 1)
    box.write(`.mai/queues/requests/FIX-${n}.md`, file.replaceAll("FIX-001", `FIX-${n}`));
  box.clock.nowMs += 3 * HOUR_MS;
  expect((await box.ok("status")).json).toMatchObject({ counts: { overdue: 51 } });
  expect((await box.ok("status")).json.overdue).toHaveLength(50);
  expect((await box.ok("status", "-v")).json.overdue).toHaveLength(51);
});

test("an issue and a round that cannot be read are named in warnings, and hide nothing else", async () => {
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  box.write(".mai/queues/questions/REQ-002.md", "nothing");
  box.write(".mai/daily-summary/status.json", "{");
  box.write(".mai/locks/note.lock", "no lease");
  const { json } = await box.ok("status");
  expect(json).toMatchObject({ counts: { total: 1 }, daily_summary: null, total_locks: 0 });
  expect(json.warnings).toHaveLength(2);
});

test("status outside a project is PROJECT_NOT_FOUND", async () => {
  const empty = new Sandbox();
  expect((await empty.json("status")).json).toMatchObject({ error: "PROJECT_NOT_FOUND", exit_code: 4 });
  empty.remove();
});
