import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Rules of settings that JSON Schema has no words for: names without odd characters, no infinite numbers. */
const UNSPOKEN: ReadonlySet<string> = new Set(["check", "finite"]);

/** What stands around a schema that is written. */
export interface SchemaFrame {
  readonly title: string;
  /**
   * Whether fields that it does not name are a fault. They are in what is read; whoever reads an answer passes over
   * them, or the next field of mai would break its checks.
   */
  readonly unknown: "refused" | "ignored";
}

/** Writes a schema of something that mai reads or prints. */
export function jsonSchemaOf(schema: v.GenericSchema, { title, unknown }: SchemaFrame): JsonSchema {
  const { $schema, ...written } = toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode: "output",
    overrideAction: ({ valibotAction, jsonSchema }) =>
      UNSPOKEN.has(valibotAction.type) ? jsonSchema : undefined,
    overrideSchema: ({ jsonSchema }) => (unknown === "ignored" ? opened(jsonSchema) : undefined),
  });
  return { $schema, title, ...written };
}

function opened<S extends { additionalProperties?: unknown }>(schema: S): S | undefined {
  if (schema.additionalProperties !== false) return undefined;
  const { additionalProperties: _, ...open } = schema;
  return open as S;
}
