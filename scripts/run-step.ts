/** Runs one step of a developer command with its output shown; ends the process when it fails. */
export function runStep(title: string, command: readonly string[], env: Record<string, string> = {}): void {
  if (tryStep(title, command, env)) return;
  console.error(`\nfailed: ${title} (${command.join(" ")})`);
  process.exit(1);
}

/** Runs one step with its output shown. @returns whether it succeeded */
export function tryStep(
  title: string,
  command: readonly string[],
  env: Record<string, string> = {},
): boolean {
  console.log(`\n== ${title}`);
  const step = Bun.spawnSync([...command], {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
  return step.exitCode === 0;
}

/** The Bun that runs this script: it need not be on the PATH. */
export const BUN = process.execPath;

/** How long one test may take: a bound against hanging, not a verdict on speed. */
export const TEST_TIMEOUT = "--timeout=300000";
