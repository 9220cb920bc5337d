import { type EventLine, readEvents } from "../actions/agent-loop/read-events.ts";
import { MaiError } from "../domain/errors.ts";
import { EVENT_TYPES } from "../domain/events.ts";
import { parseIssueReference } from "../domain/ids.ts";
import { eventJson } from "../output/event-json.ts";
import { eventText } from "../output/event-text.ts";
import { defineCommand, type StreamLine } from "./define-command.ts";

/** `mai events` */
export const command = defineCommand({
  words: "events",
  summary:
    "Prints the event stream, oldest first, with --json one object a line. A consumer that comes back with the " +
    "last number it saw misses none and gets none twice. Writes nothing.",
  args: {
    since: {
      type: "string",
      kind: "count",
      valueHint: "SEQ",
      description: "Only what came after this number",
    },
    type: { type: "enum", options: [...EVENT_TYPES], description: "Only events of this type" },
    issue: { type: "string", valueHint: "ID", description: "Only events of this issue" },
    queue: { type: "string", valueHint: "Q", description: "Only events of this queue" },
    follow: { type: "boolean", description: "Go on as events come, until a signal (SIGTERM: exit status 0)" },
    limit: {
      type: "string",
      kind: "count",
      valueHint: "N",
      description: "The newest N; with --since the first N after it (all)",
    },
  },
  errors: ["NOT_FOUND", "INVALID_QUEUE", "INTERRUPTED"],
  examples: ["mai events --issue REQ-001", "mai --json events --since 1204 --follow"],
  run(cli, values) {
    const { since, limit, type, queue, follow } = values;
    const issue = values.issue === null ? null : parseIssueReference(values.issue);
    const events = readEvents(cli.call({}), { filter: { type, issue, queue }, since, limit, follow });
    return { stream: linesOf(events) };
  },
});

/** SIGTERM is how services are stopped: what was followed then ends as an input does. */
async function* linesOf(events: AsyncIterable<EventLine>): AsyncGenerator<StreamLine> {
  try {
    for await (const event of events) yield { fields: eventJson(event), text: eventText(event) };
  } catch (error) {
    const isTerminated = error instanceof MaiError && error.code === "INTERRUPTED";
    if (!isTerminated || error.fields.signal !== "SIGTERM") throw error;
  }
}
