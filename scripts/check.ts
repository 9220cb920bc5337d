/** The whole check: set-up, format, lint, types, unused code, build, every test. At the end the table of the proofs; the last line counts the tests. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPORT_VARIABLE } from "../test/support/harnesses.ts";
import { readProofTable } from "./proof-table.ts";
import { BUN, TEST_TIMEOUT, tryStep } from "./run-step.ts";
import { installDependencies, installTools } from "./setup.ts";

installDependencies();
installTools();

const failed: string[] = [];
step("format and lint", [BUN, "x", "biome", "ci"]);
step("types", [BUN, "x", "tsc", "--noEmit"]);
step("unused code", [BUN, "x", "knip"]);
step("build dist/mai", [BUN, "scripts/build.ts"]);

const reports = mkdtempSync(join(tmpdir(), "mai-check-"));
const report = join(reports, "junit.xml");
const proofs = join(reports, "proofs.jsonl");
step("tests", [BUN, "test", TEST_TIMEOUT, "--reporter=junit", `--reporter-outfile=${report}`], {
  [REPORT_VARIABLE]: proofs,
});
const { text, lacking } = readProofTable(proofs);
console.log(`\n== proofs\n\n${text}`);
if (lacking.length > 0) failed.push(`proofs of ${lacking.join(", ")}`);

if (failed.length > 0) console.error(`\nfailed: ${failed.join(", ")}`);
const { passed, failures } = countTests(report);
console.log(`${passed} passed, ${failures} failed`);
process.exitCode = failed.length > 0 || failures > 0 || passed === 0 ? 1 : 0;

function step(title: string, command: readonly string[], env: Record<string, string> = {}): void {
  if (!tryStep(title, command, env)) failed.push(title);
}

/** Reads the totals of the test runner's own report. */
function countTests(path: string): { passed: number; failures: number } {
  const totals = /<testsuites[^>]*>/.exec(readFileSync(path, "utf8"))?.[0] ?? "";
  const number = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(totals)?.[1] ?? 0);
  const failures = number("failures") + number("errors");
  return { passed: number("tests") - failures - number("skipped"), failures };
}
