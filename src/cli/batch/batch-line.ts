import { MaiError } from "../../domain/errors.ts";
import { didYouMean } from "../../domain/nearest.ts";
import type { Argument, Arguments } from "../arguments.ts";
import type { AnyCommand, CommandTree } from "../define-command.ts";
import { readValue } from "../read-value.ts";

/** One line of a batch, read but not yet understood. */
export interface RawLine {
  /** From 1, as an editor counts. */
  readonly number: number;
  readonly words: string;
  /** Fields beside `command`, as they stand there. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Lines that one batch may have. */
const MAX_LINES = 1000;
/** Bytes that one batch may have: every text of every line at its longest would be more than anybody means. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Verbs of issues that change nothing, or run something. */
const NO_PART: ReadonlySet<string> = new Set([
  "issue list",
  "issue run",
  "issue show",
  "issue status",
  "issue submit-to-creator",
]);
/** Options that read something else than the line. */
const NO_FIELD: ReadonlySet<string> = new Set(["body-file", "evidence"]);

/** Returns the words of every command that can stand in a batch. */
export function batchVerbs({ commands }: CommandTree): readonly string[] {
  return Object.keys(commands).filter(
    (words) => words === "log write" || (words.startsWith("issue ") && !NO_PART.has(words)),
  );
}

/** Returns the arguments of a command that can stand in a line. */
export function batchArguments({ args }: Pick<AnyCommand, "args">): Arguments {
  return Object.fromEntries(Object.entries(args).filter(([name]) => !NO_FIELD.has(name)));
}

/**
 * Splits a batch into its lines; empty ones are passed over.
 * @throws USAGE for a line that is no object with a known command, INVALID_TEXT for a batch that is empty or too long
 */
export function readBatch(text: string, tree: CommandTree): readonly RawLine[] {
  if (Buffer.byteLength(text) > MAX_BYTES) throw tooMuch("bytes", MAX_BYTES);
  const lines = text
    .split("\n")
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "");
  if (lines.length === 0) {
    throw new MaiError("INVALID_TEXT", "The batch is empty.", {
      hint: 'One line is: {"command":"issue new","queue":"questions","title":"Check it"}',
    });
  }
  if (lines.length > MAX_LINES) throw tooMuch("lines", MAX_LINES);
  const verbs = batchVerbs(tree);
  return lines.map(({ line, number }) => atLine(number, () => rawLine(line, number, verbs)));
}

/**
 * Reads the fields of a line as its command declares them: under the names of its arguments, `_` for `-`.
 * @throws USAGE
 */
export function lineValues(line: RawLine, command: AnyCommand): Readonly<Record<string, unknown>> {
  const args = batchArguments(command);
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, spec] of Object.entries(command.args)) values[name] = emptyValue(spec);
  for (const [field, value] of Object.entries(line.fields)) {
    if (value === null) continue;
    const name = argumentNamed(field, line.words, args);
    values[name] = fieldValue(value, { field, spec: args[name], words: line.words });
  }
  for (const [name, spec] of Object.entries(args)) {
    const isMissing = values[name] === null || (Array.isArray(values[name]) && values[name].length === 0);
    if (spec.type === "positional" && spec.required !== false && isMissing) {
      throw usage(`${line.words} needs the field ${JSON.stringify(name)}.`, line.words, { field: name });
    }
  }
  return values;
}

/** Does something for a line; a refusal names it. */
export function atLine<T>(number: number, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof MaiError)) throw error;
    throw new MaiError(error.code, `Line ${number}: ${error.message}`, {
      ...(error.hint === null ? {} : { hint: error.hint }),
      fields: { ...error.fields, line: number },
      cause: error,
    });
  }
}

function rawLine(line: string, number: number, verbs: readonly string[]): RawLine {
  const { command, ...fields } = jsonObject(line);
  if (typeof command !== "string") {
    throw new MaiError("USAGE", 'The field "command" is missing.', { hint: `Commands: ${verbs.join(", ")}` });
  }
  const words = verbs.find((verb) => verb === command || verb === `issue ${command}`);
  if (words !== undefined) return { number, words, fields };
  throw new MaiError("USAGE", `${JSON.stringify(command)} cannot stand in a batch.`, {
    hint: didYouMean(command, verbs, "mai schema batch"),
    fields: { word: command },
  });
}

function jsonObject(line: string): Record<string, unknown> {
  const value = parsed(line);
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new MaiError("USAGE", `This is no JSON object: ${line.slice(0, 60)}`, {
    hint: "Each line is one object on its own; see: mai batch --help",
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function argumentNamed(field: string, words: string, args: Arguments): string {
  const names = Object.keys(args);
  const found = names.find((name) => name === field || name.replaceAll("-", "_") === field);
  if (found !== undefined) return found;
  throw usage(`${words} has no field ${JSON.stringify(field)}.`, words, {
    field,
    hint: didYouMean(
      field,
      names.map((name) => name.replaceAll("-", "_")),
      `mai ${words} --help`,
    ),
  });
}

interface Field {
  readonly field: string;
  readonly spec: Argument | undefined;
  readonly words: string;
}

function fieldValue(value: unknown, { field, spec, words }: Field): unknown {
  if (spec === undefined) return null;
  const wrong = (expected: string) =>
    usage(
      `The field ${JSON.stringify(field)} takes ${expected}, not ${JSON.stringify(value)?.slice(0, 60)}.`,
      words,
      {
        field,
      },
    );
  if (spec.type === "boolean") {
    if (typeof value === "boolean") return value;
    throw wrong("true or false");
  }
  if (spec.repeat !== undefined || spec.rest !== undefined) {
    const list = (Array.isArray(value) ? value : [value]).map((entry) =>
      typeof entry === "number" ? String(entry) : entry,
    );
    if (list.every((entry) => typeof entry === "string")) return list;
    throw wrong("a list of texts");
  }
  if (typeof value === "number" && spec.kind !== undefined)
    return readValue(String(value), spec, field, words);
  if (typeof value === "string") return readValue(value, spec, field, words);
  throw wrong(spec.kind === "count" ? "a whole number" : "a text");
}

function emptyValue(spec: Argument): unknown {
  if (spec.repeat !== undefined || spec.rest !== undefined) return [];
  return spec.type === "boolean" ? false : null;
}

function usage(
  message: string,
  words: string,
  facts: { readonly field: string; readonly hint?: string },
): MaiError {
  return new MaiError("USAGE", message, {
    hint: facts.hint ?? `See: mai ${words} --help`,
    fields: { field: facts.field },
  });
}

function tooMuch(what: string, limit: number): MaiError {
  return new MaiError(
    "INVALID_TEXT",
    `The batch is too long: at most ${limit.toLocaleString("en")} ${what} fit.`,
    {
      hint: "Split it. What belongs together must fit into one.",
      fields: { limit },
    },
  );
}
