/** Runs every test but those of the compiled binary: the part of the check that takes seconds. */
import { readdirSync } from "node:fs";
import { BUN, TEST_TIMEOUT } from "./run-step.ts";

/** Folders whose tests need `dist/mai`, other tools, or minutes. */
const SLOW = new Set(["binary", "torture", "release", "fixtures", "support"]);

const folders = readdirSync("test", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !SLOW.has(entry.name))
  .map((entry) => `./test/${entry.name}/`);
/** One worker for each core; a worker keeps its modules from file to file, since loading them anew takes longer than the tests. */
const PARALLEL = ["--parallel", "--no-isolate"];

const tests = Bun.spawnSync([BUN, "test", TEST_TIMEOUT, ...PARALLEL, ...folders], {
  stdout: "inherit",
  stderr: "inherit",
});
process.exitCode = tests.exitCode;
