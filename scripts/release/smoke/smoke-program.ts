import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CommandResult, runCommand } from "../run-command.ts";
import { toolPath } from "../system-tool.ts";

/** Is a binary ready to be run as its users would, and the place to look at what it did. */
export interface SmokeProgram {
  /** The directory, empty at first, that every command runs in: its path on this machine. */
  readonly directory: string;
  /** What stands before the program's arguments; absolute paths, since there is no PATH. */
  readonly command: readonly string[];
  /** The program's whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs one command of the program. */
export async function runMai(program: SmokeProgram, ...args: readonly string[]): Promise<CommandResult> {
  return await runCommand([...program.command, ...args], { cwd: program.directory, env: program.env });
}

/**
 * Runs one command of the program that has to succeed, and returns its output.
 * @throws Error with the command and all that it said when it fails.
 */
export async function expectDone(program: SmokeProgram, ...args: readonly string[]): Promise<string> {
  const result = await runMai(program, ...args);
  if (result.exitCode === 0) return result.stdout;
  throw new Error(`mai ${args.join(" ")}: exit ${result.exitCode}\n${result.stdout}${result.stderr}`);
}

/**
 * Runs one command and kills it as it enters its Nth rename: the journal record's is the first, and the command is
 * committed with it.
 * @throws Error when the command ended before that rename.
 */
export async function killAtRename(
  program: SmokeProgram,
  nth: number,
  ...args: readonly string[]
): Promise<void> {
  const calls = "?rename,renameat,renameat2";
  const kill = ["-e", `trace=${calls}`, "-e", `inject=${calls}:signal=SIGKILL:when=${nth}`];
  const strace = [toolPath("strace"), "-f", "-qq", "-o", "/dev/null", ...kill];
  const argv = [...strace, ...program.command, ...args];
  const result = await runCommand(argv, { cwd: program.directory, env: program.env });
  if (result.exitCode === 137) return;
  const said = `${result.stdout}${result.stderr}`;
  throw new Error(`mai ${args.join(" ")} was not killed at rename ${nth}: exit ${result.exitCode}\n${said}`);
}

/** Is what the files say about one issue. */
export interface IssueOnDisk {
  readonly state: string;
  readonly isMirrored: boolean;
  readonly hasLease: boolean;
  readonly hasDecision: boolean;
}

/** Reads what the files say about an issue in the queue `questions`, without asking the program. */
export function issueOnDisk(program: SmokeProgram, id: string): IssueOnDisk {
  const text = readFileSync(join(program.directory, `.mai/queues/questions/${id}.md`), "utf8");
  const mirror = readFileSync(join(program.directory, `async/questions/${id}.md`), "utf8");
  return {
    state: /^\*\*(?:状态：|Status:)\*\* .*?([A-Z_]+)$/m.exec(text)?.[1] ?? "no state",
    isMirrored: mirror === text,
    hasLease: existsSync(join(program.directory, `.mai/locks/${id}.lock`)),
    hasDecision: existsSync(join(program.directory, `.mai/decisions/${id}.md`)),
  };
}

/** Lists what a killed command may leave and the next one has to clear away: temp files and the journal record. */
export function unfinishedFiles(program: SmokeProgram): readonly string[] {
  const found = ["tmp", "journal"].map((name) => [name, join(program.directory, ".mai", name)] as const);
  return found.flatMap(([name, path]) =>
    existsSync(path) ? readdirSync(path).map((file) => `${name}/${file}`) : [],
  );
}
