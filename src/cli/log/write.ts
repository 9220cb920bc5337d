import { writeNote } from "../../actions/logs/log.ts";
import { MaiError } from "../../domain/errors.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai log write` */
export const command = defineCommand({
  words: "log write",
  summary:
    "Adds a note to the audit log, in the name of an agent; signed by somebody else, the line says so. " +
    "Line breaks become spaces.",
  args: {
    agent: { type: "positional", description: "Whom the note is about" },
    type: { type: "positional", description: "Kind of note: any word without [ and ]" },
    summary: { type: "positional", text: true, description: "What to note; - reads standard input" },
    // Named in capitals, since the option has the other spelling.
    STATUS: { type: "positional", required: false, description: "Status at the end of the line" },
    status: { type: "string", valueHint: "S", description: "The same as an option" },
    key: { type: "string", valueHint: "KEY", description: "Note it once per key, however often asked" },
    ...OPERATOR,
  },
  errors: ["INVALID_NAME", "INVALID_TEXT", "ALREADY_EXISTS"],
  examples: [
    'mai log write alice note "deployed to staging" done',
    'mai log write bob decision "we keep the old parser" -o alice --key parser',
  ],
  run(cli, values) {
    const { agent, type, key } = values;
    if (values.STATUS !== null && values.status !== null) {
      throw new MaiError("USAGE", "STATUS and --status exclude each other.", { hint: "Give one of them." });
    }
    // Scripts pass an empty variable for a status that they do not have.
    const status = values.STATUS || values.status || null;
    const outcome = writeNote(cli.call(values), {
      agent,
      type,
      summary: cli.text(values.summary),
      status,
      key,
    });
    const { line, idempotent } = outcome.answer;
    const fields = { agent: outcome.answer.agent, type, status, line, idempotent };
    return answerTo(outcome, { fields, text: idempotent ? `Noted already: ${line}` : line });
  },
});
