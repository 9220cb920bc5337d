import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

const QUEUE = ".mai/queues/questions";
const FIRST = `${QUEUE}/REQ-001.md`;
/** What merge tools, editors, sync clients and people leave beside an issue. */
const COPIES = [
  "REQ-001.orig.md",
  "REQ-001 (copy).md",
  "REQ-001 2.md",
  "REQ-001_BACKUP_123.md",
  "REQ-001.sync-conflict-20261130-101500-ABCDEFG.md",
  "req-001.md",
  "REQ-001.md.orig",
  "REQ-001.md~",
  "notes.md",
];

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
});
afterEach(() => box.remove());

function warningsOf(json: unknown): readonly string[] {
  return (json as { warnings?: readonly string[] }).warnings ?? [];
}

/** Every warning that tells of a name that is no issue's. */
function told(json: unknown): readonly string[] {
  return warningsOf(json).filter((warning) => warning.startsWith("Not issues"));
}

describe.each(COPIES)("a file %p in a queue directory", (name) => {
  beforeEach(() => box.write(`${QUEUE}/${name}`, box.read(FIRST)));

  test("is no issue, and stops nobody", async () => {
    const listed = await box.ok("issue", "list");
    expect(listed.json).toMatchObject({ total: 1, issues: [{ id: "REQ-001" }] });
    expect((await box.ok("next", "-o", "alice")).json).toMatchObject({ issue_id: "REQ-001" });
    expect((await box.json("next", "-o", "bob")).json).toMatchObject({ error: "NOTHING_READY" });
    expect((await box.json("wait", "--timeout", "0")).json).toMatchObject({ error: "TIMEOUT" });
    await box.ok("issue", "new", "questions", "Two", "-o", "admin");
    await box.ok("issue", "amend", "REQ-001", "Found out", "-o", "alice");
    expect(box.exists(`${QUEUE}/REQ-002.md`)).toBe(true);
  });

  test("is named by doctor, which leaves it where it is", async () => {
    const before = box.read(`${QUEUE}/${name}`);
    const { json } = await box.json("doctor", "--fix");
    expect(json).toMatchObject({ findings: [{ code: "odd_name", path: `${QUEUE}/${name}` }], fixed: [] });
    expect(box.read(`${QUEUE}/${name}`)).toBe(before);
  });

  test("is named by the commands that look at issues, from the cache too", async () => {
    for (const line of [
      ["issue", "list"],
      ["issue", "list"],
      ["status"],
      ["queue", "check"],
      ["prime", "-o", "alice"],
    ])
      expect(told((await box.ok(...line)).json)).toEqual([expect.stringContaining(`questions/${name}`)]);
  });
});

test("odd names are told in one warning, five of them by name", async () => {
  for (const queue of ["questions", "reviews"])
    for (const name of COPIES) box.write(`.mai/queues/${queue}/${name}`, "x");
  for (const line of [["status"], ["queue", "check"], ["issue", "list"]]) {
    const [warning, ...others] = warningsOf((await box.ok(...line)).json);
    expect(others).toEqual([]);
    expect(warning).toContain(`and ${2 * COPIES.length - 5} more`);
  }
});

test("a copy of a queue is no queue: its issues are nobody's, and their ids name one issue each", async () => {
  for (const name of ["questions.orig", "questions (copy)", "questions 2"]) {
    box.write(`.mai/queues/${name}/REQ-001.md`, box.read(FIRST));
    box.write(`.mai/queues/${name}/REQ-009.md`, box.read(FIRST).replace("REQ-001", "REQ-009"));
  }
  const { json } = await box.ok("issue", "list");
  expect(json).toMatchObject({ total: 1 });
  expect(told(json)).toEqual([expect.stringContaining("questions (copy), questions 2, questions.orig in")]);
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  expect((await box.json("issue", "show", "REQ-009")).json).toMatchObject({ error: "NOT_FOUND" });
  const { json: found } = await box.json("doctor");
  expect(found).toMatchObject({
    findings: ["questions (copy)", "questions 2", "questions.orig"].map((name) => ({
      code: "odd_name",
      path: `.mai/queues/${name}`,
    })),
  });
});

test("an issue of a queue of the settings counts before one of the same id in a directory that they do not name", async () => {
  box.write(".mai/queues/questions-copy/REQ-001.md", box.read(FIRST));
  expect((await box.ok("issue", "claim", "REQ-001", "-o", "alice")).json).toMatchObject({
    issue_id: "REQ-001",
  });
  const { json } = await box.json("doctor");
  expect(JSON.stringify(json)).toContain("double_id");
});

/** Copies of files of every other kind. */
const OTHERS = [
  ".mai/locks/REQ-001 (copy).lock",
  ".mai/locks/REQ-001.lock.orig",
  ".mai/locks/REQ-001 2.hold",
  ".mai/keys/key.txt",
  ".mai/events/2026-11-30.log.orig",
  ".mai/events/2026-11-30 2.jsonl",
  ".mai/history/2026-11-30.log.orig",
  ".mai/history/2026-11-30 (copy).log",
  ".mai/decisions/REQ-001.orig.md",
  ".mai/processing/REQ-001 (copy).md",
  ".mai/dependents/REQ-001.orig",
  ".mai/archive/queues/questions/REQ-001 2.md",
  ".mai/archive/decisions/REQ-001.orig.md",
  ".mai/archive/events/2026-11-30.jsonl.gz.orig",
  ".mai/daily-summary/status (1).json",
  ".mai/cache/issues.orig",
  ".mai/config.json.orig",
  ".mai/config (copy).json",
  ".mai/sequence 2.json",
];

test.each(OTHERS)("%p counts for nothing, is named by doctor, and survives --fix", async (path) => {
  box.write(path, "mallory|2026-11-30T00:00:00.000+00:00|fence=9");
  await box.ok("next", "-o", "alice");
  await box.ok("issue", "amend", "REQ-001", "More", "-o", "alice");
  const { json } = await box.json("doctor", "--fix");
  expect(json).toMatchObject({ findings: [{ code: "odd_name", path }], fixed: [] });
  expect(box.exists(path)).toBe(true);
  expect([...box.tree("async").keys()].filter((name) => /orig|copy| 2|\(1\)/.test(name))).toEqual([]);
});

test("the copy of a lease keeps nobody from removing an agent", async () => {
  box.write(".mai/locks/REQ-001 (copy).lock", "bob|2026-11-30T00:00:00.000+00:00|fence=9");
  await box.ok("agent", "remove", "bob", "-o", "admin");
});
