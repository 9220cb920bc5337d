import { expect, test } from "bun:test";
import { joinEvents, type NumberedEvent } from "../../../src/domain/doctor/join-events.ts";

/** An event whose second stands for its time; what it says is its name. */
function placed(seq: number, second: number, name: string, more: Partial<NumberedEvent> = {}) {
  const event: NumberedEvent = { seq, ts: `${second}`, type: name, ...more };
  return { path: "day", atMs: second * 1000, event };
}

function told(joined: ReturnType<typeof joinEvents>): readonly string[] | null {
  return joined?.map(({ event }) => `${event.seq} ${event.type}`) ?? null;
}

const ONE = [placed(1, 1, "start"), placed(2, 3, "a"), placed(3, 5, "b")];
const TWO = [placed(2, 2, "x"), placed(3, 6, "y")];
const JOINED = ["1 start", "2 x", "3 a", "4 b", "5 y"];

test("joinEvents() numbers by time from the first repeated number on, whichever branch stands first", () => {
  expect(told(joinEvents([...ONE, ...TWO], 3))).toEqual(JOINED);
  expect(told(joinEvents([...TWO.toReversed(), ...ONE.toReversed()], 3))).toEqual(JOINED);
});

test("joinEvents() counts an event once that another join has moved, and keeps the twins of one change where numbers need them", () => {
  const moved = [placed(2, 2, "x"), placed(3, 3, "a"), placed(4, 5, "b"), placed(5, 6, "y")];
  expect(told(joinEvents([...ONE, ...moved], 5))).toEqual(JOINED);
  const twins = [placed(2, 4, "twin"), placed(3, 4, "twin"), placed(4, 4, "twin")];
  const short = [placed(1, 1, "start"), placed(2, 3, "a")];
  expect(told(joinEvents([...short, ...twins], 4))).toEqual(["1 start", "2 a", "3 twin", "4 twin", "5 twin"]);
});

test("joinEvents() keeps what takes back another event pointing at it", () => {
  const note = placed(2, 2, "log.noted", { data: { line: "n" } });
  const undo = placed(3, 8, "log.undone", { data: { noted_seq: 2, line: "n" } });
  const work = placed(2, 1, "issue.blocked", { issue: "A-1" });
  const undone = placed(3, 9, "issue.undone", {
    issue: "A-1",
    data: { undone_seq: 2, undone_type: "issue.blocked" },
  });
  const joined = joinEvents([placed(1, 0, "start"), work, note, undo, undone], 3) ?? [];
  expect(joined.map(({ event }) => event.data ?? event.type)).toEqual([
    "start",
    "issue.blocked",
    { line: "n" },
    { noted_seq: 3, line: "n" },
    { undone_seq: 2, undone_type: "issue.blocked" },
  ]);
});

test("joinEvents() does nothing where no number repeats, and hides no event that is missing", () => {
  expect(joinEvents(ONE, 3)).toBeNull();
  expect(joinEvents([], 0)).toBeNull();
  expect(joinEvents([...ONE, ...TWO, placed(5, 9, "z")], 5)).toBeNull();
  expect(joinEvents([...ONE, ...TWO], 9)).toBeNull();
});
