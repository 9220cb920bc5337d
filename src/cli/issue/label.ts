import { labelIssue } from "../../actions/issue/change-issue.ts";
import { ISSUE_WRITE } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { issueAnswer, targetOf } from "./issue-answer.ts";

/** `mai issue label` */
export const command = defineCommand({
  words: "issue label",
  summary:
    "Puts labels onto an issue and takes them off; a record says which. Never changes its state, renews your lease. " +
    "After ID, -x is a label to take off unless it is an option of this command; after -- it always is. " +
    "Takes the handler, the creator, the queue's owner or a root.",
  args: {
    id: { type: "positional", description: "Issue" },
    label: { type: "positional", rest: "signed", description: "+x adds x, -x takes it off" },
    ...ISSUE_WRITE,
  },
  errors: ["NOT_FOUND", "INVALID_NAME", "ISSUE_DISCARDED", "STALE_FENCE", "PERMISSION_DENIED"],
  examples: ["mai issue label REQ-001 +api -ui -o alice", "mai issue label REQ-001 -o alice -- -o +go"],
  run(cli, values) {
    const outcome = labelIssue(cli.call(values), targetOf(values.id, values), values.label);
    const { labels } = outcome.answer;
    const shown = labels.length === 0 ? "no labels" : labels.join(", ");
    const told = issueAnswer(outcome, ({ issueId }) => `${issueId}: ${shown}`);
    return { ...told, fields: { ...told.fields, labels } };
  },
});
