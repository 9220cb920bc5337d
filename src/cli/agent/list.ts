import { listAgents } from "../../actions/settings/agents.ts";
import { alignColumns } from "../../output/columns.ts";
import { defineCommand } from "../define-command.ts";

/** `mai agent list` */
export const command = defineCommand({
  words: "agent list",
  summary: "Lists the agents with their heartbeats. Writes nothing.",
  args: {},
  errors: [],
  examples: ["mai agent list", "mai agent list --json"],
  run(cli) {
    const agents = listAgents(cli.call({}));
    const rows = agents.map(({ name, heartbeatMinutes, maxInProgress }) => [
      name,
      `heartbeat ${heartbeatMinutes} minutes${maxInProgress === null ? "" : `, at most ${maxInProgress} held`}`,
    ]);
    return {
      fields: {
        agents: agents.map(({ name, heartbeatMinutes, maxInProgress }) => ({
          name,
          heartbeat_minutes: heartbeatMinutes,
          max_in_progress: maxInProgress,
        })),
      },
      text: alignColumns(rows).join("\n"),
    };
  },
});
