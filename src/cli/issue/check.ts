import { checkIssue } from "../../actions/issue/change-issue.ts";
import { MaiError } from "../../domain/errors.ts";
import { acceptanceJson } from "../../output/issue-json.ts";
import { ISSUE_WRITE } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { issueAnswer, targetOf } from "./issue-answer.ts";

/** `mai issue check` */
export const command = defineCommand({
  words: "issue check",
  summary:
    "Ticks items of an issue's check list; a record says which. While one is open, complete and confirm refuse. " +
    "Takes the handler, the creator, the queue's owner or a root.",
  args: {
    id: { type: "positional", description: "Issue" },
    n: { type: "positional", rest: "list", description: "Numbers of items, as issue show has them" },
    undo: { type: "boolean", description: "Take the ticks away" },
    ...ISSUE_WRITE,
  },
  errors: ["NOT_FOUND", "ALREADY_COMPLETED", "ISSUE_DISCARDED", "STALE_FENCE", "PERMISSION_DENIED"],
  examples: ["mai issue check REQ-001 1 2 -o alice", "mai issue check REQ-001 2 --undo -o bob"],
  run(cli, values) {
    const numbers = values.n.map(itemNumber);
    const outcome = checkIssue(cli.call(values), targetOf(values.id, values), {
      numbers,
      done: !values.undo,
    });
    const { issueId, acceptance } = outcome.answer;
    const done = acceptance.filter((item) => item.done).length;
    const told = issueAnswer(outcome, () => `${issueId}: ${done} of ${acceptance.length} done`);
    return { ...told, fields: { ...told.fields, acceptance: acceptanceJson(acceptance) } };
  },
});

function itemNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new MaiError("USAGE", `${JSON.stringify(text)} is no number of an item.`, {
    hint: "Items are counted from 1, as mai issue show has them.",
    fields: { argument: "N", value: text },
  });
}
