import { existsSync, readFileSync } from "node:fs";
import { HARNESSES, type HarnessName, type ReportRow } from "../test/support/harnesses.ts";

/** What the harnesses came to. */
export interface ProofTable {
  readonly text: string;
  /** Harnesses with a bad case, with fewer cases than a whole check has, or that let a fault through. */
  readonly lacking: readonly string[];
}

/** Reads the rows that the harnesses of one check kept. @param path of a file with one JSON object a line */
export function readProofTable(path: string): ProofTable {
  const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  const rows = lines.filter((line) => line !== "").map((line): ReportRow => JSON.parse(line));
  const names = Object.keys(HARNESSES) as HarnessName[];
  const sums = names.map((name) => sumOf(name, rows));
  const body = sums.map(({ cells }) => cells);
  return { text: table(body), lacking: sums.filter(({ lacks }) => lacks).map(({ name }) => name) };
}

function sumOf(name: HarnessName, all: readonly ReportRow[]) {
  const rows = all.filter(({ harness }) => harness === name);
  const runs = rows.flatMap((row) => ("cases" in row ? [row] : []));
  const faults = rows.flatMap((row) => ("fault" in row ? [row] : []));
  const sum = (key: "cases" | "bad" | "seconds") => runs.reduce((total, run) => total + run[key], 0);
  const caught = faults.filter((fault) => fault.caught).length;
  const cells = [
    name,
    sum("cases").toLocaleString("en"),
    `${sum("bad")}`,
    `${sum("seconds").toFixed(0)} s`,
    faults.length === 0 ? "–" : `${caught} of ${faults.length}`,
  ];
  const lacks = sum("bad") > 0 || caught < faults.length || sum("cases") < HARNESSES[name];
  return { name, cells, lacks };
}

const HEAD = ["harness", "cases", "bad", "time", "faulty programs caught"];

/** Lays cells out as a Markdown table, so that it can go into docs/reliability.md as it is. */
function table(body: readonly (readonly string[])[]): string {
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...body.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(HEAD), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
