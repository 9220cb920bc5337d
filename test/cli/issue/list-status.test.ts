import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (const title of ["One", "Two", "Three"]) await box.ok("issue", "new", "questions", title, "-o", "bob");
  await box.ok("issue", "discard", "REQ-002", "not needed", "-o", "bob");
});
afterEach(() => box.remove());

test.each([
  ["OPEN", ["REQ-001", "REQ-003"]],
  ["DISCARDED", ["REQ-002"]],
  ["BLOCKED", []],
])(
  "a list of the state %s has each issue of it, unfinished or finished, and counts no other",
  async (state, ids) => {
    const { json } = await box.ok("issue", "list", "--status", state);
    expect(json).toMatchObject({ shown: ids.length, total: ids.length });
    expect(json.issues.map(({ id }: { id: string }) => id)).toEqual(ids);
  },
);

test("a list of an unfinished state names a file that cannot be read, as any list does", async () => {
  box.write(".mai/queues/questions/REQ-003.md", "nothing of an issue");
  const { json } = await box.ok("issue", "list", "--status", "OPEN");
  expect(json.issues.map(({ id }: { id: string }) => id)).toEqual(["REQ-001"]);
  expect(json.warnings).toHaveLength(1);
});
