import { editIssue } from "../../actions/issue/edit-issue.ts";
import { MaiError } from "../../domain/errors.ts";
import { PRIORITIES } from "../../domain/issue.ts";
import { FORCE, ISSUE_WRITE } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { BODY, bodyOf } from "./body-argument.ts";
import { issueAnswer, targetOf } from "./issue-answer.ts";

/** `mai issue edit` */
export const command = defineCommand({
  words: "issue edit",
  summary:
    "Changes fields of an issue; a record keeps the old values. A new queue keeps the id and gives its own deadline. " +
    "Takes the creator, the queue's owner or a root.",
  args: {
    id: { type: "positional", description: "Issue" },
    title: { type: "string", valueHint: "T", description: "One line, at most 200 characters" },
    ...BODY,
    priority: { type: "enum", options: [...PRIORITIES], description: "P0 is most urgent" },
    ref: { type: "string", valueHint: "ID", description: "Issue that it refers to" },
    queue: { type: "string", valueHint: "Q", description: "Queue that it moves to" },
    ...ISSUE_WRITE,
    ...FORCE,
  },
  errors: [
    "NOT_FOUND",
    "INVALID_TITLE",
    "INVALID_TEXT",
    "INVALID_QUEUE",
    "ALREADY_EXISTS",
    "ISSUE_DISCARDED",
    "LIMIT_REACHED",
    "STALE_FENCE",
    "LOCK_HELD",
    "PERMISSION_DENIED",
  ],
  examples: [
    "mai issue edit REQ-001 --priority P0 -o alice",
    'mai issue edit REQ-001 --title "Technical review of the API" --queue reviews -o alice',
  ],
  run(cli, values) {
    const { title, priority, ref, queue } = values;
    const edit = { title, body: bodyOf(cli, values), priority, ref, queue };
    if (Object.values(edit).every((value) => value === null)) {
      throw new MaiError("USAGE", "Nothing to edit: name at least one field.", {
        hint: "Fields: --title, --body, --body-file, --priority, --ref, --queue",
      });
    }
    const outcome = editIssue(cli.call(values), targetOf(values.id, values), edit);
    return issueAnswer(outcome, ({ issueId }) => `${issueId} edited`);
  },
});
