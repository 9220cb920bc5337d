import { claimIssue } from "../../actions/agent-loop/work-answer.ts";
import { noteLines, workJson, workLines } from "../../output/work-text.ts";
import { FORCE, ISSUE_WRITE } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { issueAnswer, leaseLine, targetOf } from "./issue-answer.ts";

/** `mai issue claim` */
export const command = defineCommand({
  words: "issue claim",
  summary:
    "Takes an issue and shows all that is needed to begin: of many claimants exactly one gets it. Your own live lease " +
    "is renewed; a lease that has ended is taken over.",
  args: {
    id: { type: "positional", description: "Issue, such as REQ-001" },
    brief: { type: "boolean", description: "Leave body and remarks out" },
    ...ISSUE_WRITE,
    ...FORCE,
  },
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
    const { issueId, holder, idempotent, issue, brief: work, takenOverFrom } = outcome.answer;
    const answer = issueAnswer(outcome, () => "");
    const shape = { brief: values.brief, sentBackTold: false };
    const how = idempotent ? "is yours already, renewed" : `claimed by @${holder}`;
    return {
      ...answer,
      fields: { ...answer.fields, taken_over_from: takenOverFrom, ...workJson(issue, work, shape) },
      text: [
        `${issueId} ${how}: ${leaseLine(outcome.answer)}`,
        `  ${issue.title}`,
        ...noteLines(work),
        ...workLines(issue, work, shape),
      ].join("\n"),
    };
  },
});
