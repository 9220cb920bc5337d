import { MaiError } from "../../domain/errors.ts";
import { didYouMean } from "../../domain/nearest.ts";
import { LISTED_FIELD_NAMES, type ListedField, type ListedShape } from "../../output/listed-fields.ts";
import type { Arguments, Values } from "../arguments.ts";

/** Says how much of each issue a list tells. */
export const LISTED_SHAPE = {
  fields: { type: "string", repeat: true, valueHint: "a,b", description: "Only these, by their JSON names" },
  ids: { type: "boolean", description: "Only the ids" },
  brief: { type: "boolean", description: "Only id, status and title" },
} as const satisfies Arguments;

const BRIEF: readonly ListedField[] = ["id", "status", "title"];

/**
 * Reads how much of each issue a list tells.
 * @throws USAGE for a field that no list has, and for two answers to one question
 */
export function listedShape(values: Values<typeof LISTED_SHAPE>, words: string): ListedShape {
  const fields = values.fields.map((name) => listedField(name));
  const asked = [fields.length > 0 ? fields : null, values.ids ? "ids" : null, values.brief ? BRIEF : null];
  const [shape = "usual", ...others] = asked.filter((given) => given !== null) as ListedShape[];
  if (others.length === 0) return shape;
  throw new MaiError("USAGE", "Only one of --fields, --ids and --brief says what is told.", {
    hint: `See: mai ${words} --help`,
  });
}

function listedField(name: string): ListedField {
  const found = LISTED_FIELD_NAMES.find((known) => known === name.toLowerCase());
  if (found !== undefined) return found;
  throw new MaiError(
    "USAGE",
    `No list has the field ${JSON.stringify(name)}: ${LISTED_FIELD_NAMES.join(", ")}.`,
    {
      hint: didYouMean(name, LISTED_FIELD_NAMES, null),
      fields: { argument: "--fields", value: name, options: LISTED_FIELD_NAMES },
    },
  );
}
