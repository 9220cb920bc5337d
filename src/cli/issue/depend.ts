import { dependIssue } from "../../actions/issue/depend-issue.ts";
import { MaiError } from "../../domain/errors.ts";
import { FORCE, ISSUE_WRITE } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { issueAnswer, targetOf } from "./issue-answer.ts";

/** `mai issue depend` */
export const command = defineCommand({
  words: "issue depend",
  summary:
    "Makes an issue wait for others: nobody can claim it, and next passes it over, until they are finished. Whoever " +
    "holds it already goes on. Takes the handler, the creator, the queue's owner or a root.",
  args: {
    id: { type: "positional", description: "Issue that waits" },
    on: { type: "string", repeat: true, valueHint: "ID", description: "What it waits for (repeatable)" },
    remove: { type: "boolean", description: "It no longer waits for these" },
    ...ISSUE_WRITE,
    ...FORCE,
  },
  errors: ["NOT_FOUND", "CYCLE", "ISSUE_DISCARDED", "STALE_FENCE", "LOCK_HELD", "PERMISSION_DENIED"],
  examples: [
    "mai issue depend REQ-002 --on REQ-001 -o alice",
    "mai issue depend REQ-002 --on REQ-001 --remove -o alice",
  ],
  run(cli, values) {
    if (values.on.length === 0) {
      throw new MaiError("USAGE", "--on is missing: what shall it wait for?", {
        hint: `mai issue depend ${values.id} --on ID`,
        fields: { argument: "on" },
      });
    }
    const outcome = dependIssue(cli.call(values), targetOf(values.id, values), values);
    const { issueId, blockedBy, waitsFor } = outcome.answer;
    const waits = waitsFor.length === 0 ? "waits for nothing" : `waits for ${waitsFor.join(", ")}`;
    const told = issueAnswer(outcome, () => `${issueId} ${waits}`);
    const text = outcome.answer.idempotent ? `${issueId}: nothing to do, it ${waits}` : told.text;
    return { ...told, text, fields: { ...told.fields, blocked_by: blockedBy, waits_for: waitsFor } };
  },
});
