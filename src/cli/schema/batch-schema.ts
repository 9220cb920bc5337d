import * as v from "valibot";
import type { Argument, Arguments, ValueKind } from "../arguments.ts";
import { batchArguments, batchVerbs } from "../batch/batch-line.ts";
import { namesIssues } from "../completion/value-source.ts";
import type { AnyCommand, CommandTree } from "../define-command.ts";

/** The longest number that a command line takes. */
const LARGEST = 10 ** 15 - 1;

const number = v.pipe(v.number(), v.minValue(0), v.maxValue(LARGEST));
const whole = v.pipe(number, v.integer());
const none = v.literal("none");

/** What each kind of value looks like in a line. */
const KINDS = {
  count: whole,
  number,
  date: v.pipe(v.string(), v.regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/)),
  sla: v.union([number, none]),
  limit: v.union([whole, none]),
  duration: v.pipe(v.string(), v.description("Such as 90s, 10m or 1h30m")),
} as const satisfies Record<ValueKind, v.GenericSchema>;

/** Returns the schema of one line of a batch: one object for each command that can stand in it. */
export async function batchSchema(tree: CommandTree): Promise<v.GenericSchema> {
  const lines = await Promise.all(
    batchVerbs(tree).map(async (words) => {
      const entry = tree.commands[words];
      if (entry === undefined) throw new Error(`No entry for ${words}`);
      const { command } = await entry.load();
      return lineSchema(words, command);
    }),
  );
  return v.variant("command", lines);
}

function lineSchema(words: string, { args, summary }: AnyCommand) {
  const verb = words.startsWith("issue ")
    ? v.picklist([words, words.slice("issue ".length)])
    : v.literal(words);
  return v.strictObject({ command: v.pipe(verb, v.description(summary)), ...fieldSchemas(words, args) });
}

function fieldSchemas(words: string, args: Arguments): v.ObjectEntries {
  const fields = Object.entries(batchArguments({ args })).map(([name, spec]) => {
    const isRequired = spec.type === "positional" && spec.required !== false;
    const schema = valueSchema(spec);
    const told = v.description(descriptionOf(words, name, spec));
    const field = v.pipe(isRequired ? schema : v.nullish(schema), told);
    return [name.replaceAll("-", "_"), field] as const;
  });
  return Object.fromEntries(fields);
}

function valueSchema(spec: Argument): v.GenericSchema {
  if (spec.type === "boolean") return v.boolean();
  if (spec.repeat !== undefined || spec.rest !== undefined) return listSchema(spec);
  if ("options" in spec && spec.options !== undefined) return v.picklist(spec.options);
  return spec.kind === undefined ? v.string() : KINDS[spec.kind];
}

/** One value is a list of one; an item of a check list may be named by its number. */
function listSchema(spec: Argument): v.GenericSchema {
  const entry = v.union([v.string(), v.number()]);
  const isRequired = spec.type === "positional" && spec.required !== false;
  return v.union([
    isRequired ? v.pipe(v.array(entry), v.minLength(1)) : v.array(entry),
    v.string(),
    v.number(),
  ]);
}

/** Standard input belongs to the batch. */
function descriptionOf(words: string, name: string, spec: Argument): string {
  const description = spec.description.replace("; - reads standard input", "");
  return namesIssues(words, name)
    ? `${description}; $1 is the first issue that the batch makes`
    : description;
}
