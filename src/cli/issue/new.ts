import { createIssue } from "../../actions/create-issue.ts";
import { readUserFile } from "../../actions/user-file.ts";
import { MaiError } from "../../domain/errors.ts";
import { PRIORITIES } from "../../domain/issue.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai issue new` */
export const command = defineCommand({
  words: "issue new",
  summary:
    "Makes an issue in a queue, OPEN, handled by the queue's owner; writes its file, the mirror, history and events.",
  args: {
    queue: { type: "positional", description: "Queue that it belongs to" },
    title: { type: "positional", description: "One line, at most 200 characters" },
    ...OPERATOR,
    body: { type: "string", valueHint: "TEXT|-", description: "What is to be done; - reads standard input" },
    "body-file": { type: "string", valueHint: "F", description: "The same from a file" },
    ref: { type: "string", valueHint: "ID", description: "Issue that it refers to" },
    priority: { type: "enum", options: [...PRIORITIES], description: "P0 is most urgent (P2)" },
    key: { type: "string", valueHint: "KEY", description: "Make it once per key, however often asked" },
  },
  errors: ["INVALID_QUEUE", "INVALID_TITLE", "INVALID_TEXT", "PERMISSION_DENIED"],
  examples: [
    'mai issue new questions "Technical review" -o alice',
    'mai issue new requests "Fix login" -o bob --priority P0 --body-file bug.md --key login-bug',
  ],
  run(cli, values) {
    const call = cli.call(values);
    if (values.body !== null && values["body-file"] !== null) {
      throw new MaiError("USAGE", "--body and --body-file exclude each other.");
    }
    const file = values["body-file"];
    const body =
      file !== null
        ? readUserFile(call, cli.context.cwd, file)
        : values.body === null
          ? null
          : cli.text(values.body);
    const outcome = createIssue(call, {
      queue: values.queue,
      title: values.title,
      body,
      ref: values.ref,
      priority: values.priority ?? "P2",
      key: values.key,
    });
    const { issueId, queue, title, handler, priority, slaDeadline, idempotent } = outcome.answer;
    return answerTo(outcome, {
      fields: {
        issue_id: issueId,
        queue,
        title,
        status: "OPEN",
        owner: handler,
        priority,
        sla_deadline: slaDeadline,
        idempotent,
      },
      text: `${issueId} ${idempotent ? "exists" : "created"} in ${queue}: ${title}`,
    });
  },
});
