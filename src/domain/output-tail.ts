import { oneLine } from "./text.ts";

/** Most lines of a command's output that become a remark. */
const TAIL_LINES = 20;
/** Longest line of it, in characters. */
const TAIL_LINE_LENGTH = 400;
/** What colours and moves the cursor: CSI and OSC sequences of terminals. */
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** Returns the last lines of a command's output as text for a record; empty when it said nothing. */
export function outputTail(output: string): string {
  const lines = output
    .replace(ESCAPES, "")
    .split(/\r?\n/)
    // What a progress bar wrote over itself is gone for its reader too.
    .map((line) =>
      oneLine(line.slice(line.lastIndexOf("\r") + 1))
        .slice(0, TAIL_LINE_LENGTH)
        .trimEnd(),
    );
  return lines
    .filter((line) => line !== "")
    .slice(-TAIL_LINES)
    .join("\n");
}
