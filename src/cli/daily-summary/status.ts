import { currentRound } from "../../actions/summaries/summary-round.ts";
import { summaryState } from "../../domain/summary-round.ts";
import { alignColumns } from "../../output/columns.ts";
import { roundJson, roundProgress } from "../../output/summary-json.ts";
import { defineCommand } from "../define-command.ts";

/** `mai daily-summary status` */
export const command = defineCommand({
  words: "daily-summary status",
  summary: "Shows who has written in the round that was started last. Writes nothing.",
  args: {},
  errors: ["CORRUPT_FILE"],
  examples: ["mai daily-summary status", "mai --json daily-summary status"],
  run(cli) {
    const round = currentRound(cli.call({}));
    const fields = roundJson(round);
    if (round === null) return { fields, text: "No round was started; start one: mai daily-summary trigger" };
    const rows = round.participants.map((name) => [`  ${name}`, summaryState(round, name)]);
    return {
      fields,
      text: [`Round ${round.date}: ${roundProgress(round)}`, ...alignColumns(rows)].join("\n"),
    };
  },
});
