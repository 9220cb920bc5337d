import { readSummary, reportSummaries } from "../../actions/summaries/read-summary.ts";
import { MaiError } from "../../domain/errors.ts";
import { OPERATOR } from "../arguments.ts";
import { type Answer, answerTo, type CommandContext, defineCommand } from "../define-command.ts";

/** `mai daily-summary read` */
export const command = defineCommand({
  words: "daily-summary read",
  summary:
    "Shows one agent's summary, or with --all everybody's, which also writes reports/daily-DATE-summary.md.",
  args: {
    agent: { type: "positional", required: false, description: "Whose summary; . is the operator" },
    all: { type: "boolean", description: "Everybody's, as one report" },
    date: { type: "string", kind: "date", valueHint: "D", description: "Date of the round (the last one)" },
    ...OPERATOR,
  },
  errors: ["NOT_FOUND", "INVALID_AGENT", "NOT_TRIGGERED"],
  examples: ["mai daily-summary read alice", "mai --json daily-summary read --all --date 2026-04-30"],
  run(cli, values) {
    const { agent, all, date } = values;
    if (all !== (agent === null)) {
      throw new MaiError(
        "USAGE",
        all ? "AGENT and --all exclude each other." : "AGENT or --all is missing.",
        {
          hint: "See: mai daily-summary read --help",
        },
      );
    }
    if (agent === null) return everybody(cli, values);
    const reading = readSummary(cli.call(values), agent, date);
    const { text: content } = reading;
    return { fields: { agent: reading.agent, date: reading.date, content }, text: content };
  },
});

function everybody(
  cli: CommandContext,
  values: { readonly operator: string | null; readonly date: string | null },
): Answer {
  const outcome = reportSummaries(cli.call(values), values.date);
  const { date, summaries, path, report } = outcome.answer;
  const texts = Object.fromEntries(summaries.map(({ agent, text }) => [agent, text]));
  return answerTo(outcome, {
    fields: { date, participants: summaries.map(({ agent }) => agent), summaries: texts, path },
    text: report.trimEnd(),
  });
}
