import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { truncateSync, writeFileSync } from "node:fs";
import { Sandbox } from "../support/sandbox.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const FIRST = ".mai/queues/questions/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (const title of ["One", "Two"]) await box.ok("issue", "new", "questions", title, "-o", "admin");
});
afterEach(() => box.remove());

/** Makes a file as large as this without taking room on the disk. */
function grow(path: string, bytes: number): void {
  if (!box.exists(path)) box.write(path, "");
  truncateSync(box.path(path), bytes);
}

describe.each([16 * MIB + 1, 64 * GIB])("an issue of %p bytes", (bytes) => {
  test("is an error about that file, and stops nobody else", async () => {
    grow(FIRST, bytes);
    const { json } = await box.ok("next", "-o", "alice");
    expect(json).toMatchObject({
      issue_id: "REQ-002",
      warnings: [expect.stringContaining("at most 16 MiB")],
    });
    await box.ok("issue", "list");
    await box.ok("status");
    await box.ok("issue", "amend", "REQ-002", "More", "-o", "alice");
    expect((await box.json("issue", "show", "REQ-001")).json).toMatchObject({
      error: "CORRUPT_FILE",
      limit: 16 * MIB,
    });
    expect((await box.json("issue", "amend", "REQ-001", "x", "-o", "bob")).json).toMatchObject({
      error: "CORRUPT_FILE",
    });
    const { json: found } = await box.json("doctor");
    expect(found.findings).toContainEqual(
      expect.objectContaining({ severity: "error", code: "unreadable", path: FIRST }),
    );
  });
});

test("an issue of exactly 16 MiB is shown; it takes no record, so that `next` passes over it and wakes nobody", async () => {
  const text = box.read(FIRST);
  const filler = "x".repeat(16 * MIB - Buffer.byteLength(text));
  writeFileSync(box.path(FIRST), text.replace("One\n\n## ", `One\n${filler.slice(1)}\n\n## `));
  expect((await box.ok("issue", "show", "REQ-001")).json).toMatchObject({ issue: { id: "REQ-001" } });
  const { json } = await box.ok("next", "-o", "alice");
  expect(json).toMatchObject({ issue_id: "REQ-002", warnings: [expect.stringContaining("is full")] });
  expect((await box.json("wait", "--timeout", "0")).json).toMatchObject({ error: "TIMEOUT" });
});

test.each([
  ".mai/locks/REQ-002.lock",
  ".mai/dependents/REQ-002",
  ".mai/processing/REQ-002.md",
  ".mai/decisions/REQ-002.md",
  ".mai/history/2026-01-01.log",
  ".mai/events/2026-01-01.jsonl",
  ".mai/cache/issues",
  ".mai/cache/finished",
  ".mai/daily-summary/status.json",
  ".mai/journal/bad-00000000.json",
  "async/questions/REQ-002.md",
])("%p of 64 GiB keeps nobody from working on what it is not about", async (path) => {
  grow(path, 64 * GIB);
  await box.ok("issue", "list");
  await box.ok("status");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  await box.ok("issue", "new", "questions", "Three", "-o", "admin");
  expect((await box.json("doctor")).json.ok).toBeDefined();
});

test("logs of today that have grown beyond what can be read take further lines", async () => {
  const day = [...box.tree(".mai/history").keys()].find((name) => name.endsWith(".log")) ?? "";
  for (const path of [day, day.replace(".mai", "async")]) {
    grow(path, 300 * MIB);
    await box.ok("issue", "new", "questions", "Three", "-o", "admin");
  }
});

test("a record that no change can have written is set aside, and nothing of it is done", async () => {
  grow(".mai/journal/commit.json", 64 * GIB);
  const { json } = await box.ok("issue", "new", "questions", "Three", "-o", "admin");
  expect(json.warnings).toEqual([expect.stringContaining(".mai/journal/bad-")]);
});

test.each([".mai/config.json", ".mai/sequence.json"])("%p of 64 GiB is named with its size", async (path) => {
  grow(path, 64 * GIB);
  const { json } = await box.json("issue", "new", "questions", "Three", "-o", "admin");
  expect(json).toMatchObject({ ok: false, message: expect.stringContaining(`${path} has 65536 MiB`) });
});

/** Makes an issue so large that this many bytes are left of the room for texts. */
function fill(left: number): void {
  const text = box.read(FIRST);
  const filler = "x".repeat(15 * MIB - left - Buffer.byteLength(text));
  box.write(FIRST, text.replace("One\n\n## ", `One\n${filler}\n\n## `));
}

describe("an issue that is nearly full", () => {
  test("takes no remark that does not fit, says what to do, and stays as it is", async () => {
    fill(10_000);
    const before = box.tree(".mai/queues");
    const { json } = await box.json("issue", "amend", "REQ-001", "x".repeat(30_000), "-o", "alice");
    expect(json).toMatchObject({
      error: "INVALID_TEXT",
      issue_id: "REQ-001",
      hint: expect.stringContaining("--ref"),
    });
    expect(box.tree(".mai/queues")).toEqual(before);
  });

  test("can still be claimed and finished", async () => {
    fill(0);
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    await box.ok("lock", "release", "REQ-001", "-o", "alice");
    await box.ok("issue", "complete", "REQ-001", "Enough", "-o", "admin");
  });
});
