import * as v from "valibot";
import { EXIT_CODES } from "../../domain/errors.ts";
import { SHELLS } from "../completion-scripts.ts";
import { GUIDE_TOPICS } from "../guides.ts";
import { count, flag, idempotent, text, texts, told } from "./pieces.ts";
import { type AnswerShape, answers, lines } from "./shape.ts";

const schema = told(v.record(text, v.unknown()), "JSON Schema");
const argument = v.strictObject({
  name: text,
  spelling: text,
  alias: v.nullable(text),
  positional: flag,
  required: flag,
  many: flag,
  description: text,
  schema,
});
const command = v.strictObject({
  command: text,
  line: text,
  summary: text,
  hidden: flag,
  arguments: v.array(argument),
  errors: texts,
  examples: texts,
});
const HELP = { help: text, commands: v.array(command) };
const codes = Object.fromEntries(Object.keys(EXIT_CODES).map((code) => [code, count]));
const onboarded = v.strictObject({
  path: text,
  change: v.picklist(["created", "updated", "removed", "none"]),
});

/** Answers of the commands about mai itself, and of those for shells and other programs. */
export const SHELL_ANSWERS = {
  guide: answers(
    { topic: v.picklist(GUIDE_TOPICS), title: text, text },
    { topics: v.array(v.picklist(GUIDE_TOPICS)) },
  ),
  onboard: answers(
    { files: v.array(onboarded), idempotent },
    { text: told(text, "With --print"), files: v.array(onboarded) },
  ),
  mcp: lines(
    told(
      v.looseObject({ jsonrpc: v.literal("2.0") }),
      "A message of the Model Context Protocol; structuredContent of a result is the answer of the command",
    ),
  ),
  "exec safe-check": answers({
    safe: v.literal(true),
    command_line: text,
    overridden: told(
      v.optional(v.array(v.strictObject({ pattern: text, rule: text, reason: text, part: text }))),
      "Built-in rules that a pattern of safe_check.allow overrode",
    ),
  }),
  help: answers(HELP, {
    ...HELP,
    global_arguments: v.array(argument),
    groups: v.record(text, text),
    topics: v.array(v.strictObject({ title: text, commands: texts })),
    exit_codes: v.strictObject(codes),
  }),
  schema: answers({ schema: told(schema, "One JSON Schema, or batch, answers and refusal by name") }),
  completions: answers({ shell: v.picklist(SHELLS), script: text }),
  "complete-words": answers({
    words: v.array(v.strictObject({ word: text, description: text })),
    files: told(flag, "Names of files may stand here"),
  }),
} as const satisfies Readonly<Record<string, AnswerShape>>;
