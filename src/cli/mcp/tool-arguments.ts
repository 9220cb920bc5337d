import * as v from "valibot";
import { MaiError } from "../../domain/errors.ts";
import { didYouMean } from "../../domain/nearest.ts";
import type { Argument, Arguments } from "../arguments.ts";
import { readValue } from "../read-value.ts";
import { isObject } from "./json-rpc.ts";
import type { Tool, ToolName } from "./tools.ts";

/** Schema of what a tool takes; clients see it as JSON schema. */
export type ToolSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;

/** A fence or a limit that is larger was never given out. */
const LARGEST_COUNT = Number.MAX_SAFE_INTEGER;

/** Makes the schema of a tool from the declaration of its command. */
export function toolSchema({ offers, says = {} }: Tool, args: Arguments): ToolSchema {
  const entries = offers.map((name) => [name, entrySchema(argumentNamed(args, name), says[name])] as const);
  return v.strictObject(Object.fromEntries(entries));
}

function entrySchema(spec: Argument, says: string | undefined): v.GenericSchema {
  // Standard input belongs to the protocol.
  const description = says ?? spec.description.replace("; - reads standard input", "");
  const value = v.pipe(valueSchema(spec), v.description(description));
  const isRequired = spec.type === "positional" && spec.required !== false;
  return isRequired ? value : v.optional(value);
}

function valueSchema(spec: Argument): v.GenericSchema {
  if (spec.type === "boolean") return v.boolean();
  if (spec.repeat !== undefined) return v.array(v.string());
  if (spec.kind === "count") return v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LARGEST_COUNT));
  if ("options" in spec && spec.options !== undefined) return v.picklist(spec.options);
  return v.string();
}

/**
 * Reads what a tool was given into the values that its command takes.
 * @throws USAGE, as for a wrong command line
 */
export function toolValues(
  name: ToolName,
  given: unknown = {},
  { words, args, schema }: { readonly words: string; readonly args: Arguments; readonly schema: ToolSchema },
): Record<string, unknown> {
  if (!isObject(given)) {
    const names = Object.keys(schema.entries).join(", ");
    throw usage(name, "takes an object of arguments.", `Arguments: ${names}`);
  }
  const parsed = v.safeParse(schema, given, { abortEarly: true });
  if (!parsed.success) throw wrongArguments(name, schema, parsed.issues[0]);
  const values: Record<string, unknown> = Object.create(null);
  for (const [key, spec] of Object.entries(args)) {
    const value = Object.hasOwn(parsed.output, key) ? parsed.output[key] : undefined;
    values[key] = typeof value === "string" ? readText(value, spec, key, words) : (value ?? emptyValue(spec));
  }
  return values;
}

function readText(value: string, spec: Argument, key: string, words: string): unknown {
  const read = readValue(value, spec, key, words);
  return isList(spec) ? [read] : read;
}

function emptyValue(spec: Argument): unknown {
  if (isList(spec)) return [];
  return spec.type === "boolean" ? false : null;
}

function isList(spec: Argument): boolean {
  return spec.repeat !== undefined || spec.rest !== undefined;
}

function wrongArguments(name: ToolName, schema: ToolSchema, issue: v.BaseIssue<unknown>): MaiError {
  const names = Object.keys(schema.entries);
  const key = String(issue.path?.[0]?.key ?? "");
  if (!names.includes(key)) {
    const hint = didYouMean(key, names, "tools/list");
    return usage(name, `takes no argument ${JSON.stringify(key)}.`, hint, key);
  }
  if (issue.received === "undefined") return usage(name, `needs ${key}.`, null, key);
  return usage(name, `takes for ${key} ${issue.expected ?? "another value"}.`, null, key);
}

function usage(name: ToolName, what: string, hint: string | null, argument?: string): MaiError {
  return new MaiError("USAGE", `The tool ${name} ${what}`, {
    hint: hint ?? "The tool's schema says what it takes: tools/list",
    fields: argument === undefined ? {} : { argument },
  });
}

function argumentNamed(args: Arguments, name: string): Argument {
  const spec = args[name];
  if (spec === undefined) throw new MaiError("INTERNAL_ERROR", `No argument ${name}`);
  return spec;
}
