import { showIssues } from "../../actions/reading/read-issues.ts";
import { handlerText } from "../../domain/unassigned.ts";
import { leaseJson, timelineEntry, unassignedJson } from "../../output/issue-json.ts";
import { leaseText, recordLines } from "../../output/issue-text.ts";
import { defineCommand } from "../define-command.ts";

/** `mai issue status` */
export const command = defineCommand({
  words: "issue status",
  summary: "Shows the state of an issue and its records, newest first. Writes nothing.",
  args: { id: { type: "positional", description: "Issue" } },
  errors: ["NOT_FOUND", "CORRUPT_FILE"],
  examples: ["mai issue status REQ-001", "mai --json issue status REQ-001"],
  run(cli, values) {
    const [shown] = showIssues(cli.call({}), [values.id]);
    if (shown === undefined) return { fields: {}, text: "" };
    const { issue, lease, overdue } = shown;
    return {
      fields: {
        issue_id: issue.id,
        queue: issue.queue,
        title: issue.title,
        status: issue.status,
        priority: issue.priority,
        owner: issue.handler,
        ...unassignedJson(issue.handler),
        overdue,
        lock: leaseJson(issue.id, lease),
        timeline: issue.records.map(timelineEntry),
        records: issue.records.map(({ ts, actor, word, text }) => ({ ts, actor, word, text })),
      },
      text: [
        `${issue.id}  ${issue.status}${overdue ? " (overdue)" : ""}  ${handlerText(issue.handler)}  lease: ${leaseText(lease)}`,
        ...recordLines(issue.records),
      ].join("\n"),
    };
  },
});
