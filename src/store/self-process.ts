/** What a process of this very program came to. */
export interface EndedSelf {
  /** Exit status; null when a signal or the time limit ended it. */
  readonly code: number | null;
  readonly stdout: string;
}

/** How a process of this program is started. */
export interface SelfStart {
  readonly cwd: string;
  /** Variables beside those of this process that say nothing about mai. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Starts this program once more; nothing else need be installed. */
export type StartSelf = (argv: readonly string[], start: SelfStart) => Promise<EndedSelf>;

/** Where Bun keeps the modules of a compiled program. */
const COMPILED = "/$bunfs/";
/** Variables that would steer the other process: its project and signer, or that it runs as Bun itself. */
const STEERING = /^(?:MAI_|AGENTS_PROJECT$|AGENT_NAME$|BUN_)/;

/**
 * Starts this program again with other arguments, and waits for it.
 * @throws a system error when it cannot be started
 */
export const startSelf: StartSelf = async (argv, { cwd, env, timeoutMs }) => {
  const child = Bun.spawn([...selfCommand(), ...argv], {
    cwd,
    env: { ...neutralEnvironment(), ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const stdout = await new Response(child.stdout).text();
  await child.exited;
  return { code: child.signalCode === null ? child.exitCode : null, stdout };
};

/** A compiled program is its own executable; run from its sources, Bun needs to be told what to run. */
function selfCommand(): readonly string[] {
  if (import.meta.dir.startsWith(COMPILED)) return [process.execPath];
  return [process.execPath, import.meta.resolve("../main.ts").replace(/^file:\/\//, "")];
}

function neutralEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !STEERING.test(name));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
