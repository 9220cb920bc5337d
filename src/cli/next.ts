import { awaitNextIssue, type NextAnswer, nextIssue } from "../actions/agent-loop/next-issue.ts";
import { MaiError } from "../domain/errors.ts";
import { noteFor } from "../domain/handover.ts";
import type { Outcome } from "../domain/outcome.ts";
import { handoverJson, handoverTextLines } from "../output/handover-text.ts";
import { nextReason } from "../output/next-text.ts";
import { OPERATOR } from "./arguments.ts";
import { type Answer, defineCommand } from "./define-command.ts";
import { issueAnswer } from "./issue/issue-answer.ts";

/** `mai next` */
export const command = defineCommand({
  words: "next",
  summary:
    "Gives you what to work on, claimed: what you hold already, else the most urgent issue that is yours, of a queue " +
    "of yours, or nobody's. Of any number who ask at once no two get the same.",
  args: {
    queue: { type: "string", valueHint: "Q", description: "Only issues of this queue" },
    any: { type: "boolean", description: "Also issues that others handle" },
    wait: { type: "boolean", description: "Sleep until there is one" },
    timeout: {
      type: "string",
      kind: "duration",
      valueHint: "D",
      description: "Give up waiting after 90s, 10m …",
    },
    ...OPERATOR,
    session: { type: "string", valueHint: "S", description: "Tells two processes of one name apart" },
  },
  errors: ["NOTHING_READY", "LIMIT_REACHED", "TIMEOUT", "INTERRUPTED", "INVALID_QUEUE", "PERMISSION_DENIED"],
  examples: ["mai next -o alice", "mai --json next -o alice --queue reviews --wait --timeout 30m"],
  run(cli, values) {
    const { queue, any, wait, timeout } = values;
    const call = cli.call(values);
    if (!wait && timeout !== null) {
      throw new MaiError("USAGE", "--timeout goes with --wait.", { hint: "See: mai next --help" });
    }
    // A dry run tells what there is now: waiting for it would be more than a check.
    if (!wait || cli.dryRun) return nextAnswer(nextIssue(call, { queue, any }));
    return awaitNextIssue(call, { queue, any }, timeout).then(nextAnswer);
  },
});

function nextAnswer(outcome: Outcome<NextAnswer>): Answer {
  const { issue, reason, overdue, takenOverFrom, issueId, ttlMinutes, fence } = outcome.answer;
  const why = nextReason({ reason, overdue, takenOverFrom, queue: issue.queue, priority: issue.priority });
  const lease = `${ttlMinutes === null ? "held by a process" : `lease ${ttlMinutes} minutes`}, fence ${fence}`;
  const body = issue.body === issue.title ? [] : ["", issue.body];
  const answer = issueAnswer(outcome, () => "");
  const note = noteFor(issue, outcome.answer.holder);
  return {
    ...answer,
    fields: {
      ...answer.fields,
      reason,
      why,
      priority: issue.priority,
      overdue,
      taken_over_from: takenOverFrom,
      ref: issue.ref,
      handover: handoverJson(note),
      description: issue.body,
    },
    text: [
      `${issueId}  ${issue.title}`,
      ...(note === null ? [] : handoverTextLines(note)),
      `  ${why}`,
      `  ${lease}`,
      ...body,
    ].join("\n"),
  };
}
