import { moveIssue } from "../../actions/change-issue.ts";
import { FORCE, ISSUE_WRITE } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { issueAnswer, targetOf } from "./issue-answer.ts";

/** `mai issue complete` */
export const command = defineCommand({
  words: "issue complete",
  summary:
    "Accepts the work: COMPLETED, the lease ends, the conclusion goes into decisions/. Takes the creator, the queue's owner or a root.",
  args: {
    id: { type: "positional", description: "Issue" },
    conclusion: { type: "positional", text: true, description: "What came out; - reads standard input" },
    ...ISSUE_WRITE,
    ...FORCE,
  },
  errors: ["NOT_FOUND", "ISSUE_DISCARDED", "STALE_FENCE", "LOCK_HELD", "PERMISSION_DENIED"],
  examples: [
    'mai issue complete REQ-001 "Approved for implementation" -o alice',
    "mai issue complete REQ-001 - -o alice < report.md",
  ],
  run(cli, values) {
    const request = { name: "complete" as const, text: cli.text(values.conclusion), handler: null };
    const outcome = moveIssue(cli.call(values), targetOf(values.id, values), request);
    return issueAnswer(outcome, ({ issueId }) => `${issueId} completed`);
  },
});
