/** Runs the harnesses of test/torture and test/binary at their large sizes: hours, for nights and releases. */
const tests = Bun.spawnSync([process.execPath, "test", "./test/binary/", "./test/torture/"], {
  env: { ...process.env, MAI_TORTURE: "large" },
  stdout: "inherit",
  stderr: "inherit",
});
process.exitCode = tests.exitCode;
