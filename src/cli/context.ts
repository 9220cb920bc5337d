import type { System } from "../store/system.ts";

/** A stream of the process. */
export interface Output {
  readonly isTerminal: boolean;
  /** Writes all of the text, however slow the reader; a reader that went away is no error. */
  readonly write: (text: string) => void;
  /** Whether a write met a reader that went away; streams end then. */
  readonly isClosed?: () => boolean;
}

/** Everything that a run of the program touches; tests inject their own. */
export interface Context {
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly system: System;
  readonly stdin: { readonly isTerminal: boolean; readonly readText: () => string };
  readonly stdout: Output;
  readonly stderr: Output;
}
