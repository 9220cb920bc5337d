import { undoChange } from "../actions/issue/undo-change.ts";
import { isUnassigned } from "../domain/unassigned.ts";
import { OPERATOR } from "./arguments.ts";
import { defineCommand } from "./define-command.ts";
import { issueAnswer } from "./issue/issue-answer.ts";

/** `mai undo` */
export const command = defineCommand({
  words: "undo",
  summary:
    "Takes your last change of an issue back when nothing came after it: a new change gives the issue the fields that " +
    "it had. Nothing is erased. A lease that you gave up with it is yours again. Asked again, goes one step further.",
  args: {
    issue: { type: "string", valueHint: "ID", description: "Your last change of this issue" },
    ...OPERATOR,
    session: { type: "string", valueHint: "S", description: "Tells two processes of one name apart" },
  },
  errors: ["NOT_FOUND", "INVALID_STATE", "LIMIT_REACHED", "LOCK_HELD", "PERMISSION_DENIED"],
  examples: ["mai undo -o alice", "mai undo --issue REQ-001 -o alice --dry-run"],
  run(cli, values) {
    const outcome = undoChange(cli.call(values), values.issue);
    const { undone, status, handler } = outcome.answer;
    const told = issueAnswer(
      outcome,
      ({ issueId }) =>
        `${issueId}: ${undone.operation} taken back; it is ${status}, ${isUnassigned(handler) ? "unassigned" : `handled by @${handler}`}`,
    );
    const { seq, type, operation } = undone;
    return { ...told, fields: { ...told.fields, undone: { seq, type, command: operation } } };
  },
});
