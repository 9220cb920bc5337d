import { afterEach, beforeEach, expect, test } from "bun:test";
import { archiveAll, archiveAndRestore, finishedProject } from "../../support/archive-round.ts";
import type { Sandbox } from "../../support/sandbox.ts";
import { findings } from "./findings.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await finishedProject();
});
afterEach(() => box.remove());

const archive = () => archiveAll(box);
const restore = (...ids: readonly string[]) => box.ok("archive", "--restore", ...ids, "-o", "admin");

test("restoring everything brings every file back, byte for byte", async () => {
  const { unlike, archived, restored } = await archiveAndRestore(box);
  const issues = ["REQ-001", "REQ-002", "REQ-003"];
  expect(restored).toMatchObject({ issues, total: 3, logs: archived.logs });
  expect(archived.logs.length).toBeGreaterThan(5);
  expect(unlike).toEqual([]);
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
  expect((await box.json("archive", "--restore", "REQ-009", "-o", "admin")).json.error).toBe("NOT_FOUND");
  expect(await findings(box)).toEqual([]);
});

test("an issue whose place is taken stays in the archive: refused when it was named, a warning when not", async () => {
  await archive();
  box.write(".mai/queues/reviews/REQ-001.md", box.read(".mai/archive/queues/questions/REQ-001.md"));
  const before = box.tree();
  expect((await box.json("archive", "--restore", "REQ-001", "-o", "admin")).json.error).toBe(
    "ALREADY_EXISTS",
  );
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
    expect((await box.json(...argv, "-o", "admin")).json.error).toBe("ALREADY_EXISTS");
  expect(box.read(".mai/decisions/REQ-001.md")).toBe("mine\n");
  expect(box.exists(".mai/archive/decisions/REQ-001.md")).toBe(true);
});
