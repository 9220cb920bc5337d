/** Holds what a finished child process left behind. */
export interface CommandResult {
  /** The exit status; 128 + the signal's number when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Says where and with which environment and input a child process runs. */
export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment of the child; the parent's when left out. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/**
 * Runs a program to its end and returns what it said.
 * @throws Error when the program is not installed; whatever exit status it has is the caller's to judge.
 */
export async function runCommand(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = Bun.spawn([...argv], {
    stdin: new TextEncoder().encode(options.stdin ?? ""),
    stdout: "pipe",
    stderr: "pipe",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}

/**
 * Runs a program that has to succeed and returns its standard output.
 * @throws Error with everything that the program said when its exit status is not 0.
 */
export async function runOrThrow(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await runCommand(argv, options);
  if (result.exitCode === 0) return result.stdout;
  throw new Error(`${argv.join(" ")}: exit ${result.exitCode}\n${result.stdout}${result.stderr}`.trimEnd());
}
