import { removeAgent } from "../../actions/settings/remove-agent.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai agent remove` */
export const command = defineCommand({
  words: "agent remove",
  summary:
    "Takes an agent out of the settings and the order of daily summaries; its queue and its work stay. Refuses while " +
    "it holds leases. Takes a root.",
  args: { name: { type: "positional", description: "Agent to remove" }, ...OPERATOR },
  errors: ["INVALID_AGENT", "LOCK_HELD", "PERMISSION_DENIED", "CONFIG_INVALID"],
  examples: ["mai agent remove bob", "mai agent remove bob -o admin"],
  run(cli, values) {
    const outcome = removeAgent(cli.call(values), values.name);
    const { name, queueKept, idempotent } = outcome.answer;
    const stays = queueKept ? `; its queue ${name} stays` : "";
    return answerTo(outcome, {
      fields: { agent: name, queue_kept: queueKept, idempotent },
      text: idempotent ? `Agent ${name} was removed before` : `Agent ${name} removed${stays}`,
    });
  },
});
