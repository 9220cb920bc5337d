import { undoNote } from "../../actions/logs/undo-note.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai log undo` */
export const command = defineCommand({
  words: "log undo",
  summary:
    "Takes your note back when it is the last line of the audit log. Lines that changes wrote are never removed.",
  args: { ...OPERATOR },
  errors: ["OPERATOR_REQUIRED", "INVALID_STATE", "PERMISSION_DENIED"],
  examples: ["mai log undo -o alice", "mai --json log undo -o alice"],
  run(cli, values) {
    const outcome = undoNote(cli.call(values));
    const { line, date } = outcome.answer;
    return answerTo(outcome, { fields: { line, date }, text: `Taken back: ${line}` });
  },
});
