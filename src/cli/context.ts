import type { System } from "../store/system.ts";

/** A stream of the process. */
export interface Output {
  readonly isTerminal: boolean;
  /** Writes all of the text or bytes, however slow the reader; a reader that went away is no error. */
  readonly write: (data: string | Uint8Array) => void;
  /** Whether a write has found the reader gone: then what goes on for ever ends. */
  readonly isClosed: () => boolean;
}

/** What is typed or piped into the process. */
export interface Input {
  readonly isTerminal: boolean;
  /** Reads to the end. */
  readonly readText: () => string;
  /** Reads one line, without its line feed; null at the end. */
  readonly readLine: () => string | null;
  /** Reads as it comes, while other work goes on, to the end or until the signal. */
  readonly chunks: (until: AbortSignal) => AsyncIterable<Uint8Array>;
}

/** Asks a process to stop. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** Everything that a run of the program touches; tests inject their own. */
export interface Context {
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly system: System;
  /** Whether an argument holds bytes that are no UTF-8, and so cannot be told from others. */
  readonly argumentsAreBroken?: () => boolean;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Waits; returns early with the signal that asks the process to stop, else null. From its first call on such a
   * signal ends no change in the middle: it is answered by the next wait.
   */
  readonly pause: (ms: number) => Promise<StopSignal | null>;
}
