import { resetRound } from "../../actions/summaries/summary-round.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai daily-summary reset` */
export const command = defineCommand({
  words: "daily-summary reset",
  summary:
    "Drops the round, so that the next trigger starts one afresh, with everybody pending. " +
    "Summaries that were written stay on disk.",
  args: { ...OPERATOR },
  errors: [],
  examples: ["mai daily-summary reset", "mai --json daily-summary reset -o alice"],
  run(cli, values) {
    const outcome = resetRound(cli.call(values));
    const { idempotent } = outcome.answer;
    return answerTo(outcome, {
      fields: { idempotent },
      text: idempotent ? "There is no round to drop." : "The round is dropped.",
    });
  },
});
