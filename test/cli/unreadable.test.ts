import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { appendFileSync } from "node:fs";
import { Sandbox } from "../support/sandbox.ts";

const FIRST = ".mai/queues/questions/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (const title of ["One", "One more"]) await box.ok("issue", "new", "questions", title, "-o", "admin");
});
afterEach(() => box.remove());

/** Adds a byte that is no UTF-8, far below the header. */
function spoil(path: string): void {
  appendFileSync(box.path(path), Buffer.from([0xff, 0x0a]));
}

describe("an issue whose text is not UTF-8 below its header", () => {
  test("is passed over by `next`, with a warning, and stays as it is", async () => {
    spoil(FIRST);
    const before = box.tree().get(FIRST);
    const { json } = await box.ok("next", "-o", "alice");
    expect(json).toMatchObject({ issue_id: "REQ-002", warnings: [expect.stringContaining("REQ-001.md")] });
    expect(box.tree().get(FIRST)).toBe(before);
  });

  test("is passed over by `next` although the operator holds it", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    spoil(FIRST);
    expect((await box.ok("next", "-o", "alice")).json).toMatchObject({ issue_id: "REQ-002" });
  });

  test("wakes nobody who waits for work: `next` would not give it out", async () => {
    spoil(FIRST);
    expect((await box.ok("wait", "--timeout", "0")).json).toMatchObject({ issue_id: "REQ-002" });
    await box.ok("issue", "claim", "REQ-002", "-o", "bob");
    expect((await box.json("wait", "--timeout", "0")).json).toMatchObject({ error: "TIMEOUT" });
    expect((await box.json("next", "-o", "alice")).json).toMatchObject({ error: "NOTHING_READY" });
  });

  test("is named in a warning by a search, which shows the rest", async () => {
    spoil(FIRST);
    for (const line of [
      ["issue", "list"],
      ["issue", "list", "--ready"],
    ]) {
      const { json } = await box.ok(...line, "--search", "one");
      expect(JSON.stringify(json)).toContain("REQ-002");
      expect(json.warnings).toEqual([expect.stringContaining("REQ-001.md is not UTF-8")]);
    }
  });

  test("hides no other blocker, and no other handover", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    await box.ok("issue", "block", "REQ-001", "stuck", "-o", "alice");
    spoil(FIRST);
    for (const line of [
      ["queue", "blockers"],
      ["prime", "-o", "alice"],
    ])
      expect((await box.ok(...line)).json.warnings).toEqual([expect.stringContaining("REQ-001.md")]);
  });
});
