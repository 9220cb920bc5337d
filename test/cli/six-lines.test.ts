import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

test("the six lines of the README work as typed in an empty directory with an empty home", async () => {
  const lines = [
    ["init"],
    ["agent", "add", "alice", "--heartbeat-minutes", "30"],
    ["issue", "new", "questions", "Technical review", "-o", "alice"],
    ["issue", "claim", "REQ-001", "-o", "alice"],
    ["issue", "complete", "REQ-001", "Approved for implementation", "-o", "alice"],
    ["queue", "check", "--overdue"],
  ];
  for (const line of lines) expect(await box.run(...line)).toMatchObject({ code: 0, stderr: "" });
  expect(box.read(".mai/queues/questions/REQ-001.md")).toContain("**状态：** ✅ COMPLETED\n");
  expect(box.read("async/questions/REQ-001.md")).toBe(box.read(".mai/queues/questions/REQ-001.md"));
  expect(box.exists(".mai/locks/REQ-001.lock")).toBe(false);
  expect(box.read(".mai/decisions/REQ-001.md")).toContain(
    "**结论：** Approved for implementation\n**处理人：** alice\n",
  );
});

test("a second agent's claim of a held issue exits 2, names holder and time left, and changes no byte", async () => {
  await box.ok("init");
  await box.ok("agent", "add", "alice");
  await box.ok("agent", "add", "bob");
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  const before = box.tree();
  const run = await box.json("issue", "claim", "REQ-001", "-o", "bob");
  expect(run.code).toBe(2);
  expect(run.json).toMatchObject({
    ok: false,
    error: "LOCK_HELD",
    holder: "alice",
    retryable: true,
    exit_code: 2,
  });
  expect(run.json.seconds_left).toBeGreaterThan(2690);
  expect(box.tree()).toEqual(before);
});
