import type { Call } from "../actions/call.ts";
import { runBatch } from "../actions/issue/run-batch.ts";
import { signedBy } from "../actions/open-call.ts";
import { readUserFile } from "../actions/projects/user-file.ts";
import { OPERATOR } from "./arguments.ts";
import { atLine, lineValues, type RawLine, readBatch } from "./batch/batch-line.ts";
import { MadeIssues } from "./batch/made-issues.ts";
import {
  type Answer,
  type AnyCommand,
  answerTo,
  type CommandContext,
  defineCommand,
} from "./define-command.ts";

/** `mai batch` */
export const command = defineCommand({
  words: "batch",
  summary:
    "Does what its lines say in one change, all or nothing: each is a JSON object with a command (issue verbs, log " +
    "write) and its arguments as fields. $1 stands for the first issue that the batch makes. At most 1,000 lines.",
  args: {
    file: {
      type: "positional",
      required: false,
      description: "JSON lines; standard input without it, or with -",
    },
    ...OPERATOR,
    session: { type: "string", valueHint: "S", description: "Tells two processes of one name apart" },
    key: { type: "string", valueHint: "KEY", description: "Do it once per key, however often asked" },
  },
  errors: ["INVALID_TEXT", "NOT_FOUND", "PERMISSION_DENIED", "LOCK_HELD"],
  examples: [
    `echo '{"command":"issue new","queue":"questions","title":"Plan it"}' | mai batch -o alice`,
    "mai batch plan.jsonl -o alice --key plan-7 --dry-run",
  ],
  async run(cli, values) {
    const call = cli.call(values);
    const lines = readBatch(textOf(cli, call, values.file), cli.tree);
    const prepared = await Promise.all(lines.map((line) => preparedLine(line, cli)));
    const outcome = runBatch(call, values.key, (inside) => runLines(prepared, cli, inside));
    const { results, idempotent } = outcome.answer;
    const made = results.flatMap((result) => result.made);
    const told = results.map(({ line, command, fields }) => ({ line, command, ...fields }));
    const texts = results.map(({ text }) => text).filter((text) => text !== "");
    return answerTo(outcome, {
      fields: { lines: lines.length, made, results: told, idempotent },
      text: idempotent ? `Done before: ${made.join(", ") || "nothing made"}` : texts.join("\n"),
    });
  },
});

interface PreparedLine extends RawLine {
  readonly command: AnyCommand;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What one line came to; it is kept under the key of the batch. */
interface LineResult {
  readonly line: number;
  readonly command: string;
  readonly fields: Answer["fields"];
  readonly text: string;
  readonly made: readonly string[];
}

function textOf(cli: CommandContext, call: Call, file: string | null): string {
  return file === null || file === "-"
    ? cli.context.stdin.readText()
    : readUserFile(call, cli.context.cwd, file);
}

async function preparedLine(line: RawLine, { tree }: CommandContext): Promise<PreparedLine> {
  const entry = tree.commands[line.words];
  if (entry === undefined) throw new Error(`No entry for ${line.words}`);
  const { command } = await entry.load();
  return { ...line, command, values: atLine(line.number, () => lineValues(line, command)) };
}

/** Runs every line through the call of the batch; what one of them makes, the later ones can name. */
function runLines(lines: readonly PreparedLine[], cli: CommandContext, call: Call): readonly LineResult[] {
  const issues = new MadeIssues();
  return lines.map((line) => {
    const before = issues.ids.length;
    const { fields, text } = atLine(line.number, () => {
      const values = issues.filledIn(line.words, line.values);
      return soleAnswer(line, line.command.run(insideOf(cli, call), values as never));
    });
    issues.note(line.words, fields);
    return { line: line.number, command: line.words, fields, text, made: issues.ids.slice(before) };
  });
}

/** What a command of a line can ask for: the batch has its standard input, and nobody to be asked. */
function insideOf(cli: CommandContext, call: Call): CommandContext {
  return {
    ...cli,
    call: (signer) => signedBy(call, signer),
    text: (value) => value,
    ask: () => null,
  };
}

function soleAnswer(line: RawLine, answer: ReturnType<AnyCommand["run"]>): Answer {
  if (!(answer instanceof Promise) && !("stream" in answer)) return answer;
  throw new Error(`${line.words} cannot be a part of a batch: it takes its time.`);
}
