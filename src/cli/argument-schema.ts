import type { Argument, Arguments, ValueKind } from "./arguments.ts";

/** Part of a JSON Schema (draft 2020-12), as far as arguments need it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One argument of a command, told to programs. */
export interface ToldArgument {
  readonly name: string;
  /** As typed: `ID`, `--operator`. */
  readonly spelling: string;
  readonly alias: string | null;
  readonly positional: boolean;
  readonly required: boolean;
  /** It may be given more than once, or takes all that follow. */
  readonly many: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

const DATE = "^\\d{4}-\\d{2}-\\d{2}$";

/** What each kind of value looks like, as text that is typed would be read. */
const KINDS = {
  count: { type: "integer", minimum: 0 },
  number: { type: "number", minimum: 0 },
  date: { type: "string", pattern: DATE },
  sla: { anyOf: [{ type: "number", minimum: 0 }, { const: "none" }] },
  limit: { anyOf: [{ type: "integer", minimum: 0 }, { const: "none" }] },
  duration: { type: "string", description: "Such as 90s, 10m or 1h30m" },
} as const satisfies Record<ValueKind, JsonSchema>;

/** Tells every argument of a declaration, positionals first and in their order. */
export function toldArguments(args: Arguments): readonly ToldArgument[] {
  const told = Object.entries(args).map(([name, spec]) => toldArgument(name, spec));
  return [...told.filter(({ positional }) => positional), ...told.filter(({ positional }) => !positional)];
}

/** Returns the schema of one value. */
export function schemaOfValue(spec: Argument): JsonSchema {
  if (spec.type === "boolean") return { type: "boolean" };
  if ("options" in spec && spec.options !== undefined) return { type: "string", enum: spec.options };
  return spec.kind === undefined ? { type: "string" } : KINDS[spec.kind];
}

function toldArgument(name: string, spec: Argument): ToldArgument {
  const positional = spec.type === "positional";
  const many = spec.repeat !== undefined || spec.rest !== undefined;
  const value = schemaOfValue(spec);
  return {
    name,
    spelling: positional ? name.toUpperCase() : `--${name}`,
    alias: "alias" in spec && typeof spec.alias === "string" ? `-${spec.alias}` : null,
    positional,
    required: positional && spec.required !== false,
    many,
    description: spec.description,
    schema: many ? { type: "array", items: value } : value,
  };
}
