import * as v from "valibot";
import { MaiError } from "../../domain/errors.ts";
import { didYouMean } from "../../domain/nearest.ts";
import type { Argument, Arguments } from "../arguments.ts";
import { isAbsent, isList, isRequired, readGiven } from "./given-value.ts";
import { isObject } from "./json-rpc.ts";
import { saysOf, type Tool, type ToolName } from "./tools.ts";

/** Schema of what a tool takes; clients see it as JSON schema. */
export type ToolSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;

/** What common clients add to the arguments of any tool, for themselves. Names with one `_` in front count too. */
const ADDED_BY_CLIENTS: ReadonlySet<string> = new Set([
  ...["sessionId", "action", "chatInput", "toolCallId", "tool_call_id", "toolName", "requestId"],
  ...["explanation", "reasoning", "thought", "random_string", "security_risk", "request_heartbeat"],
  // Signs a tool that needs no signature.
  ...["operator", "session"],
]);

/** Not every command of a tool needs them, and none means anything else by them. */
const ALWAYS_TAKEN: ReadonlySet<string> = new Set(["operator", "session", "fence"]);

/**
 * Makes the schema of a tool from the declarations of its commands. What one of several needs is optional.
 * @param fixed arguments that no call may give
 */
export function toolSchema(
  tool: Tool,
  { all, fixed }: { readonly all: readonly Arguments[]; readonly fixed: ReadonlySet<string> },
): ToolSchema {
  const entries = tool.offers
    .filter((name) => !fixed.has(name))
    .map((name) => {
      const spec = argumentNamed([...all, tool.own ?? {}], name);
      const isNeeded = all.every((args) => args[name] !== undefined && isRequired(args[name]));
      const schema = entrySchema(spec, saysOf(tool, name));
      return [clientName(name), isNeeded ? schema : v.optional(schema)] as const;
    });
  return v.strictObject(Object.fromEntries(entries));
}

/** Returns the name that clients see: without dashes, which some of them do not take. */
function clientName(name: string): string {
  return name.replaceAll("-", "_");
}

function entrySchema(spec: Argument, says: string | null): v.GenericSchema {
  // Standard input belongs to the protocol.
  const description = says ?? spec.description.replace("; - reads standard input", "");
  return v.pipe(valueSchema(spec), v.description(description));
}

function valueSchema(spec: Argument): v.GenericSchema {
  if (spec.type === "boolean") return v.boolean();
  if (spec.repeat !== undefined || spec.rest === "list") return v.array(v.string());
  if (spec.kind === "count") return v.pipe(v.number(), v.integer());
  if ("options" in spec && spec.options !== undefined) return v.picklist(spec.options);
  return v.string();
}

/**
 * Reads what a tool was given into the values that its command takes. What the schema says is one form of several
 * that are taken: see {@link readGiven}. Arguments that clients add for themselves are left out.
 * @throws USAGE, as for a wrong command line
 */
export function toolValues(
  name: ToolName,
  object: Readonly<Record<string, unknown>>,
  {
    args,
    schema,
    own = {},
  }: { readonly args: Arguments; readonly schema: ToolSchema; readonly own?: Arguments },
): Record<string, unknown> {
  const offered = Object.keys(schema.entries);
  for (const [key, value] of Object.entries(object)) {
    if (!(offered.includes(key) || isAddedByClient(key) || isEmpty(value)))
      throw usage(
        name,
        `takes no argument ${JSON.stringify(key)}.`,
        didYouMean(key, offered, "tools/list"),
        key,
      );
  }
  const taken = [...Object.keys(args), ...Object.keys(own)].map(clientName);
  const surplus = offered.find(
    (key) => !(taken.includes(key) || ALWAYS_TAKEN.has(key) || isEmpty(object[key] ?? null)),
  );
  if (surplus !== undefined)
    throw usage(name, `does not take ${surplus} together with the other arguments.`, null, surplus);
  const values: Record<string, unknown> = Object.create(null);
  for (const [argument, spec] of Object.entries(args)) {
    const key = clientName(argument);
    const value = offered.includes(key) && Object.hasOwn(object, key) ? object[key] : undefined;
    values[argument] = isAbsent(value, spec) ? emptyValue(name, key, spec) : readFor(name, value, spec, key);
  }
  return values;
}

/**
 * Returns the arguments of a call. Clients send them as an object, as its JSON text, or, for none, as `null` or an
 * empty list.
 * @throws USAGE
 */
export function givenObject(
  name: ToolName,
  given: unknown,
  schema: ToolSchema,
): Readonly<Record<string, unknown>> {
  const value = typeof given === "string" ? parsed(given) : (given ?? {});
  if (isObject(value)) return value;
  if (Array.isArray(value) && value.length === 0) return {};
  const names = Object.keys(schema.entries).join(", ");
  throw usage(name, "takes an object of arguments.", `Arguments: ${names}`);
}

function parsed(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return text;
    throw error;
  }
}

function isAddedByClient(key: string): boolean {
  return ADDED_BY_CLIENTS.has(key) || /^_[^_]/.test(key);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function readFor(name: ToolName, ...[value, spec, key]: Parameters<typeof readGiven>): unknown {
  try {
    return readGiven(value, spec, key);
  } catch (error) {
    if (!(error instanceof MaiError)) throw error;
    throw usage(name, `refuses an argument: ${error.message}`, null, key);
  }
}

function emptyValue(name: ToolName, key: string, spec: Argument): unknown {
  if (isRequired(spec)) throw usage(name, `needs ${key}.`, null, key);
  if (isList(spec)) return [];
  return spec.type === "boolean" ? false : null;
}

function usage(name: ToolName, ...[what, hint, argument]: [string, string | null, string?]): MaiError {
  return new MaiError("USAGE", `The tool ${name} ${what}`, {
    hint: hint ?? "The tool's schema says what it takes: tools/list",
    fields: argument === undefined ? {} : { argument },
  });
}

function argumentNamed(all: readonly Arguments[], name: string): Argument {
  const spec = all.find((args) => args[name] !== undefined)?.[name];
  if (spec === undefined) throw new MaiError("INTERNAL_ERROR", `No argument ${name}`);
  return spec;
}
