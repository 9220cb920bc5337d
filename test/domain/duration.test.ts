import { expect, test } from "bun:test";
import { parseDuration } from "../../src/domain/duration.ts";

test.each([
  ["90s", 90_000],
  ["10m", 600_000],
  ["1h30m", 5_400_000],
  ["2d", 172_800_000],
  ["1d2h3m4s5ms", 93_784_005],
  ["500ms", 500],
  ["0.5s", 500],
  ["0", 0],
  ["0s", 0],
] as const)("%s is %d milliseconds", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "10", "m", "-1s", "30m1h", "1h1h", "1 m", "10M", "1e3s", "s10", "10mm", "∞"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);
