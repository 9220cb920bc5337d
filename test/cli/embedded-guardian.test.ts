import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (let number = 1; number <= 5; number += 1) {
    await box.ok("issue", "new", "questions", `Issue ${number}`, "-o", "admin");
    await box.ok("issue", "claim", `REQ-00${number}`, "-o", "bob");
  }
});
afterEach(() => box.remove());

function makeStale(...numbers: readonly number[]): void {
  for (const number of numbers) box.age(`.mai/locks/REQ-00${number}.lock`, 46);
}

function leases(): readonly string[] {
  return [...box.tree(".mai/locks").keys()].map((path) =>
    path.slice(-"REQ-001.lock".length, -".lock".length),
  );
}

test("a change of anybody releases at most three leases that went stale, in the name of the guardian", async () => {
  makeStale(1, 2, 3, 4, 5);
  await box.ok("log", "write", "alice", "note", "something else");
  expect(leases()).toHaveLength(2);
  await box.ok("log", "write", "alice", "note", "and again");
  expect(leases()).toEqual([]);
  const { stdout } = await box.run("--json", "events", "--type", "lease.expired");
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events).toHaveLength(5);
  expect(new Set(events.map(({ actor }) => actor))).toEqual(new Set(["guardian"]));
  expect((await box.ok("issue", "show", "REQ-001")).json.issue).toMatchObject({
    status: "OPEN",
    handler: "default",
  });
});

test("a live lease stays, and so does that of the very issue that is changed", async () => {
  makeStale(1, 2);
  await box.ok("issue", "amend", "REQ-001", "a remark", "-o", "alice");
  expect(leases()).toEqual(["REQ-001", "REQ-003", "REQ-004", "REQ-005"]);
});

test("a reading, a refusal and a command with nothing to do release nothing", async () => {
  makeStale(1, 2, 3);
  const before = box.tree();
  await box.ok("issue", "list");
  await box.json("issue", "claim", "REQ-004", "-o", "alice");
  await box.ok("--dry-run", "issue", "amend", "REQ-004", "x", "-o", "alice");
  await box.ok("agent", "add", "alice", "-o", "admin");
  expect(box.tree()).toEqual(before);
});

test("a stale lease of an issue that cannot be read stays, and disturbs nobody", async () => {
  makeStale(1);
  const path = ".mai/queues/questions/REQ-001.md";
  box.write(path, box.read(path).replace("IN_PROGRESS", "IN_PROGRES"));
  const { json } = await box.ok("issue", "amend", "REQ-002", "a remark", "-o", "alice");
  expect(json.warnings).toEqual([]);
  expect(leases()).toContain("REQ-001");
});
