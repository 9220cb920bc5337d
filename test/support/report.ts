import { expect } from "bun:test";
import { appendFileSync } from "node:fs";
import { type HarnessName, REPORT_VARIABLE, type ReportRow } from "./harnesses.ts";

/** What was wrong after a disturbance, and where it struck. */
export interface Bad {
  readonly at: string;
  readonly what: string;
}

/** Cases that a harness ran, and those that broke a promise. */
export interface Report {
  readonly name: string;
  readonly cases: number;
  readonly bad: readonly Bad[];
  readonly seconds: number;
}

/** Prints the one line of a run, keeps it for the table at the end of the check, and insists that no case was bad. */
export function settle(harness: HarnessName, report: Report): void {
  const { name, cases, bad, seconds } = report;
  console.log(`${harness}: ${name}: ${cases} cases, ${bad.length} bad, ${seconds.toFixed(1)} s`);
  keep({ harness, cases, bad: bad.length, seconds });
  expect(bad).toEqual([]);
}

/** Keeps a row for cases that a test counted itself and found right. */
export function counted(harness: HarnessName, cases: number, startedMs: number): void {
  keep({ harness, cases, bad: 0, seconds: secondsSince(startedMs) });
}

/** Notes whether a harness caught a faulty program, and insists on it. */
export function mustBeCaught(harness: HarnessName, fault: string, caught: boolean): void {
  keep({ harness, fault, caught });
  expect([fault, caught]).toEqual([fault, true]);
}

/** Gathers one report out of many. */
export function summed(name: string, reports: readonly Report[]): Report {
  return {
    name,
    cases: reports.reduce((sum, { cases }) => sum + cases, 0),
    bad: reports.flatMap(({ name: part, bad }) =>
      bad.map(({ at, what }) => ({ at: `${part}: ${at}`, what })),
    ),
    seconds: reports.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** Returns how long something took that began at this `performance.now()`. */
export function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}

function keep(row: ReportRow): void {
  const path = process.env[REPORT_VARIABLE];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(row)}\n`);
}
