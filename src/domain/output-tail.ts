import { oneLine } from "./text.ts";

/** Most lines of a command's output that become a remark. */
const TAIL_LINES = 20;
/** Longest line of it, in characters. */
const TAIL_LINE_LENGTH = 400;
/** What colours and moves the cursor: CSI and OSC sequences of terminals. */
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/**
 * Returns the last lines of what a command said as text for a record, its errors after its output; empty when it said
 * nothing. Each stream has at least half of the lines, so that neither pushes the other out.
 */
export function outputTail(said: { readonly stdout: string; readonly stderr: string }): string {
  const out = plainLines(said.stdout);
  const errors = lastLines(plainLines(said.stderr), Math.max(TAIL_LINES / 2, TAIL_LINES - out.length));
  return [...lastLines(out, TAIL_LINES - errors.length), ...errors].join("\n");
}

function lastLines(lines: readonly string[], count: number): readonly string[] {
  return lines.slice(Math.max(0, lines.length - count));
}

function plainLines(output: string): readonly string[] {
  return (
    output
      .replace(ESCAPES, "")
      .split(/\r?\n/)
      // What a progress bar wrote over itself is gone for its reader too.
      .map((line) =>
        oneLine(line.slice(line.lastIndexOf("\r") + 1))
          .slice(0, TAIL_LINE_LENGTH)
          .trimEnd(),
      )
      .filter((line) => line !== "")
  );
}
