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
