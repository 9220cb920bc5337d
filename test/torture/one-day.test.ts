import { expect, test } from "bun:test";
import { withinOneDay } from "../support/one-day.ts";
import type { Report } from "../support/report.ts";

/** A run that differs the first time, while a number of days ends. @returns how often it ran, and what was found */
async function runsOver(midnights: number): Promise<readonly [runs: number, bad: number]> {
  let runs = 0;
  const run = async (): Promise<Report> => {
    runs += 1;
    const bad = runs === 1 ? [{ at: "a call", what: "between" }] : [];
    return { name: "", cases: 1, bad, seconds: 0 };
  };
  const { bad } = await withinOneDay(run, () => `${runs === 0 ? 0 : midnights}`);
  return [runs, bad.length];
}

test("a run over midnight that found something is done once more, any other is not", async () => {
  expect(await runsOver(1)).toEqual([2, 0]);
  expect(await runsOver(0)).toEqual([1, 1]);
});
