import { addAgent } from "../../actions/settings/agents.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai agent add` */
export const command = defineCommand({
  words: "agent add",
  summary: "Registers an agent in the settings and makes a queue of its own. Takes a root.",
  args: {
    name: { type: "positional", description: "a-z, 0-9 and -, at most 32" },
    "heartbeat-minutes": {
      type: "string",
      kind: "number",
      valueHint: "N",
      description: "Its leases live 1.5 times as long after its last write (30)",
    },
    "max-in-progress": {
      type: "string",
      kind: "count",
      valueHint: "N",
      description: "Most issues it may hold at once (no limit)",
    },
    ...OPERATOR,
  },
  errors: ["INVALID_NAME", "ALREADY_EXISTS", "PERMISSION_DENIED"],
  examples: ["mai agent add alice --heartbeat-minutes 30", "mai agent add bob"],
  run(cli, values) {
    const outcome = addAgent(cli.call(values), values.name, {
      heartbeatMinutes: values["heartbeat-minutes"],
      maxInProgress: values["max-in-progress"],
    });
    const { name, queue, heartbeatMinutes, maxInProgress, idPrefix, idempotent } = outcome.answer;
    const fields = {
      agent: name,
      heartbeat_minutes: heartbeatMinutes,
      max_in_progress: maxInProgress,
      queue,
      id_prefix: idPrefix,
      idempotent,
    };
    const limit = maxInProgress === null ? "" : `at most ${maxInProgress} held, `;
    const told = `heartbeat ${heartbeatMinutes} minutes, ${limit}queue ${queue} (${idPrefix})`;
    return answerTo(outcome, {
      fields,
      text: idempotent ? `Agent ${name} exists: ${told}` : `Agent ${name} added: ${told}`,
    });
  },
});
