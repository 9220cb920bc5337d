import { readHistory } from "../../actions/logs/log.ts";
import { defineCommand } from "../define-command.ts";

/** `mai log history` */
export const command = defineCommand({
  words: "log history",
  summary: "Shows the audit log of a day, oldest line first. Writes nothing.",
  args: {
    date: { type: "string", kind: "date", valueHint: "D", description: "Local date (today)" },
    agent: { type: "string", valueHint: "NAME", description: "Only lines of this agent" },
    limit: { type: "string", kind: "count", valueHint: "N", description: "Only the newest N (all)" },
  },
  errors: [],
  examples: ["mai log history --agent alice --limit 10", "mai --json log history --date 2026-04-30"],
  run(cli, values) {
    const { date, agent, limit } = values;
    const history = readHistory(cli.call({}), { date, agent, limit });
    const lines = history.lines.map(({ line }) => line);
    const nobody = agent === null ? "" : ` of ${agent}`;
    return {
      fields: {
        date: history.date,
        agent,
        entries: lines,
        records: history.lines.map(({ entry }) => entry),
        shown: lines.length,
        total: history.total,
      },
      text: lines.length === 0 ? `No lines${nobody} on ${history.date}.` : lines.join("\n"),
    };
  },
});
