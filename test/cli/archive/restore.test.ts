import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";
import { findings } from "./findings.ts";

const DAY_MS = 86_400_000;
const APRIL_30 = Date.parse("2026-04-30T12:00:00+08:00");
const ROOT = ["-o", "admin"] as const;
const TODAYS = /(?:sequence\.json|2026-05-10\.(?:jsonl|log))$/;

let box: Sandbox;
beforeEach(async () => {
  box = new Sandbox();
  box.clock.nowMs = APRIL_30;
  await box.ok("init", ...ROOT);
  await box.ok("agent", "add", "alice", ...ROOT);
  for (const queue of ["questions", "decisions", "reviews"]) {
    await box.ok("issue", "new", queue, `About ${queue}`, "-o", "alice");
    box.clock.nowMs += DAY_MS;
  }
  for (const id of ["REQ-001", "REQ-002"]) await box.ok("issue", "complete", id, "Yes", "-o", "alice");
  await box.ok("issue", "discard", "REQ-003", "No", "-o", "alice");
  box.clock.nowMs = APRIL_30 + 10 * DAY_MS;
});
afterEach(() => box.remove());

const archive = () => box.ok("archive", "--before", "2026-05-10", ...ROOT);
const restore = (...ids: readonly string[]) => box.ok("archive", "--restore", ...ids, ...ROOT);
const lastingTree = () => [...box.tree()].filter(([path]) => !TODAYS.test(path));

test("restoring everything brings every file back, byte for byte", async () => {
  const before = lastingTree();
  const gone = await archive();
  expect(lastingTree()).not.toEqual(before);
  const { json } = await restore();
  expect(json).toMatchObject({ issues: ["REQ-001", "REQ-002", "REQ-003"], total: 3, logs: gone.json.logs });
  expect(gone.json.logs.length).toBeGreaterThan(5);
  expect(lastingTree()).toEqual(before);
  expect((await restore()).json.idempotent).toBe(true);
});

test("restoring some brings those alone, and no logs; one that is in its queue is no fault", async () => {
  await archive();
  const { json } = await restore("req-002", "decisions/REQ-002");
  expect(json).toMatchObject({ issues: ["REQ-002"], logs: [] });
  expect(box.read("async/decisions/REQ-002.decision.md")).toContain("Yes");
  expect(box.names(".mai/archive/queues/decisions")).toEqual([]);
  const again = box.tree();
  expect((await restore("REQ-002")).json).toMatchObject({ issues: [], idempotent: true });
  expect(box.tree()).toEqual(again);
  expect((await box.json("archive", "--restore", "REQ-009", ...ROOT)).json.error).toBe("NOT_FOUND");
  expect(await findings(box)).toEqual([]);
});

test("an issue whose place is taken stays in the archive: refused when it was named, a warning when not", async () => {
  await archive();
  box.write(".mai/queues/reviews/REQ-001.md", box.read(".mai/archive/queues/questions/REQ-001.md"));
  const before = box.tree();
  expect((await box.json("archive", "--restore", "REQ-001", ...ROOT)).json.error).toBe("ALREADY_EXISTS");
  expect(box.tree()).toEqual(before);
  const { json } = await restore();
  expect(json).toMatchObject({ issues: ["REQ-002", "REQ-003"], kept: [{ issue_id: "REQ-001" }] });
  expect(json.warnings[0]).toContain("questions/REQ-001 stays: reviews has an issue of the same id");
});

test("decisions that were written anew meanwhile are not overwritten", async () => {
  await archive();
  box.write(".mai/decisions/REQ-001.md", "mine\n");
  for (const argv of [
    ["archive", "--restore", "REQ-001"],
    ["issue", "reopen", "REQ-001", "again"],
  ])
    expect((await box.json(...argv, ...ROOT)).json.error).toBe("ALREADY_EXISTS");
  expect(box.read(".mai/decisions/REQ-001.md")).toBe("mine\n");
  expect(box.exists(".mai/archive/decisions/REQ-001.md")).toBe(true);
});
