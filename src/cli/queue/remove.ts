import { removeQueue } from "../../actions/settings/remove-queue.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai queue remove` */
export const command = defineCommand({
  words: "queue remove",
  summary:
    "Takes a queue out of the settings; refuses while it holds issues, finished ones too. Takes a root.",
  args: { queue: { type: "positional", description: "Queue to remove" }, ...OPERATOR },
  errors: ["INVALID_QUEUE", "INVALID_STATE", "PERMISSION_DENIED", "CONFIG_INVALID"],
  examples: ["mai queue remove ideas", "mai --dry-run queue remove ideas -o admin"],
  run(cli, values) {
    const outcome = removeQueue(cli.call(values), values.queue);
    const { name, idempotent } = outcome.answer;
    return answerTo(outcome, {
      fields: { queue: name, idempotent },
      text: idempotent ? `Queue ${name} was removed before` : `Queue ${name} removed`,
    });
  },
});
