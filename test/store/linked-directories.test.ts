import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { formatJournalRecord, type JournalChange } from "../../src/codec/journal-record.ts";
import { sha256 } from "../../src/store/digest.ts";
import { Sandbox } from "../support/sandbox.ts";

const PRECIOUS = "precious\n";

let box: Sandbox;
let outside: string;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  outside = join(box.base, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "file"), PRECIOUS);
});
afterEach(() => box.remove());

/** Puts a link to a directory elsewhere in the place of one of the project. */
function lead(directory: string): void {
  renameSync(box.path(directory), join(box.base, "aside"));
  symlinkSync(outside, box.path(directory));
}

/** A change in flight, as whoever can unpack a project can write one. */
function leaveInFlight(...changes: readonly JournalChange[]): void {
  const record = { version: 1, txid: 99, operation: "x", durable: false, changes } as const;
  box.write(".mai/journal/commit.json", formatJournalRecord(record, sha256));
}

/** What lies outside, by name. */
function found(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(outside).map((name) => [name, readFileSync(join(outside, name), "utf8")]),
  );
}

const READ = ["issue", "list"] as const;
const WRITE = ["issue", "amend", "REQ-001", "seen", "-o", "alice"] as const;

test.each([
  [".mai/tmp", WRITE],
  [".mai/journal", WRITE],
  ["async", WRITE],
  [".mai/queues/questions", WRITE],
])(
  "a change is refused where %s leads out of the project, and nothing there is touched",
  async (directory, line) => {
    lead(directory);
    const run = await box.json(...line);
    expect(run.json.error).toMatch(/^(?:PERMISSION_DENIED|NOT_FOUND)$/);
    expect(found()).toEqual({ file: PRECIOUS });
  },
);

test.each([".mai/tmp", ".mai/journal"])(
  "a reader that finds a record it cannot read removes and renames nothing where %s leads out",
  async (directory) => {
    lead(directory);
    writeFileSync(box.path(".mai/journal/commit.json"), "torn");
    const before = found();
    expect((await box.json(...READ)).json.issues).toHaveLength(1);
    expect(found()).toEqual(before);
  },
);

test.each([
  ["async", "async/config.json", "is there"],
  ["async", "async/config.json", "is new"],
  [".mai/queues/reviews", ".mai/queues/reviews/REQ-009.md", "is there"],
])(
  "a change in flight through %s, which leads out, is not finished: neither by readers nor by writers",
  async (directory, path, state) => {
    const before = state === "is new" ? null : sha256(PRECIOUS);
    if (before !== null) writeFileSync(join(outside, basename(path)), PRECIOUS);
    leaveInFlight(
      { kind: "write", path, before, after: "other\n" },
      { kind: "append", path: "async/history/2020-01-01.log", at: 0, text: "line\n" },
    );
    mkdirSync(box.path(directory), { recursive: true });
    lead(directory);
    const around = found();
    expect((await box.json(...READ)).code).toBe(0);
    const refused = await box.json(...WRITE);
    expect(refused.json).toMatchObject({ error: "PERMISSION_DENIED", path: directory });
    expect(found()).toEqual(around);
  },
);

test("a file in the place of a directory that mai needs is named by the change that it stops", async () => {
  renameSync(box.path(".mai/tmp"), join(box.base, "aside"));
  box.write(".mai/tmp", "");
  const refused = await box.json(...WRITE);
  expect(refused.json).toMatchObject({ error: "PERMISSION_DENIED", path: ".mai/tmp" });
});
