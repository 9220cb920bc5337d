import { writeSummary } from "../../actions/summaries/write-summary.ts";
import { roundJson, roundProgress } from "../../output/summary-json.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai daily-summary write` */
export const command = defineCommand({
  words: "daily-summary write",
  summary:
    "Writes an agent's summary into the round that was started last; a registered agent who is not in it joins. " +
    "The same text again changes nothing.",
  args: {
    agent: { type: "positional", description: "Whose summary; . is the operator" },
    text: {
      type: "positional",
      rest: "words",
      description: "Words of the text; - alone reads standard input",
    },
    replace: { type: "boolean", description: "Write over another text" },
    ...OPERATOR,
  },
  errors: ["NOT_TRIGGERED", "INVALID_AGENT", "INVALID_TEXT", "ALREADY_WRITTEN"],
  examples: [
    "mai daily-summary write alice shipped the login page",
    "mai daily-summary write . - -o alice < day.md",
  ],
  run(cli, values) {
    const { agent, replace } = values;
    const outcome = writeSummary(cli.call(values), { agent, text: cli.text(values.text.join(" ")), replace });
    const { round, replaced, idempotent } = outcome.answer;
    const done = idempotent ? "was there already" : replaced ? "replaced" : "written";
    return answerTo(outcome, {
      fields: { agent: outcome.answer.agent, ...roundJson(round), replaced, idempotent },
      text: `Summary of ${outcome.answer.agent} for ${round.date} ${done}; ${roundProgress(round)}`,
    });
  },
});
