/** Runs the harnesses of test/torture and test/binary at their large sizes: hours, for nights and releases. */
import { BUN, TEST_TIMEOUT } from "./run-step.ts";

const tests = Bun.spawnSync([BUN, "test", TEST_TIMEOUT, "./test/binary/", "./test/torture/"], {
  env: { ...process.env, MAI_TORTURE: "large" },
  stdout: "inherit",
  stderr: "inherit",
});
process.exitCode = tests.exitCode;
