import { type ArgsDef, renderUsage } from "citty";
import { EXIT_CODES } from "../domain/errors.ts";
import { COMMANDS, GROUPS } from "./commands.ts";
import type { AnyCommand } from "./define-command.ts";

const COLOURS = /\u001b\[[0-9;]*m/g;

/** Renders the help of one command: what it does, its arguments, its errors, two examples. */
export async function helpOfCommand(command: AnyCommand): Promise<string> {
  const usage = await renderUsage({
    meta: { name: `mai ${command.words}`, description: command.summary },
    args: command.args as ArgsDef,
  });
  const errors = command.errors.map((code) => `${EXIT_CODES[code]} ${code}`).join(", ");
  const [summary = "", ...rest] = usage.replace(COLOURS, "").trimEnd().split("\n");
  return [
    summary.replace(/ \(mai [^)]*\)$/, ""),
    ...rest,
    "",
    `EXIT  0 done${errors === "" ? "" : `, ${errors}`}, 64 USAGE`,
    "",
    "EXAMPLES",
    ...command.examples.map((example) => `  ${example}`),
    "",
    "Every command also takes --project PATH|NAME, --json, --dry-run.",
  ]
    .join("\n")
    .replace(/\n{2,}(?= {2}\S)/g, "\n");
}

/** Renders the help of a group of commands, or with no words that of mai. */
export function helpOfGroup(words: string): string {
  const prefix = words === "" ? "" : `${words} `;
  const names = Object.keys(COMMANDS).filter((name) => name.startsWith(prefix));
  const width = Math.max(...names.map((name) => name.length));
  const title =
    words === ""
      ? "mai lets a team of agents share work through one directory."
      : `mai ${words}: ${GROUPS[words]}.`;
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name]?.line}`);
  return [
    title,
    "",
    "COMMANDS",
    ...lines,
    "",
    `See: mai ${words === "" ? "COMMAND" : `${words} COMMAND`} --help`,
  ].join("\n");
}
