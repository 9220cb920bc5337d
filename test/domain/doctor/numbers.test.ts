import { expect, test } from "bun:test";
import { clockJumps, numberFaults } from "../../../src/domain/doctor/event-numbers.ts";
import { numbersToMoveTo } from "../../../src/domain/doctor/sequence-floor.ts";

test("numberFaults() finds gaps and repeats in whatever order the numbers come", () => {
  expect(numberFaults([7, 3, 4, 4, 8])).toEqual({
    gaps: [{ from: 5, to: 6 }],
    repeats: [4],
    first: 3,
    last: 8,
  });
  expect(numberFaults([2, 1, 3])).toEqual({ gaps: [], repeats: [], first: 1, last: 3 });
  expect(numberFaults([])).toEqual({ gaps: [], repeats: [], first: 0, last: 0 });
});

test("clockJumps() lets time go back by the tolerance and not by a millisecond more", () => {
  const at = (...times: readonly (number | null)[]) => times.map((atMs) => ({ atMs }));
  expect(clockJumps(at(5000, 3000), 2000)).toEqual([]);
  expect(clockJumps(at(5000, null, 2999, 5000), 2000)).toEqual([
    { before: { atMs: 5000 }, after: { atMs: 2999 }, backMs: 2001 },
  ]);
});

test("numbersToMoveTo() leaves numbers alone that stand where they must", () => {
  const counted = { seq: 9, ids: { REQ: 3 } };
  const seen = { lastSeq: 9, fileIds: ["REQ-003", "REQ-123456", "REQ-94064B"], eventIds: ["REQ-002"] };
  expect(numbersToMoveTo(counted, seen)).toBeNull();
});

test("numbersToMoveTo() never moves a number back", () => {
  const counted = { seq: 9, ids: { REQ: 3, FIX: 8 } };
  const seen = { lastSeq: 4, fileIds: ["REQ-004", "FIX-001"], eventIds: [] };
  expect(numbersToMoveTo(counted, seen)).toEqual({ seq: 9, ids: { REQ: 4 } });
});

test("numbersToMoveTo() counts a prefix without a count from its files, and from events where they know more", () => {
  const counted = { seq: 9, ids: {} };
  expect(numbersToMoveTo(counted, { lastSeq: 9, fileIds: ["ALI-007"], eventIds: ["ALI-007"] })).toBeNull();
  expect(numbersToMoveTo(counted, { lastSeq: 9, fileIds: ["ALI-007"], eventIds: ["ALI-008"] })).toEqual({
    seq: 9,
    ids: { ALI: 8 },
  });
});
