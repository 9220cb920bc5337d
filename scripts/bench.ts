/** Times mai as its users meet it: whole processes, side by side with an empty program and with its peers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCrowds } from "./bench/contention.ts";
import { FLOOR, maiSubjects } from "./bench/mai-subjects.ts";
import { peerSubjects } from "./bench/peers.ts";
import { compilePrograms } from "./bench/programs.ts";
import { renderResults, writeResults } from "./bench/report.ts";
import { interleave, type Subject } from "./bench/subject.ts";

const USAGE = `usage: bun run bench [--quick] [--runs N] [--rows TEXT,…] [--large N,…] [--no-peers] [--no-crowd] [--write]
  --quick   8 runs, no peers, no crowd: under a minute
  --runs    timed runs of each row (30), after 3 that warm up
  --rows    only rows whose name contains one of these texts; the floor always
  --large   numbers of issues, all but 100 finished, that claim, check and lists are measured with (none)
  --write   put the results into docs/performance.md`;
const WARMUPS = 3;
const QUICK_RUNS = 8;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    runs: { type: "string" },
    rows: { type: "string" },
    large: { type: "string", default: "" },
    "no-peers": { type: "boolean", default: false },
    "no-crowd": { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else await bench(mkdtempSync(join(tmpdir(), "mai-bench-")));

async function bench(scratch: string): Promise<void> {
  try {
    const large = values.large.split(",").filter(Boolean).map(Number);
    const place = { scratch, large, programs: await compilePrograms(scratch) };
    const notes: string[] = [];
    const peers = values.quick || values["no-peers"] ? [] : peerSubjects(place, (note) => notes.push(note));
    const subjects = [...maiSubjects(place), ...peers].filter(isWanted);
    const times = interleave(subjects, { warmups: WARMUPS, runs: runCount() });
    if (Bun.which("time") === null) notes.push("Memory is left out (GNU time; Debian: apt-get install time)");
    const memory = new Map(subjects.map(({ name, peakMemory }) => [name, peakMemory?.(runCount()) ?? null]));
    const crowds = values.quick || values["no-crowd"] ? [] : await measureCrowds(place);
    const text = renderResults({ subjects, times, memory, crowds, notes });
    console.log(text);
    if (values.write) writeResults(join(import.meta.dir, "..", "docs", "performance.md"), text);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function isWanted({ name }: Subject): boolean {
  return (
    name === FLOOR || values.rows === undefined || values.rows.split(",").some((part) => name.includes(part))
  );
}

function runCount(): number {
  const count = Number(values.runs ?? (values.quick ? QUICK_RUNS : 30));
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(USAGE);
}
