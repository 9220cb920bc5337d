import * as v from "valibot";
import { EXIT_CODES } from "../../domain/errors.ts";
import { ANSWER_SHAPES } from "../../output/answer-schemas/answer-shapes.ts";
import { count, flag, idempotent, ids, text, texts, told } from "../../output/answer-schemas/pieces.ts";
import { type AnswerShape, answers } from "../../output/answer-schemas/shape.ts";
import { batchVerbs } from "../batch/batch-line.ts";
import type { CommandTree } from "../define-command.ts";

/** What may stand beside any answer or refusal. */
const dry_run = v.exactOptional(told(v.literal(true), "Nothing was changed: --dry-run"));
const warnings = texts;

/**
 * What every refusal has. Which facts stand beside it depends on the error; those that many have are named.
 */
export const REFUSAL_SCHEMA = v.looseObject({
  ok: v.literal(false),
  command: told(v.nullable(text), "Its words as far as they were understood"),
  error: v.picklist(Object.keys(EXIT_CODES) as readonly (keyof typeof EXIT_CODES)[]),
  message: text,
  hint: told(v.nullable(text), "What to do next"),
  retryable: told(flag, "The same call may succeed later"),
  exit_code: v.picklist([...new Set<number>(Object.values(EXIT_CODES))]),
  issue_id: v.exactOptional(v.nullable(text)),
  holder: v.exactOptional(told(text, "Who holds the lease that stands in the way")),
  seconds_left: v.exactOptional(v.nullable(v.number())),
  line: v.exactOptional(told(count, "Line of the batch that was refused")),
  dry_run,
  warnings,
});

/**
 * Returns the schema of what a command prints with `--json` when it does not refuse: its one document, or each of
 * its lines. Strict: a field that it does not know is a fault.
 */
export function answerSchema(words: string, tree: CommandTree): v.GenericSchema {
  const shape = shapeOf(words, tree);
  if (shape.kind === "lines") return shape.line;
  const forms = shape.alternatives.map(({ ok, entries }) =>
    v.strictObject({
      ok: v.literal(ok),
      command: v.literal(words),
      ...entries,
      dry_run,
      pending: v.exactOptional(told(v.literal(true), "Committed; the next command finishes it")),
      warnings,
    }),
  );
  const [first] = forms;
  if (first === undefined) return told(v.never(), "It always refuses");
  return forms.length === 1 ? first : v.union(forms);
}

function shapeOf(words: string, tree: CommandTree): AnswerShape {
  const shape = words === "batch" ? batchShape(tree) : ANSWER_SHAPES[words];
  if (shape === undefined) throw new Error(`Nothing says what ${words} answers`);
  return shape;
}

/** A line of a batch tells what its command answers, without what stands around an answer. */
function batchShape(tree: CommandTree): AnswerShape {
  const results = batchVerbs(tree).flatMap((words) => {
    const shape = shapeOf(words, tree);
    if (shape.kind === "lines") throw new Error(`${words} cannot be a part of a batch`);
    return shape.alternatives.map(({ entries }) =>
      v.strictObject({ line: count, command: v.literal(words), ...entries }),
    );
  });
  return answers({
    lines: told(count, "Lines that the batch has"),
    made: told(ids, "Issues that it made: $1 is the first"),
    results: v.array(v.variant("command", results)),
    idempotent,
  });
}
