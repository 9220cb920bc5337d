import { expect, test } from "bun:test";
import type { IssueRecord, RecordWord } from "../../src/domain/issue.ts";
import { currentBlocks, pastClaims, stateSpans } from "../../src/domain/state-spans.ts";

const ZONE = { offsetMinutesAt: () => 0, epochMsOfLocal: (utcMs: number) => utcMs };
const MINUTE_MS = 60_000;
const NOW = { nowMs: Date.UTC(2026, 3, 30, 12, 0), zone: ZONE };

/** Records of one hour, oldest first: minute, word, text. */
function records(
  ...rows: readonly (readonly [number, RecordWord | null, string?])[]
): readonly IssueRecord[] {
  return rows
    .map(([minute, word, text = ""]) => ({
      ts: `2026-04-30T11:${String(minute).padStart(2, "0")}:00.000+00:00`,
      actor: "alice",
      word,
      text,
    }))
    .toReversed();
}
const lengths = (list: readonly IssueRecord[]) =>
  stateSpans(list, NOW).map(({ state, lengthMs }) => [
    state,
    lengthMs === null ? null : lengthMs / MINUTE_MS,
  ]);

test("a span lasts until the next state, the last one until now; remarks and repeats do not end it", () => {
  const list = records(
    [0, "CREATED"],
    [10, "IN_PROGRESS"],
    [20, "AMENDED", "x"],
    [25, "IN_PROGRESS", "接管 @bob 的过期租约"],
    [30, "BLOCKED", "a"],
    [40, "ESCALATED"],
    [45, "BLOCKED", "b"],
  );
  expect(lengths(list)).toEqual([
    ["OPEN", 10],
    ["IN_PROGRESS", 20],
    ["BLOCKED", 30],
  ]);
});

test("a timestamp that cannot be read leaves the lengths beside it unknown", () => {
  const [last, ...rest] = records([0, "CREATED"], [10, "IN_PROGRESS"]);
  const list = last === undefined ? [] : [{ ...last, ts: "yesterday" }, ...rest];
  expect(lengths(list)).toEqual([
    ["OPEN", null],
    ["IN_PROGRESS", null],
  ]);
});

test("records without a known word, or none at all, give no span", () => {
  expect(lengths(records([0, null, "x"]))).toEqual([]);
  expect(lengths([])).toEqual([]);
});

test("claims are told oldest first, an unblock that led back to work is none", () => {
  const list = records(
    [1, "IN_PROGRESS"],
    [2, "BLOCKED", "a"],
    [3, "IN_PROGRESS", "解除阻塞"],
    [4, "IN_PROGRESS"],
  );
  expect(pastClaims(list).map(({ since }) => since.slice(14, 16))).toEqual(["01", "04"]);
});

test("only blocks since the last other state block an issue now", () => {
  const list = records(
    [1, "BLOCKED", "old"],
    [2, "OPEN"],
    [3, "BLOCKED", "a"],
    [4, "AMENDED", "x"],
    [5, "BLOCKED", "b"],
  );
  expect(currentBlocks(list).map(({ text }) => text)).toEqual(["b", "a"]);
});
