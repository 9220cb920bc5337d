import { amendIssue } from "../../actions/issue/change-issue.ts";
import { ISSUE_WRITE } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { issueAnswer, targetOf } from "./issue-answer.ts";

/** `mai issue amend` */
export const command = defineCommand({
  words: "issue amend",
  summary:
    "Adds a remark to an issue's records; never changes its state, renews your lease. Any registered agent may.",
  args: {
    id: { type: "positional", description: "Issue" },
    remark: { type: "positional", text: true, description: "Text, up to 64 KiB; - reads standard input" },
    ...ISSUE_WRITE,
    key: { type: "string", valueHint: "KEY", description: "Add it once per key, however often asked" },
  },
  errors: ["NOT_FOUND", "INVALID_TEXT", "ISSUE_DISCARDED", "STALE_FENCE", "PERMISSION_DENIED"],
  examples: [
    'mai issue amend REQ-001 "tests are green" -o alice',
    "git log -1 | mai issue amend REQ-001 - -o alice",
  ],
  run(cli, values) {
    const request = { text: cli.text(values.remark), key: values.key };
    const outcome = amendIssue(cli.call(values), targetOf(values.id, values), request);
    return issueAnswer(outcome, ({ issueId }) => `${issueId} amended`);
  },
});
