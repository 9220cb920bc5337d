import { formatJson } from "../output/json.ts";
import { defineCommand } from "./define-command.ts";

/** `mai schema` */
export const command = defineCommand({
  words: "schema",
  summary:
    "Prints JSON Schemas (draft 2020-12): of a line that batch reads, of what each command prints with --json, of a " +
    "refusal. Of one command, a group, batch or refusal alone where that is named.",
  args: {
    command: {
      type: "positional",
      rest: "list",
      required: false,
      description: "Such as issue claim; batch for its lines; refusal",
    },
    answer: { type: "boolean", description: "Of batch: what it answers" },
  },
  errors: [],
  examples: ["mai schema issue claim", "mai schema batch > line.schema.json"],
  async run({ tree }, values) {
    const { schemaDocument } = await import("./schema/schema-document.ts");
    const { command: words, answer } = values;
    const schema = await schemaDocument({ words, answer }, tree);
    return { fields: { schema }, text: formatJson(schema, "indented") };
  },
});
