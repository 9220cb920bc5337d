import { createIssue } from "../../actions/issue/create-issue.ts";
import { PRIORITIES } from "../../domain/issue.ts";
import { unassignedJson } from "../../output/issue-json.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";
import { BODY, bodyOf } from "./body-argument.ts";

/** `mai issue new` */
export const command = defineCommand({
  words: "issue new",
  summary:
    "Makes an issue in a queue, OPEN, handled by the queue's owner; writes its file, the mirror, history and events.",
  args: {
    queue: { type: "positional", description: "Queue that it belongs to" },
    title: { type: "positional", description: "One line, at most 200 characters" },
    ...OPERATOR,
    ...BODY,
    ref: { type: "string", valueHint: "ID", description: "Issue that it refers to" },
    priority: { type: "enum", options: [...PRIORITIES], description: "P0 is most urgent (P2)" },
    label: { type: "string", repeat: true, valueHint: "L", description: "Label it (repeatable)" },
    accept: {
      type: "string",
      repeat: "whole",
      valueHint: "TEXT",
      description: "Has to be ticked before it is completed (repeatable)",
    },
    "blocked-by": {
      type: "string",
      repeat: true,
      valueHint: "ID",
      description: "What has to be finished first (repeatable)",
    },
    key: { type: "string", valueHint: "KEY", description: "Make it once per key, however often asked" },
  },
  errors: ["INVALID_QUEUE", "INVALID_TITLE", "INVALID_TEXT", "NOT_FOUND", "PERMISSION_DENIED"],
  examples: [
    'mai issue new questions "Technical review" -o alice',
    'mai issue new requests "Fix login" -o bob --priority P0 --body-file bug.md --key login-bug',
  ],
  run(cli, values) {
    const call = cli.call(values);
    const body = bodyOf(cli, values);
    const outcome = createIssue(call, {
      queue: values.queue,
      title: values.title,
      body,
      ref: values.ref,
      priority: values.priority ?? "P2",
      labels: values.label,
      accept: values.accept,
      key: values.key,
      blockedBy: values["blocked-by"],
    });
    const {
      issueId,
      queue,
      title,
      handler,
      priority,
      slaDeadline,
      blockedBy = [],
      idempotent,
    } = outcome.answer;
    const waits = blockedBy.length === 0 ? "" : ` (waits for ${blockedBy.join(", ")})`;
    return answerTo(outcome, {
      fields: {
        issue_id: issueId,
        queue,
        title,
        status: "OPEN",
        owner: handler,
        ...unassignedJson(handler),
        priority,
        sla_deadline: slaDeadline,
        blocked_by: blockedBy,
        idempotent,
      },
      text: `${issueId} ${idempotent ? "exists" : "created"} in ${queue}: ${title}${waits}`,
    });
  },
});
