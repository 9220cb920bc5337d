import { type WaitRequest, waitForWork } from "../actions/agent-loop/wait-for-work.ts";
import { MaiError } from "../domain/errors.ts";
import { STATES, type State } from "../domain/issue.ts";
import { listedIssueJson } from "../output/issue-json.ts";
import { issueLines } from "../output/issue-text.ts";
import { OPERATOR } from "./arguments.ts";
import { defineCommand } from "./define-command.ts";

/** `mai wait` */
export const command = defineCommand({
  words: "wait",
  summary:
    "Sleeps until `mai next -o NAME` would give you an issue; without -o, until there is one that nobody handles; " +
    "with --issue, until that issue can be claimed or is in a state. Returns at once if that is so already. Writes nothing.",
  args: {
    queue: { type: "string", valueHint: "Q", description: "Only issues of this queue" },
    handler: { type: "string", valueHint: "NAME", description: "Only issues that this handler has" },
    ...OPERATOR,
    session: { type: "string", valueHint: "S", description: "Tells two processes of one name apart" },
    issue: { type: "string", valueHint: "ID", description: "Only this issue" },
    until: {
      type: "enum",
      options: [...STATES],
      valueHint: "STATE",
      description: `With --issue: ${STATES.join(", ")}`,
    },
    timeout: {
      type: "string",
      kind: "duration",
      valueHint: "D",
      description: "Give up after 90s, 10m, 1h30m …",
    },
  },
  errors: ["TIMEOUT", "INTERRUPTED", "NOT_FOUND", "INVALID_QUEUE", "ISSUE_DISCARDED"],
  examples: ["mai wait -o alice --timeout 10m", "mai wait --issue REQ-001 --until COMPLETED"],
  async run(cli, values) {
    const { issue, overdue } = await waitForWork(cli.call(values), requestOf(values), values.timeout);
    const until = values.until === null ? "can be claimed" : `is ${issue.status}`;
    return {
      fields: {
        issue_id: issue.id,
        queue: issue.queue,
        status: issue.status,
        issue: listedIssueJson({ issue, overdue }),
      },
      text: [`${issue.id} ${until}`, ...issueLines([{ issue, overdue }])].join("\n"),
    };
  },
});

function requestOf(values: {
  readonly issue: string | null;
  readonly until: State | null;
  readonly queue: string | null;
  readonly handler: string | null;
}): WaitRequest {
  const { issue: id, until, queue, handler } = values;
  if (id === null && until !== null) throw usage("--until goes with --issue.");
  if (id === null) return { kind: "work", queue, handler };
  if (queue === null && handler === null) return { kind: "issue", id, until };
  throw usage("--issue excludes --queue and --handler.");
}

function usage(message: string): MaiError {
  return new MaiError("USAGE", message, { hint: "See: mai wait --help" });
}
