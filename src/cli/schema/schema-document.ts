import { MaiError } from "../../domain/errors.ts";
import type { CommandTree } from "../define-command.ts";
import { findCommand } from "../find-command.ts";
import { answerSchema, REFUSAL_SCHEMA } from "./answer-schema.ts";
import { batchSchema } from "./batch-schema.ts";
import { type JsonSchema, jsonSchemaOf } from "./json-schema.ts";

/** Whose schema is asked for. */
export interface SchemaRequest {
  /** Words of a command or of a group; `refusal`; none for everything. */
  readonly words: readonly string[];
  /** The answer of `batch`, and not what it reads. */
  readonly answer: boolean;
}

/**
 * Returns one JSON Schema, or several by what they are of.
 * @throws USAGE with the nearest name
 */
export async function schemaDocument(
  { words: asked, answer }: SchemaRequest,
  tree: CommandTree,
): Promise<Readonly<Record<string, unknown>>> {
  if (asked.join(" ") === "refusal") return refusal();
  const { words, kind, rest } = findCommand(asked, tree);
  if (rest.length > 0) throw surplus(rest);
  if (words === "batch" && !answer) return batch(tree);
  if (kind === "command") return answerOf(words, tree);
  const names = Object.keys(tree.commands).filter((name) => words === "" || name.startsWith(`${words} `));
  const answers = Object.fromEntries(names.map((name) => [name, answerOf(name, tree)]));
  return words === "" ? { batch: await batch(tree), answers, refusal: refusal() } : { answers };
}

async function batch(tree: CommandTree): Promise<JsonSchema> {
  return jsonSchemaOf(await batchSchema(tree), { title: "A line of mai batch", unknown: "refused" });
}

function answerOf(words: string, tree: CommandTree): JsonSchema {
  return jsonSchemaOf(answerSchema(words, tree), { title: `Answer of mai ${words}`, unknown: "ignored" });
}

function refusal(): JsonSchema {
  return jsonSchemaOf(REFUSAL_SCHEMA, { title: "Refusal of mai", unknown: "ignored" });
}

function surplus(rest: readonly string[]): MaiError {
  return new MaiError("USAGE", `${JSON.stringify(rest[0])} is no part of a command.`, {
    hint: "See the commands: mai help",
    fields: { argument: rest[0] },
  });
}
