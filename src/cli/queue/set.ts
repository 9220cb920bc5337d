import { setQueue } from "../../actions/settings/queues.ts";
import { MaiError } from "../../domain/errors.ts";
import { answerTo, defineCommand } from "../define-command.ts";
import { newIssuesText, QUEUE_SETTINGS, queueFields, queueRequest, queueText } from "./queue-answer.ts";

/** `mai queue set` */
export const command = defineCommand({
  words: "queue set",
  summary:
    "Changes a queue: owner, SLA and id prefix for issues made from now on, its rules and how many may be held at once. " +
    "Takes a root.",
  args: { queue: { type: "positional", description: "Queue to change" }, ...QUEUE_SETTINGS },
  errors: ["INVALID_QUEUE", "INVALID_NAME", "PERMISSION_DENIED", "CONFIG_INVALID"],
  examples: ["mai queue set ops --owner alice", "mai queue set ops --sla none --max-in-progress 3"],
  run(cli, values) {
    const call = cli.call(values);
    const { owner: newOwner, sla, prefix, "max-in-progress": max } = values;
    const rules = [values["require-evidence"], values["confirmer-differs"]];
    if ([newOwner, sla, prefix, max, ...rules].every((value) => value === null)) {
      throw new MaiError("USAGE", "What shall change? Give an option.", {
        hint: "See: mai queue set --help",
      });
    }
    const outcome = setQueue(call, queueRequest(values.queue, values));
    const { name, owner, idempotent } = outcome.answer;
    const text = `Queue ${name} ${idempotent ? "is so already" : "changed"}: ${queueText(outcome.answer)}\n${newIssuesText(owner)}`;
    return answerTo(outcome, { fields: queueFields(outcome.answer), text });
  },
});
