/** The whole check: set-up, format, lint, types, unused code, build, every test. The last line counts the tests. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUN, TEST_TIMEOUT, tryStep } from "./run-step.ts";
import { installDependencies, installTools } from "./setup.ts";

installDependencies();
installTools();

const failed: string[] = [];
step("format and lint", [BUN, "x", "biome", "ci"]);
step("types", [BUN, "x", "tsc", "--noEmit"]);
step("unused code", [BUN, "x", "knip"]);
step("build dist/mai", [BUN, "scripts/build.ts"]);

const report = join(mkdtempSync(join(tmpdir(), "mai-check-")), "junit.xml");
step("tests", [BUN, "test", TEST_TIMEOUT, "--reporter=junit", `--reporter-outfile=${report}`]);

if (failed.length > 0) console.error(`\nfailed: ${failed.join(", ")}`);
const { passed, failures } = countTests(report);
console.log(`${passed} passed, ${failures} failed`);
process.exitCode = failed.length > 0 || failures > 0 || passed === 0 ? 1 : 0;

function step(title: string, command: readonly string[]): void {
  if (!tryStep(title, command)) failed.push(title);
}

/** Reads the totals of the test runner's own report. */
function countTests(path: string): { passed: number; failures: number } {
  const totals = /<testsuites[^>]*>/.exec(readFileSync(path, "utf8"))?.[0] ?? "";
  const number = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(totals)?.[1] ?? 0);
  const failures = number("failures") + number("errors");
  return { passed: number("tests") - failures - number("skipped"), failures };
}
