import { showIssues } from "../../actions/reading/read-issues.ts";
import { leaseJson, unassignedJson } from "../../output/issue-json.ts";
import { leaseText } from "../../output/issue-text.ts";
import { defineCommand } from "../define-command.ts";

/** `mai lock check` */
export const command = defineCommand({
  words: "lock check",
  summary: "Shows who holds an issue and for how long. Writes nothing.",
  args: { id: { type: "positional", description: "Issue" } },
  errors: ["NOT_FOUND", "CORRUPT_FILE"],
  examples: ["mai lock check REQ-001", "mai --json lock check REQ-001"],
  run(cli, values) {
    const [shown] = showIssues(cli.call({}), [values.id]);
    if (shown === undefined) return { fields: {}, text: "" };
    const { issue, lease } = shown;
    return {
      fields: {
        issue_id: issue.id,
        status: issue.status,
        owner: issue.handler,
        ...unassignedJson(issue.handler),
        lock: leaseJson(issue.id, lease),
      },
      text: `${issue.id} ${issue.status}, lease: ${leaseText(lease)}`,
    };
  },
});
