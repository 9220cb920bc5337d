import { expect, test } from "bun:test";
import fc from "fast-check";
import { formatHistoryLine, parseHistoryLine } from "../../src/codec/history-line.ts";

const TS = "2026-11-22T17:17:39.362+08:00";

function readBack(summary: string, status?: string) {
  const draft = { actor: "alice", event: "note", summary, ...(status === undefined ? {} : { status }) };
  return parseHistoryLine(formatHistoryLine(draft, TS).slice(0, -1));
}

test("a line of the Python tool reads as its five parts", () => {
  const line = "[2026-11-22T17:17:32.155047] [BOB] [note] manual entry [进行中]";
  expect(parseHistoryLine(line)).toEqual({
    ts: "2026-11-22T17:17:32.155047",
    actor: "BOB",
    event: "note",
    summary: "manual entry",
    status: "进行中",
  });
});

test("a summary that ends like a status reads back as a summary without one", () => {
  expect(readBack("I say it is [completed]")).toMatchObject({
    summary: "I say it is [completed]",
    status: null,
  });
  expect(readBack("twice [a] [b]")).toMatchObject({ summary: "twice [a] [b]", status: null });
  expect(readBack("empty []")).toMatchObject({ summary: "empty []", status: null });
  expect(readBack("it is [completed]", "open")).toMatchObject({
    summary: "it is [completed]",
    status: "open",
  });
});

test("any summary reads back as one line, and never as actor, event or status", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), (summary) => {
      const line = formatHistoryLine({ actor: "alice", event: "note", summary }, TS);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(line.slice(0, -1)).not.toMatch(
        /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/,
      );
      expect(parseHistoryLine(line.slice(0, -1))).toMatchObject({
        actor: "ALICE",
        event: "note",
        status: null,
      });
    }),
    { numRuns: 2000 },
  );
});

test("brackets and line breaks in names cannot start a field of their own", () => {
  const line = formatHistoryLine(
    { actor: "eve] [x", event: "note] [forged\n[2026", summary: "s", status: "a] [b" },
    TS,
  );
  expect(line).toBe(`[${TS}] [EVE X] [note forged 2026] s [a b]\n`);
});
