import { type ArgsDef, renderUsage } from "citty";
import { type ErrorCode, EXIT_CODES } from "../domain/errors.ts";
import type { AnyCommand, CommandTree } from "./define-command.ts";
import { commandsByTopic, FIRST_LINES, HELP_TOPICS, visibleNames } from "./help-topics.ts";

const COLOURS = /\u001b\[[0-9;]*m/g;
/** A list of choices longer than this is left to the error that a wrong one gets. */
const MOST_CHOICES_SHOWN = 4;
/** Columns of a terminal that nobody widened. */
const SCREEN_COLUMNS = 80;
/** Stands for a space at which no line is broken. */
const UNBROKEN = "\u00a0";

/** Renders the help of one command: what it does, its arguments, its errors, two examples. */
export async function helpOfCommand(command: AnyCommand): Promise<string> {
  const usage = await renderUsage({
    meta: { name: `mai ${command.words}`, description: command.summary },
    args: shownArguments(command),
  });
  const [summary = "", ...rest] = usage.replace(COLOURS, "").trimEnd().split("\n");
  const lines = [
    summary.replace(/ \(mai [^)]*\)$/, ""),
    ...rest.map((line) => line.trimEnd()),
    "",
    `EXIT  ${exitText(command.errors)}`,
    "",
    "EXAMPLES",
    ...command.examples.map((example) => `  ${example}`),
    "",
    "Every command also takes --project PATH|NAME, --json, --dry-run.",
  ];
  return lines.join("\n").replace(/\n{2,}(?= {2})/g, "\n");
}

/** Renders the help of a group of commands, or with no words that of mai: one screen. */
export function helpOfGroup(words: string, tree: CommandTree): string {
  return words === "" ? helpOfMai(tree) : helpOfOneGroup(words, tree);
}

function helpOfMai(tree: CommandTree): string {
  const width = Math.max(...HELP_TOPICS.map(({ title }) => title.length));
  const topics = commandsByTopic(visibleNames(tree)).map(
    ({ title, names }) => `  ${title.padEnd(width)}  ${wrapped(phraseOf(names), width + 4)}`,
  );
  return [
    "mai lets a team of agents share work through one directory.",
    "",
    ...FIRST_LINES.map((line) => `  ${line}`),
    "",
    ...topics,
    "",
    "See: mai help COMMAND, mai guide, mai help --json",
  ].join("\n");
}

/** Writes commands in a row, a group named once: `issue new, edit; batch`. */
function phraseOf(names: readonly string[]): string {
  const groups: string[] = [];
  let last = "";
  for (const name of names) {
    const group = name.includes(" ") ? name.slice(0, name.indexOf(" ")) : "";
    if (group !== "" && group === last) groups.push(`${groups.pop()}, ${name.slice(group.length + 1)}`);
    else groups.push(name.replace(" ", UNBROKEN));
    last = group;
  }
  return groups.join("; ");
}

function helpOfOneGroup(group: string, tree: CommandTree): string {
  const names = visibleNames(tree).filter((name) => name.startsWith(`${group} `));
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${tree.commands[name]?.line}`);
  return [
    `mai ${group}: ${tree.groups[group]}.`,
    "",
    "COMMANDS",
    ...lines,
    "",
    `See: mai ${group} COMMAND --help`,
  ].join("\n");
}

function shownArguments(command: AnyCommand): ArgsDef {
  const shown = Object.entries(command.args).map(([name, spec]) => {
    const isLong = "options" in spec && (spec.options?.length ?? 0) > MOST_CHOICES_SHOWN;
    return [name, isLong ? { ...spec, type: "string" as const, options: undefined } : spec];
  });
  return Object.fromEntries(shown) as ArgsDef;
}

/** Writes errors by exit status: `0 done; 1 NOT_FOUND, INVALID_TEXT; 2 LOCK_HELD; 64 USAGE`. */
function exitText(errors: readonly ErrorCode[]): string {
  const byStatus = Map.groupBy([...errors, "USAGE" as const], (code) => EXIT_CODES[code]);
  const parts = [...byStatus]
    .toSorted(([a], [b]) => a - b)
    .map(([status, codes]) => `${status} ${codes.join(", ")}`);
  return ["0 done", ...parts].join("; ");
}

/** Breaks a line of words at the screen's edge, further lines indented. */
function wrapped(text: string, indent: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (indent + line.length + word.length >= SCREEN_COLUMNS) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join(`\n${" ".repeat(indent)}`).replaceAll(UNBROKEN, " ");
}
