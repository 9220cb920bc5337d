/**
 * The harnesses that prove a promise, in the order of the table at the end of the check, with the number of cases that
 * a whole check runs at least: fewer would mean that a harness got lost.
 */
export const HARNESSES = {
  "kill at calls": 800,
  "kill during recovery": 200,
  "errors at calls": 800,
  "power cuts": 700,
  "power cuts during recovery": 150,
  "short writes": 100,
  "small file system": 40,
  linearizability: 64 * 25,
  "linearizability on a bind mount": 150,
  races: 224,
  "readers against writers": 100,
  "everything at once": 80,
  "stale takeovers": 64,
  "workers in a loop": 60,
  "commands against a model": 3_000,
  "random teams": 300,
  "parser fuzz": 100_000,
  "hostile texts": 4_000,
  "hostile environment": 500,
  "hostile settings": 300,
  "hostile files": 300,
  "several users": 78,
  "exchanged directories": 500,
} as const satisfies Record<string, number>;

/** Name of a harness. */
export type HarnessName = keyof typeof HARNESSES;

/** One line of the report: cases that a harness ran, or a faulty program that it was given. */
export type ReportRow =
  | {
      readonly harness: HarnessName;
      readonly cases: number;
      readonly bad: number;
      readonly seconds: number;
    }
  | { readonly harness: HarnessName; readonly fault: string; readonly caught: boolean };

/** Where the rows go: a file of one JSON object a line, named by the check; without it nothing is kept. */
export const REPORT_VARIABLE = "MAI_PROOF_REPORT";
