import { setSetting } from "../../actions/settings/settings.ts";
import { changeLines } from "../../output/setting-text.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai config set` */
export const command = defineCommand({
  words: "config set",
  summary: "Changes one setting in .mai/config.json and leaves the rest of the file as it is. Takes a root.",
  args: {
    key: { type: "positional", description: "Such as queues.questions.sla_minutes" },
    value: {
      type: "positional",
      description: "A number, a word, names with commas between; none: no deadline, no limit",
    },
    ...OPERATOR,
  },
  errors: ["NOT_FOUND", "INVALID_QUEUE", "INVALID_AGENT", "CONFIG_INVALID", "PERMISSION_DENIED"],
  examples: ["mai config set agents.alice.heartbeat_minutes 45", "mai config set root admin,alice -o admin"],
  run(cli, values) {
    const outcome = setSetting(cli.call(values), values.key, values.value);
    const { changes, idempotent } = outcome.answer;
    const text = idempotent ? `${values.key} is so already` : changeLines(changes).join("\n").trimStart();
    return answerTo(outcome, { fields: { key: values.key, changes, idempotent }, text });
  },
});
