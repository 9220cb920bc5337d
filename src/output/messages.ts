import { createConsola, type LogObject } from "consola/core";
import { visibleLine, visibleText } from "../domain/text.ts";

/** The talk beside the result: everything on standard error goes through here. */
export interface Messages {
  error(message: string): void;
  hint(message: string): void;
  warning(message: string): void;
}

const LABELS: Readonly<Record<string, { label: string; colour: string }>> = {
  error: { label: "ERROR", colour: "31" },
  warn: { label: "WARNING", colour: "33" },
  info: { label: "HINT", colour: "36" },
};

/** Opens the messages of one run. */
export function openMessages(write: (text: string) => void, colour: "coloured" | "plain"): Messages {
  // The level is explicit: consola falls silent under a test runner otherwise.
  const consola = createConsola({ level: 3, reporters: [{ log: (entry) => write(line(entry, colour)) }] });
  return {
    error: (message) => consola.error(message),
    hint: (message) => consola.info(message),
    warning: (message) => consola.warn(message),
  };
}

/**
 * Keeps libraries from the console: what they would say there, their callers hear as answers.
 * @returns an end to that
 */
export function muteConsole(): () => void {
  const { warn } = console;
  console.warn = () => undefined;
  return () => {
    console.warn = warn;
  };
}

function line(entry: LogObject, colour: "coloured" | "plain"): string {
  const { label, colour: code } = LABELS[entry.type] ?? { label: entry.type, colour: "0" };
  const shown = colour === "coloured" ? `\u001b[${code}m${label}\u001b[0m` : label;
  const text = entry.args.join(" ");
  // A hint may be a whole help; what a warning or an error names must not look like another line.
  return `${shown}: ${entry.type === "info" ? visibleText(text) : visibleLine(text)}\n`;
}
