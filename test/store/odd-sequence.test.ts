import { afterEach, beforeEach, expect, test } from "bun:test";
import { symlinkSync, writeFileSync } from "node:fs";
import { Sandbox } from "../support/sandbox.ts";

const SEQUENCE = ".mai/sequence.json";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  box.delete(SEQUENCE);
});
afterEach(() => box.remove());

test.each([
  ["a directory", () => box.mkdir(SEQUENCE)],
  ["no UTF-8", () => writeFileSync(box.path(SEQUENCE), Buffer.from([0xff, 0xfe]))],
  ["a symbolic link", () => symlinkSync("config.json", box.path(SEQUENCE))],
])(
  "where sequence.json is %s, readers read, writers and doctor name it, and it stays as it is",
  async (_, put) => {
    put();
    expect((await box.ok("issue", "show", "REQ-001")).json.issue.title).toBe("One");
    const refused = await box.json("issue", "new", "questions", "Two", "-o", "alice");
    expect([refused.code, refused.json.error]).toEqual([1, "CORRUPT_FILE"]);
    expect(refused.json.message).toContain("sequence.json");
    const examined = await box.json("doctor");
    expect(examined.code).toBe(1);
    expect(JSON.stringify(examined.json.findings)).toContain("sequence.json");
    expect(box.exists(SEQUENCE)).toBe(true);
  },
);

test.each([
  ["of ids", (last: number) => ({ seq: 100, ids: { REQ: last } })],
  ["of events", (last: number) => ({ seq: last, ids: { REQ: 1 } })],
])(
  "where the last number %s that there is was given out, nothing is written, and readers go on",
  async (_, sequence) => {
    box.write(SEQUENCE, JSON.stringify(sequence(Number.MAX_SAFE_INTEGER)));
    const before = box.tree();
    const refused = await box.json("issue", "new", "questions", "Two", "-o", "alice");
    expect([refused.code, refused.json.error]).toEqual([1, "CORRUPT_FILE"]);
    expect(refused.json.message).toContain("sequence.json");
    expect(box.tree()).toEqual(before);
    expect((await box.ok("issue", "list", "--ids")).json.issues).toEqual(["REQ-001"]);
  },
);
