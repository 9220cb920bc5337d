import { MaiError } from "../domain/errors.ts";
import { isSystemError } from "./io-error.ts";
import type { System } from "./system.ts";

/** Signals that are passed on to the command. */
const PASSED_ON = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;
/** A terminal sends these to the command itself. */
const FROM_TERMINAL = ["SIGINT", "SIGQUIT"] as const;
/**
 * What the command left running may keep its output open; that is not waited for, in milliseconds. Its pipe is closed
 * then, as it would be when mai ends: what it still writes meets SIGPIPE.
 */
const LEFT_RUNNING_MS = 1000;

/** A stream of the command: as mai's own, to mai's standard error, or to whoever takes its bytes. */
export type ChildOutput = "inherit" | "stderr" | ((bytes: Uint8Array) => void);

/** A command to run. */
export interface ChildRequest {
  /** As typed. */
  readonly argv: readonly string[];
  /** Absolute path of the program. */
  readonly executable: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTerminal: boolean;
  /** The input is somebody else's: the command gets an empty one. */
  readonly withoutInput?: boolean;
  readonly stdout: ChildOutput;
  readonly stderr: ChildOutput;
}

/** How a command ended: its status, or 128 and the number of the signal that ended it. */
export interface ChildEnd {
  readonly exitCode: number;
  /** Such as `SIGTERM`; `signal 40` for one without a name. */
  readonly signal: string | null;
}

/**
 * Runs a command until it ends, with the terminal, and passes signals on to it. None of mai's own files stays open in
 * it: they are all opened with O_CLOEXEC.
 * @throws COMMAND_NOT_EXECUTABLE when the system cannot start it
 */
export async function runChild(system: System, request: ChildRequest): Promise<ChildEnd> {
  const early: NodeJS.Signals[] = [];
  let pass: (signal: NodeJS.Signals) => void = (signal) => early.push(signal);
  const signals = request.stdinIsTerminal ? PASSED_ON : [...PASSED_ON, ...FROM_TERMINAL];
  const stops = [
    ...signals.map((signal) => system.onSignal(signal, () => pass(signal))),
    // The command decides what an interrupt means; mai only has to outlive it.
    ...(request.stdinIsTerminal
      ? FROM_TERMINAL.map((signal) => system.onSignal(signal, () => undefined))
      : []),
  ];
  try {
    const child = start(request);
    pass = (signal) => child.kill(signal);
    for (const signal of early) pass(signal);
    const pipes = [drain(child.stdout, request.stdout), drain(child.stderr, request.stderr)];
    const exitCode = await child.exited;
    await atMost(Promise.all(pipes.map(({ drained }) => drained)), LEFT_RUNNING_MS);
    // A reader that still waits would keep mai alive as long as what was left running.
    for (const pipe of pipes) pipe.close();
    return { exitCode, signal: signalName(child.signalCode) };
  } finally {
    for (const stop of stops) stop();
  }
}

/** Waits, but no longer than that. A timer that was left behind would keep mai alive until it runs out. */
async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: Timer | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function start(request: ChildRequest) {
  const { argv, executable, cwd, env } = request;
  const stdin = request.withoutInput === true ? "ignore" : "inherit";
  try {
    return Bun.spawn([executable, ...argv.slice(1)], {
      argv0: argv[0] ?? executable,
      cwd,
      env: { ...env },
      stdio: [stdin, stdioOf(request.stdout), stdioOf(request.stderr)],
    });
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof Error && "code" in error)) throw error;
    throw new MaiError("COMMAND_NOT_EXECUTABLE", `${executable} cannot be started: ${error.message}`, {
      hint: "A script needs a first line such as #!/bin/sh.",
      fields: { command: argv[0] ?? executable },
      cause: error,
    });
  }
}

function stdioOf(output: ChildOutput): "inherit" | "pipe" | 2 {
  if (output === "inherit") return "inherit";
  return output === "stderr" ? 2 : "pipe";
}

/** The reading of one output: to its end, or until nobody cares for the rest. */
interface Pipe {
  readonly drained: Promise<void>;
  readonly close: () => void;
}

function drain(stream: ReadableStream<Uint8Array> | number | null | undefined, output: ChildOutput): Pipe {
  if (typeof output !== "function" || !(stream instanceof ReadableStream))
    return { drained: Promise.resolve(), close: () => undefined };
  const reader = stream.getReader();
  const readAll = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      output(value);
    }
  };
  return { drained: readAll(), close: () => void reader.cancel() };
}

/** A real-time signal has no name: of it Bun tells the number, against its own types. */
function signalName(signal: string | number | null): string | null {
  return typeof signal === "number" ? `signal ${signal}` : signal;
}
