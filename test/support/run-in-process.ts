import { join } from "node:path";
import { runCli } from "../../src/cli/run-cli.ts";
import { machineSystem } from "../../src/store/system.ts";
import type { BinaryProject, Ended } from "./binary.ts";

/** Runs a command line on a project of real processes, but inside this one: with the machine's own clock, files and locks. */
export async function runInProcess(project: BinaryProject, argv: readonly string[]): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  const output = (name: keyof typeof texts) => ({
    isTerminal: false,
    isClosed: () => false,
    write: (data: string | Uint8Array) => {
      texts[name] += Buffer.from(data).toString();
    },
  });
  const code = await runCli(argv, {
    cwd: project.root,
    env: { HOME: join(project.base, "home") },
    system: machineSystem(),
    stdin: { isTerminal: false, readText: () => "", readLine: () => null, chunks: async function* () {} },
    stdout: output("stdout"),
    stderr: output("stderr"),
    pause: async () => "SIGINT",
  });
  return { code, ...texts };
}
