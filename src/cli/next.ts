import { awaitNextIssue, type NextAnswer, nextIssue } from "../actions/agent-loop/next-issue.ts";
import { MaiError } from "../domain/errors.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { TakeScope } from "../domain/takeable.ts";
import { isSentBack, nextReason } from "../output/next-text.ts";
import { noteLines, workJson, workLines } from "../output/work-text.ts";
import { OPERATOR } from "./arguments.ts";
import { type Answer, defineCommand } from "./define-command.ts";
import { issueAnswer, leaseLine } from "./issue/issue-answer.ts";

/** `mai next` */
export const command = defineCommand({
  words: "next",
  summary:
    "Gives you what to work on, claimed, with all that is needed to begin: what you hold or held last, else the most " +
    "urgent issue that is assigned to you, in a queue of yours, or unassigned. Concurrent callers never receive the same issue.",
  args: {
    queue: { type: "string", valueHint: "Q", description: "Only issues of this queue" },
    mine: { type: "boolean", description: "Only issues assigned to you" },
    any: { type: "boolean", description: "Also issues assigned to others" },
    peek: { type: "boolean", description: "Show what you would get; claim nothing" },
    brief: { type: "boolean", description: "Leave body and remarks out" },
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
    const { queue, wait, timeout, peek, brief } = values;
    const call = cli.call(values);
    if (!wait && timeout !== null) throw usage("--timeout goes with --wait.");
    const request = { queue, scope: scopeOf(values) };
    const tell = (outcome: Outcome<NextAnswer>) => nextAnswer(outcome, { peek, brief });
    if (peek) {
      if (wait) throw usage("--peek shows what there is now: leave --wait out.");
      return tell(nextIssue({ ...call, workspace: { ...call.workspace, dryRun: true } }, request));
    }
    // A dry run tells what there is now: waiting for it would be more than a check.
    if (!wait || cli.dryRun) return tell(nextIssue(call, request));
    return awaitNextIssue(call, request, timeout).then(tell);
  },
});

function scopeOf({ mine, any }: { readonly mine: boolean; readonly any: boolean }): TakeScope {
  if (mine && any) throw usage("--mine and --any exclude each other.");
  return mine ? "mine" : any ? "any" : "usual";
}

function usage(message: string): MaiError {
  return new MaiError("USAGE", message, { hint: "See: mai next --help" });
}

function nextAnswer(
  outcome: Outcome<NextAnswer>,
  { peek, brief }: { readonly peek: boolean; readonly brief: boolean },
): Answer {
  const { issue, reason, overdue, takenOverFrom, brief: work, previousHandler, unassigned } = outcome.answer;
  const facts = {
    ...{ reason, overdue, takenOverFrom, previousHandler, unassigned },
    ...{ queue: issue.queue, sentBack: work.sentBack },
  };
  const why = nextReason(facts);
  const answer = issueAnswer(outcome, () => "");
  return {
    ...answer,
    fields: {
      ...answer.fields,
      ...{ reason, why, overdue, taken_over_from: takenOverFrom },
      ...workJson(issue, work, { brief }),
      ...(peek ? { peek: true } : {}),
    },
    text: [
      `${issue.id}  ${issue.title}`,
      ...noteLines(work),
      `  ${why.replaceAll("\n", "\n    ")}`,
      peek ? "  not claimed: --peek" : `  ${leaseLine(outcome.answer)}`,
      ...workLines(issue, work, { brief, sentBackTold: isSentBack(facts) }),
    ].join("\n"),
  };
}
