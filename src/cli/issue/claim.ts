import { claimIssue } from "../../actions/issue/change-issue.ts";
import { FORCE, ISSUE_WRITE } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { issueAnswer, targetOf } from "./issue-answer.ts";

/** `mai issue claim` */
export const command = defineCommand({
  words: "issue claim",
  summary:
    "Takes an issue: of any number of claimants exactly one gets it. Writes the lease and IN_PROGRESS; " +
    "your own live lease is renewed, a stale one is taken over.",
  args: { id: { type: "positional", description: "Issue, such as REQ-001" }, ...ISSUE_WRITE, ...FORCE },
  errors: [
    "NOT_FOUND",
    "ISSUE_BLOCKED",
    "LIMIT_REACHED",
    "ALREADY_COMPLETED",
    "ISSUE_DISCARDED",
    "LOCK_HELD",
    "PERMISSION_DENIED",
  ],
  examples: ["mai issue claim REQ-001 -o alice", "mai issue claim REQ-001 -o alice --session shell-2 --json"],
  run(cli, values) {
    const outcome = claimIssue(cli.call(values), targetOf(values.id, values));
    const { issueId, holder, fence, ttlMinutes } = outcome.answer;
    const lease = `${ttlMinutes === null ? "held by a process" : `lease ${ttlMinutes} minutes`}, fence ${fence}`;
    const answer = issueAnswer(outcome, () => `${issueId} claimed by @${holder}: ${lease}`);
    return outcome.answer.idempotent
      ? { ...answer, text: `${issueId} is yours already, renewed: ${lease}` }
      : answer;
  },
});
