/**
 * Makes one project, and holds the registry's critical section open: between reading the registry and replacing it
 * this process sleeps. With `nolock` the lock is not taken: the control of the race test.
 */
import * as fs from "node:fs";
import { runCli } from "../../src/cli/run-cli.ts";
import { machineSystem } from "../../src/store/system.ts";

const HELD_OPEN_MS = 15;

const [directory = "", home = "", lock = "lock"] = process.argv.slice(2);
const system = machineSystem();
const openSync = ((path: string, flags: number, mode?: number) => {
  const fd = fs.openSync(path, flags, mode);
  if (path.startsWith(`${home}/tmp/`)) system.sleepMs(HELD_OPEN_MS);
  return fd;
}) as typeof fs.openSync;
let stdout = "";
process.exitCode = await runCli(["--json", "init"], {
  cwd: directory,
  env: { MAI_HOME: home },
  system: {
    ...system,
    fs: { ...fs, openSync },
    tryFlock: (fd, operation) => (lock === "nolock" ? true : system.tryFlock(fd, operation)),
  },
  stdin: { isTerminal: false, readText: () => "", readLine: () => null, chunks: async function* () {} },
  stdout: {
    isTerminal: false,
    write: (text) => {
      stdout += text;
    },
    isClosed: () => false,
  },
  stderr: { isTerminal: false, write: () => {}, isClosed: () => false },
  pause: async () => "SIGINT",
});
fs.writeSync(1, stdout);
