import type { System } from "../store/system.ts";

/** A stream of the process. */
export interface Output {
  readonly isTerminal: boolean;
  /** Writes all of the text, however slow the reader; a reader that went away is no error. */
  readonly write: (text: string) => void;
}

/** What is typed or piped into the process. */
export interface Input {
  readonly isTerminal: boolean;
  /** Reads to the end. */
  readonly readText: () => string;
  /** Reads one line, without its line feed; null at the end. */
  readonly readLine: () => string | null;
}

/** Everything that a run of the program touches; tests inject their own. */
export interface Context {
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly system: System;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
}
