import type { Evidence } from "./evidence.ts";
import type { Phrases } from "./phrases.ts";

/** Stands before each line that a command said. */
const QUOTE = "> ";

/** Returns the lines that tell evidence: one for each command or file, and the last lines of what a command said. */
export function evidenceLines(evidence: readonly Evidence[], says: Phrases): readonly string[] {
  return evidence.flatMap((found, index) => [
    `${subject(found, index, says)}${finding(found, says)}`,
    ...(found.kind === "command" ? quotedLines(found.tail) : []),
  ]);
}

/**
 * Takes the lines of this evidence from the end of a record's text, whatever was found at that time; a text that
 * ends in other evidence is given back as it is.
 */
export function withoutEvidence(text: string, evidence: readonly Evidence[], says: Phrases): string {
  const lines = text.split("\n");
  for (const [index, found] of [...evidence.entries()].toReversed()) {
    while (lines.length > 1 && lines.at(-1)?.startsWith(QUOTE)) lines.pop();
    if (lines.length < 2 || lines.at(-1)?.startsWith(subject(found, index, says)) !== true) return text;
    lines.pop();
  }
  return lines.join("\n");
}

function subject(found: Evidence, index: number, says: Phrases): string {
  const what = found.kind === "command" ? says.command(JSON.stringify(found.command)) : says.file(found.path);
  return `${says.evidence} ${index + 1}: ${what}`;
}

function finding(found: Evidence, says: Phrases): string {
  return found.kind === "command"
    ? says.commandFound(found.exitCode, (found.durationMs / 1000).toFixed(1))
    : says.fileFound(found.bytes, found.sha256);
}

function quotedLines(tail: string): readonly string[] {
  return tail === "" ? [] : tail.split("\n").map((line) => QUOTE + line);
}
