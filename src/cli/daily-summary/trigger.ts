import { triggerRound } from "../../actions/summaries/summary-round.ts";
import { roundJson, roundProgress } from "../../output/summary-json.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai daily-summary trigger` */
export const command = defineCommand({
  words: "daily-summary trigger",
  summary:
    "Starts today's round of daily summaries, with the agents of daily_summary_order, or all of them. " +
    "Again on the same day: changes nothing.",
  args: { ...OPERATOR },
  errors: ["CORRUPT_FILE"],
  examples: ["mai daily-summary trigger", "mai --json daily-summary trigger -o alice"],
  run(cli, values) {
    const outcome = triggerRound(cli.call(values));
    const { round, idempotent } = outcome.answer;
    const text = idempotent
      ? `Round ${round.date} runs already: ${roundProgress(round)}`
      : `Round ${round.date} started for ${round.participants.join(", ") || "nobody yet"}`;
    return answerTo(outcome, { fields: { ...roundJson(round), idempotent }, text });
  },
});
