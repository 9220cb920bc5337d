import { AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv";

/** A reader of JSON Schema that is none of ours: says what it finds wrong, null for nothing. */
export function readerOf(schema: Readonly<Record<string, unknown>>): (value: unknown) => string | null {
  const validate = new AjvJsonSchemaValidator().getValidator(schema);
  return (value) => validate(value).errorMessage ?? null;
}
