import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { CHANGING, prepareTeam } from "../support/every-command.ts";
import { Sandbox } from "../support/sandbox.ts";
import { changedPaths, wholeTree } from "../support/whole-tree.ts";

let box: Sandbox;

beforeEach(async () => {
  box = new Sandbox();
  await prepareTeam(box);
});
afterEach(() => box.remove());

describe("a command that succeeded leaves every byte when it is given again:", () => {
  const repeatable = Object.entries(CHANGING).filter(([, { twice }]) => twice !== "acts");
  test.each(repeatable)("%s", async (_name, command) => {
    await command.before?.(box);
    await box.ok(...command.argv);
    const before = wholeTree(box.base);
    box.clock.nowMs += 61_000;
    const again = await box.json(...command.argv);
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
    expect([again.code > 0, again.json.error ?? null]).toEqual([
      command.twice === "refused",
      command.twice === "refused" ? expect.any(String) : null,
    ]);
  });
});

describe("what acts each time does so:", () => {
  const acting = Object.entries(CHANGING).filter(([, { twice }]) => twice === "acts");
  test.each(acting)("%s", async (_name, command) => {
    await command.before?.(box);
    await box.ok(...command.argv);
    const before = wholeTree(box.base);
    await box.ok(...command.argv);
    expect(changedPaths(before, wholeTree(box.base))).not.toEqual([]);
  });
  test.each(acting)("%s, but for a key: then once", async (_name, command) => {
    await command.before?.(box);
    const first = await box.ok(...command.argv, "--key", "k");
    const before = wholeTree(box.base);
    const again = await box.ok(...command.argv, "--key", "k");
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
    expect(again.json).toEqual({ ...first.json, idempotent: true });
  });
});

test("a repeat is one whatever roles have become since: the handler transfers and is nobody then", async () => {
  const argv = ["issue", "transfer", "REQ-001", "bob", "yours", "-o", "alice"];
  await box.ok(...argv);
  await box.ok("agent", "remove", "alice", "-o", "admin");
  const before = wholeTree(box.base);
  expect((await box.ok(...argv)).json.idempotent).toBe(true);
  expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
});

test("a key gives its issue again whatever queues and roles have become since", async () => {
  await box.ok("queue", "create", "ops", "--owner", "bob", "--prefix", "OPS", "-o", "admin");
  const argv = ["issue", "new", "ops", "One", "-o", "bob", "--key", "k"];
  const first = await box.ok(...argv);
  await box.ok("issue", "edit", first.json.issue_id, "--queue", "questions", "-o", "admin");
  await box.ok("queue", "remove", "ops", "-o", "admin");
  await box.ok("agent", "remove", "bob", "-o", "admin");
  expect((await box.ok(...argv)).json).toEqual({ ...first.json, idempotent: true });
});

test("a repeat is one in whatever language the first was recorded", async () => {
  const lines = [
    ["issue", "transfer", "REQ-001", "bob", "yours", "-o", "alice"],
    ["issue", "reject", "REQ-001", "not yet", "-o", "admin"],
  ];
  for (const argv of lines) {
    await box.ok(...argv);
    await box.ok("config", "set", "language", "en", "-o", "admin");
    const before = wholeTree(box.base);
    expect((await box.ok(...argv)).json.idempotent).toBe(true);
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
    await box.ok("config", "set", "language", "zh", "-o", "admin");
  }
});
