import { type ShownIssue, showIssues } from "../../actions/reading/read-issues.ts";
import { issueJson, leaseJson } from "../../output/issue-json.ts";
import { issueText } from "../../output/issue-text.ts";
import { defineCommand } from "../define-command.ts";

/** `mai issue show` */
export const command = defineCommand({
  words: "issue show",
  summary: "Shows issues whole: fields, lease, text and records. Writes nothing.",
  args: { id: { type: "positional", rest: "list", description: "One or more issues" } },
  errors: ["NOT_FOUND", "CORRUPT_FILE"],
  examples: ["mai issue show REQ-001", "mai --json issue show REQ-001 REQ-002"],
  run(cli, values) {
    const shown = showIssues(cli.call({}), values.id);
    // Only the forms that are asked for are made.
    return {
      fields: cli.json ? documentOf(shown) : {},
      text: cli.wantsText ? shown.map(issueText).join("\n\n") : "",
    };
  },
});

function documentOf(shown: readonly ShownIssue[]): Readonly<Record<string, unknown>> {
  const documents = shown.map((entry) => ({
    issue: { ...issueJson(entry), waits_for: entry.waitsFor, blocks: entry.blocks },
    lock: leaseJson(entry.issue.id, entry.lease),
  }));
  const [first] = documents;
  return documents.length === 1 && first !== undefined ? first : { issues: documents };
}
