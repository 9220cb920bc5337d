import { afterEach, beforeEach, expect, test } from "bun:test";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatJournalRecord, type JournalChange } from "../../src/codec/journal-record.ts";
import { sha256 } from "../../src/store/digest.ts";
import { Sandbox } from "../support/sandbox.ts";

const PRECIOUS = "ssh-ed25519 AAAA\n";
const LINE = ["issue", "amend", "REQ-001", "seen", "-o", "alice"] as const;

let box: Sandbox;
let elsewhere: string;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  elsewhere = join(box.base, "authorized_keys");
  writeFileSync(elsewhere, PRECIOUS);
});
afterEach(() => box.remove());

/** Puts a second name of a file elsewhere in the place of one of the project. */
function link(path: string): void {
  rmSync(box.path(path), { force: true });
  linkSync(elsewhere, box.path(path));
}

const first = (directory: string) => `${directory}/${box.names(directory)[0]}`;

test.each([".mai/events", ".mai/history"])(
  "a file in %s that has a second name elsewhere stops the change before anything is committed",
  async (directory) => {
    const path = first(directory);
    link(path);
    const { json } = await box.json(...LINE);
    expect(json.ok).toBe(false);
    expect(readFileSync(elsewhere, "utf8")).toBe(PRECIOUS);
    expect(box.names(".mai/journal")).toEqual([]);
  },
);

test.each(["async/history", ".mai/locks"])(
  "a file in %s that has a second name elsewhere leads no write there",
  async (directory) => {
    link(first(directory));
    await box.json(...LINE);
    expect(readFileSync(elsewhere, "utf8")).toBe(PRECIOUS);
  },
);

test.each([
  [
    "append",
    (path: string): JournalChange => ({ kind: "append", path, at: PRECIOUS.length, text: "evil\n" }),
  ],
  ["touch", (path: string): JournalChange => ({ kind: "touch", path })],
] as const)("a change in flight does not %s to what has a second name elsewhere", async (_kind, changeOf) => {
  const path = ".mai/events/2020-01-01.jsonl";
  link(path);
  const record = { version: 1, txid: 99, operation: "x", durable: false, changes: [changeOf(path)] } as const;
  box.write(".mai/journal/commit.json", formatJournalRecord(record, sha256));
  const { json } = await box.json(...LINE);
  expect(json).toMatchObject({ error: "PERMISSION_DENIED", path, hint: expect.stringContaining("cp -p") });
  expect(readFileSync(elsewhere, "utf8")).toBe(PRECIOUS);
  expect((await box.json("issue", "list")).code).toBe(0);
});

test("the cache that has a second name is not added to", async () => {
  for (let issue = 0; issue < 30; issue += 1)
    await box.ok("issue", "new", "questions", "More", "-o", "alice");
  await box.ok("queue", "check");
  expect(box.exists(".mai/cache/issues")).toBe(true);
  link(".mai/cache/issues");
  await box.ok(...LINE);
  expect(readFileSync(elsewhere, "utf8")).toBe(PRECIOUS);
});
