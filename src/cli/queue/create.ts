import { createQueue } from "../../actions/settings/queues.ts";
import { MaiError } from "../../domain/errors.ts";
import { answerTo, defineCommand } from "../define-command.ts";
import { newIssuesText, QUEUE_SETTINGS, queueFields, queueRequest, queueText } from "./queue-answer.ts";

/** `mai queue create` */
export const command = defineCommand({
  words: "queue create",
  summary:
    "Makes a queue with an owner; without --sla no deadline, without --prefix ids REQ-…. Takes a root.",
  args: { queue: { type: "positional", description: "Name of the new queue" }, ...QUEUE_SETTINGS },
  errors: ["INVALID_NAME", "ALREADY_EXISTS", "PERMISSION_DENIED", "CONFIG_INVALID"],
  examples: [
    "mai queue create ops --owner olga --sla 0.5 --prefix OPS",
    "mai queue create ideas --owner alice",
  ],
  run(cli, values) {
    const call = cli.call(values);
    if (values.owner === null) {
      throw new MaiError("USAGE", "--owner is missing: every queue has somebody who answers for it.", {
        hint: `mai queue create ${values.queue} --owner NAME`,
        fields: { argument: "owner" },
      });
    }
    const outcome = createQueue(call, queueRequest(values.queue, values));
    const { name, owner, idempotent } = outcome.answer;
    const text = `Queue ${name} ${idempotent ? "exists" : "created"}: ${queueText(outcome.answer)}\n${newIssuesText(owner)}`;
    return answerTo(outcome, { fields: queueFields(outcome.answer), text });
  },
});
