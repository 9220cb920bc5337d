import * as v from "valibot";
import { COMMAND_TREE } from "../../src/cli/commands.ts";
import { answerSchema, REFUSAL_SCHEMA } from "../../src/cli/schema/answer-schema.ts";

type JsonMap = Readonly<Record<string, unknown>>;

/** What `--help` and `--version` answer, wherever they stand. */
const ASIDE = v.strictObject({
  ok: v.literal(true),
  command: v.nullable(v.string()),
  help: v.exactOptional(v.string()),
  version: v.exactOptional(v.string()),
  dry_run: v.exactOptional(v.literal(true)),
  warnings: v.array(v.string()),
});

const schemas = new Map<string, v.GenericSchema>();

/**
 * Says where a JSON document of mai differs from what `mai schema` says of it: a key that the schema does not know is
 * a difference, too.
 * @param words the command, where the document does not tell it, as the lines of a stream do not
 */
export function answerFaults(document: JsonMap, words: string | null = null): readonly string[] {
  const schema = schemaFor(document, words);
  const result = v.safeParse(schema, document);
  if (result.success) return [];
  return result.issues.flatMap((issue) => faultLines(issue, ""));
}

function schemaFor(document: JsonMap, words: string | null): v.GenericSchema {
  const { ok, command = words, error } = document;
  const isRefusal = ok === false && v.is(REFUSAL_SCHEMA, document);
  if (isRefusal || (typeof error === "string" && typeof command !== "string")) return REFUSAL_SCHEMA;
  if (typeof command !== "string" || ("help" in document && !("commands" in document))) return ASIDE;
  if (!Object.hasOwn(COMMAND_TREE.commands, command)) return REFUSAL_SCHEMA;
  const known = schemas.get(command) ?? answerSchema(command, COMMAND_TREE);
  schemas.set(command, known);
  return known;
}

/** What each form of a union lacks stands below the union. */
function faultLines(issue: v.BaseIssue<unknown>, below: string): readonly string[] {
  const path = `${below}.${issue.path?.map(({ key }) => String(key)).join(".") ?? ""}`;
  const inner = issue.issues?.flatMap((one) => faultLines(one, path)) ?? [];
  return inner.length > 0 ? inner : [`${path.slice(1)}: ${issue.message}`];
}
