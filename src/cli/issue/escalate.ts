import { escalateIssue } from "../../actions/issue/escalate-issue.ts";
import { handlerText } from "../../domain/unassigned.ts";
import { ISSUE_WRITE } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { issueAnswer, targetOf } from "./issue-answer.ts";

/** `mai issue escalate` */
export const command = defineCommand({
  words: "issue escalate",
  summary:
    "Makes a P0 issue in the escalation queue that refers to this one, and records it here; while that issue is " +
    "unfinished, asking again names the same one. Takes the handler, the creator, the queue's owner or a root.",
  args: { id: { type: "positional", description: "Issue that is stuck" }, ...ISSUE_WRITE },
  errors: [
    "NOT_FOUND",
    "INVALID_QUEUE",
    "ALREADY_COMPLETED",
    "ISSUE_DISCARDED",
    "STALE_FENCE",
    "PERMISSION_DENIED",
  ],
  examples: ["mai issue escalate REQ-001 -o alice", "mai --json issue escalate REQ-001 -o alice"],
  run(cli, values) {
    const outcome = escalateIssue(cli.call(values), targetOf(values.id, values));
    const { issueId, newId, escalationQueue, newStatus, newHandler, idempotent } = outcome.answer;
    const told = issueAnswer(
      outcome,
      () => `${issueId} escalated as ${newId} in ${escalationQueue}: ${handlerText(newHandler ?? "")}`,
    );
    const fields = {
      ...told.fields,
      original_id: issueId,
      new_id: newId,
      escalation_queue: escalationQueue,
      new_status: newStatus,
      new_handler: newHandler,
    };
    const state = newStatus ?? "gone";
    return {
      ...told,
      fields,
      text: idempotent ? `${issueId} is escalated as ${newId} (${state})` : told.text,
    };
  },
});
