/** Builds mai for this machine and runs the README's example on it, in a scratch directory, each line shown. */
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BUN, runStep } from "./run-step.ts";
import { installDependencies } from "./setup.ts";

const LINES = [
  "mai init",
  "mai agent add alice --heartbeat-minutes 30",
  'mai issue new questions "Technical review" -o alice',
  "mai issue claim REQ-001 -o alice",
  'mai issue complete REQ-001 "Approved for implementation" -o alice',
  "mai queue check --overdue",
];

installDependencies();
runStep("compile dist/mai for this machine", [BUN, "scripts/build.ts"]);

const binary = resolve("dist/mai");
const scratch = mkdtempSync(join(tmpdir(), "mai-quickstart-"));
const home = join(scratch, "home");
const project = join(scratch, "team");
mkdirSync(home);
mkdirSync(project);

console.log(`\n== the example, in ${project}`);
for (const line of LINES) runLine(line);
console.log(`\nThe binary is ${binary}`);
console.log(`The files are in ${project}: .mai/ is the truth, async/ the readable mirror`);

function runLine(line: string): void {
  console.log(`\n$ ${line}`);
  const run = Bun.spawnSync(["/bin/sh", "-c", line.replace(/^mai/, '"$MAI_BINARY"')], {
    cwd: project,
    env: { PATH: process.env.PATH ?? "", HOME: home, MAI_BINARY: binary },
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
  if (run.exitCode === 0) return;
  console.error(`\nfailed with exit status ${run.exitCode}: ${line}`);
  process.exit(1);
}
