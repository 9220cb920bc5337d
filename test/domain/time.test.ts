import { expect, test } from "bun:test";
import { parseTimestamp } from "../../src/domain/time.ts";

/** Two hours east of UTC. */
const ZONE = { offsetMinutesAt: () => 120, epochMsOfLocal: (utcMs: number) => utcMs - 7_200_000 };
const PARTS = {
  date: ["2026-01-31", "2026-02-28", "2026-02-29", "2024-02-29", "2026-02-30", "2026-04-31", "2026-13-01"],
  oldDate: ["2026-00-10", "2026-01-00", "2026-01-32", "0000-01-01", "0001-01-01", "1969-12-31", "9999-12-31"],
  time: ["00:00:00.000", "12:34:56.789", "23:59:59.999", "24:00:00.000", "24:00:00.001", "25:00:00.000"],
  oddTime: ["00:60:00.000", "00:00:60.000", "00:00:61.000"],
  offset: ["+00:00", "-00:00", "+08:00", "-05:30", "+14:00", "+23:59", "+24:00", "-99:99", "+05:60"],
};

test("a timestamp as mai writes it is the same instant as in the forms of older files", () => {
  for (const date of [...PARTS.date, ...PARTS.oldDate]) {
    for (const time of [...PARTS.time, ...PARTS.oddTime]) {
      for (const offset of PARTS.offset) {
        const written = `${date}T${time}${offset}`;
        expect([written, parseTimestamp(written, ZONE)]).toEqual([
          written,
          parseTimestamp(`${date} ${time} ${offset}`, ZONE),
        ]);
      }
    }
  }
});

test("a timestamp without an offset is local time, and a text that is none is null", () => {
  expect(parseTimestamp("2026-03-01 10:00", ZONE)).toBe(Date.UTC(2026, 2, 1, 8));
  expect(parseTimestamp("2026-03-01T10:00:00.5Z", ZONE)).toBe(Date.UTC(2026, 2, 1, 10, 0, 0, 500));
  expect(parseTimestamp("yesterday", ZONE)).toBeNull();
});
