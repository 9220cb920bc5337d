import { afterEach, beforeEach, expect, test } from "bun:test";
import { formatJournalRecord, type JournalChange } from "../../src/codec/journal-record.ts";
import { sha256 } from "../../src/store/digest.ts";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
});
afterEach(() => box.remove());

function leaveInFlight(...changes: readonly JournalChange[]): void {
  const record = { version: 1, txid: 99, operation: "x", durable: false, changes } as const;
  box.write(".mai/journal/commit.json", formatJournalRecord(record, sha256));
}

const dates = () => ({ events: box.names(".mai/events")[0], history: box.names(".mai/history")[0] });

test("logs of this very day come back from the archive with the lines about that at their ends", async () => {
  const { events = "", history = "" } = dates();
  const [event, line] = [box.read(`.mai/events/${events}`), box.read(`.mai/history/${history}`)];
  box.clock.nowMs += 48 * 3_600_000;
  await box.ok("archive", "--before", "2999-01-01", "-o", "admin");
  expect(box.exists(`.mai/events/${events}`)).toBe(false);
  box.clock.nowMs -= 48 * 3_600_000;

  const { json } = await box.ok("archive", "--restore", "-o", "admin");
  expect(json.pending).toBeUndefined();
  expect(box.read(`.mai/events/${events}`)).toStartWith(event);
  expect(box.read(`.mai/events/${events}`)).toContain('"type":"log.restored"');
  expect(box.read(`.mai/history/${history}`)).toStartWith(line);
  expect(box.read(`.mai/history/${history}`)).toContain("[restore]");
  expect(box.read(`async/history/${history}`)).toBe(box.read(`.mai/history/${history}`));
  expect(box.names(".mai/journal")).toEqual([]);
  expect((await box.ok("doctor")).json.ok).toBe(true);
});

test("a record of an older version that writes a log and appends to it is finished with both", async () => {
  const { events = "" } = dates();
  const path = `.mai/events/${events}`;
  const text = box.read(path);
  leaveInFlight(
    { kind: "write", path, before: sha256(text), after: `${text}{"seq":98}\n` },
    { kind: "append", path, at: text.length, text: '{"seq":99}\n' },
  );
  await box.ok("issue", "list");
  expect(box.read(path)).toBe(`${text}{"seq":98}\n{"seq":99}\n`);
  expect(box.names(".mai/journal")).toEqual([]);
});

test.each([".mai/mutex", "AGENTS.md", ".mai/tmp/x", "async/run.sh", ".mai/queues/questions/../../x.md"])(
  "a record that would write %s, which no change does, is set aside and nothing of it is done",
  async (path) => {
    const config = box.read(".mai/config.json");
    leaveInFlight(
      { kind: "write", path: ".mai/config.json", before: sha256(config), after: "{}" },
      { kind: "write", path, before: null, after: "evil\n" },
    );
    const { json } = await box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice");
    expect(json.warnings.join()).toContain(".mai/journal/bad-");
    expect(box.read(".mai/config.json")).toBe(config);
    expect(box.exists(path)).toBe(path === ".mai/mutex");
    expect(box.names(".mai/journal")).toEqual([expect.stringMatching(/^bad-/)]);
  },
);
