import { setQueue } from "../../actions/queues.ts";
import { MaiError } from "../../domain/errors.ts";
import { answerTo, defineCommand } from "../define-command.ts";
import { QUEUE_SETTINGS, queueFields, queueRequest, queueText } from "./queue-answer.ts";

/** `mai queue set` */
export const command = defineCommand({
  words: "queue set",
  summary:
    "Changes a queue's owner, SLA or id prefix, for issues made from now on, and how many may be held. Takes a root.",
  args: { queue: { type: "positional", description: "Queue to change" }, ...QUEUE_SETTINGS },
  errors: ["INVALID_QUEUE", "INVALID_NAME", "PERMISSION_DENIED", "CONFIG_INVALID"],
  examples: ["mai queue set ops --owner alice", "mai queue set ops --sla none --max-in-progress 3"],
  run(cli, values) {
    const call = cli.call(values);
    const { owner, sla, prefix, "max-in-progress": max } = values;
    if (owner === null && sla === null && prefix === null && max === null) {
      throw new MaiError("USAGE", "What shall change? Give --owner, --sla, --max-in-progress or --prefix.", {
        hint: "See: mai queue set --help",
      });
    }
    const outcome = setQueue(call, queueRequest(values.queue, values));
    const { name, idempotent } = outcome.answer;
    const text = `Queue ${name} ${idempotent ? "is so already" : "changed"}: ${queueText(outcome.answer)}`;
    return answerTo(outcome, { fields: queueFields(outcome.answer), text });
  },
});
