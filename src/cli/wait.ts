import { type WaitRequest, waitForWork } from "../actions/agent-loop/wait-for-work.ts";
import { MaiError } from "../domain/errors.ts";
import { STATES, type State } from "../domain/issue.ts";
import { listedIssueJson } from "../output/issue-json.ts";
import { issueLines } from "../output/issue-text.ts";
import { defineCommand } from "./define-command.ts";

/** `mai wait` */
export const command = defineCommand({
  words: "wait",
  summary:
    "Sleeps until there is an issue that could be claimed, or until one issue is in a state; returns at once when it " +
    "is so already. A lease that goes stale counts. Writes nothing.",
  args: {
    queue: { type: "string", valueHint: "Q", description: "Only issues of this queue" },
    handler: { type: "string", valueHint: "NAME", description: "Only issues that this handler has" },
    issue: { type: "string", valueHint: "ID", description: "Only this issue" },
    until: { type: "enum", options: [...STATES], description: "State to wait for, with --issue" },
    timeout: {
      type: "string",
      kind: "duration",
      valueHint: "D",
      description: "Give up after 90s, 10m, 1h30m …",
    },
  },
  errors: ["TIMEOUT", "INTERRUPTED", "NOT_FOUND", "INVALID_QUEUE", "ISSUE_DISCARDED"],
  examples: ["mai wait --queue reviews --timeout 10m", "mai wait --issue REQ-001 --until COMPLETED"],
  async run(cli, values) {
    const { issue, overdue } = await waitForWork(cli.call({}), requestOf(values), values.timeout);
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
