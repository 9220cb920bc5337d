import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import type { Crowd } from "./contention.ts";
import { FLOOR } from "./mai-subjects.ts";
import { type Summary, summarise } from "./statistics.ts";
import type { Subject } from "./subject.ts";

const BEGIN = "<!-- results: written by bun run bench --write -->";
const END = "<!-- end of results -->";

/** What one run of the bench found. */
export interface Results {
  readonly subjects: readonly Subject[];
  /** Milliseconds by the name of the subject. */
  readonly times: ReadonlyMap<string, readonly number[]>;
  /** Peak of one run each, in bytes, by the name of the subject; null for none to tell. */
  readonly memory: ReadonlyMap<string, number | null>;
  readonly crowds: readonly Crowd[];
  readonly notes: readonly string[];
}

/** Renders everything as Markdown, which reads well on a terminal too. */
export function renderResults(results: Results): string {
  const crowds = results.crowds.length === 0 ? [] : [crowdTable(results.crowds)];
  const notes = results.notes.map((note) => `- ${note}`).join("\n");
  return [machineLine(results), timeTable(results), ...crowds, ...(notes === "" ? [] : [notes])].join("\n\n");
}

/** Puts the results into a page, between its two marks. @throws Error when the page lacks them */
export function writeResults(page: string, text: string): void {
  const before = readFileSync(page, "utf8");
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`${page} has no ${BEGIN} … ${END}`);
  writeFileSync(page, `${before.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${before.slice(end)}`);
}

function machineLine({ times }: Results): string {
  const runs = Math.max(...[...times.values()].map((list) => list.length));
  const [cpu] = cpus();
  return `${cpus().length} cores (${cpu?.model ?? "unknown"}), ${process.platform}, Bun ${Bun.version}, ${runs} runs of each, interleaved.`;
}

function timeTable({ subjects, times, memory }: Results): string {
  const summaries = new Map(subjects.map(({ name }) => [name, summarise(times.get(name) ?? [])]));
  const rows = subjects.map((subject) => [
    ...timeCells(subject, summaries),
    megabytes(memory.get(subject.name) ?? null),
    verdict(subject, summaries),
  ]);
  return table(["what", "median", "quartiles", "spread", "× empty", "memory", "target"], rows);
}

function megabytes(bytes: number | null): string {
  return bytes === null ? "" : `${Math.ceil(bytes / 1e6)} MB`;
}

function timeCells(subject: Subject, summaries: ReadonlyMap<string, Summary>): readonly string[] {
  const summary = summaries.get(subject.name);
  if (summary === undefined) return [subject.name, "", "", "", ""];
  const floor = summaries.get(FLOOR);
  const quartiles = `${summary.lowerQuartile.toFixed(2)}–${summary.upperQuartile.toFixed(2)} ms`;
  const ratio = floor === undefined ? "" : (summary.median / floor.median).toFixed(2);
  const median = `${summary.median.toFixed(2)} ms`;
  return [subject.name, median, quartiles, percent(summary.spread), ratio];
}

function verdict({ name, target }: Subject, summaries: ReadonlyMap<string, Summary>): string {
  const own = summaries.get(name);
  const other = target === undefined ? undefined : summaries.get(target.to);
  if (target === undefined || own === undefined || other === undefined) return "";
  const ratio = own.median / other.median;
  const met = ratio <= target.ratio ? "met" : "missed";
  return target.to === FLOOR
    ? `${target.ratio} ×: ${met}`
    : `${target.ratio} × "${target.to}": ${ratio.toFixed(2)}, ${met}`;
}

function crowdTable(crowds: readonly Crowd[]): string {
  const rows = crowds.map(({ name, perSecond, meanWait, slowestWait }) => [
    name,
    perSecond.toFixed(0),
    `${meanWait.toFixed(0)} ms`,
    `${slowestWait.toFixed(0)} ms`,
    (slowestWait / meanWait).toFixed(2),
  ]);
  return table(["64 at once", "per second", "mean wait", "slowest", "slowest ÷ mean"], rows);
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
