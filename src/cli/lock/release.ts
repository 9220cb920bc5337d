import type { Call } from "../../actions/call.ts";
import { holderToOverride, type ReleaseTarget, releaseLease } from "../../actions/leases/release-lease.ts";
import { ISSUE_WRITE } from "../arguments.ts";
import { type CommandContext, defineCommand } from "../define-command.ts";
import { issueAnswer } from "../issue/issue-answer.ts";

const { operator, session } = ISSUE_WRITE;

/** `mai lock release` */
export const command = defineCommand({
  words: "lock release",
  summary:
    "Gives an issue back to whom it belonged before the claim: your lease, or a stale one. IN_PROGRESS becomes OPEN. " +
    "`next` does not offer you what you gave back. --force ends a live lease of somebody else: for roots, and asks.",
  args: {
    id: { type: "positional", description: "Issue" },
    force: { type: "boolean", description: "End somebody's live lease (roots only, recorded)" },
    yes: { type: "boolean", description: "Do not ask; implies --force" },
    operator,
    session,
  },
  errors: ["NOT_FOUND", "NON_INTERACTIVE", "OPERATOR_REQUIRED", "LOCK_HELD", "PERMISSION_DENIED"],
  examples: ["mai lock release REQ-001 -o alice", "mai lock release REQ-001 -o admin --force --yes"],
  run(cli, values) {
    const call = cli.call(values);
    const target = { id: values.id, force: values.force || values.yes, sure: values.yes };
    const said = target.force && !target.sure ? answerOf(cli, call, target) : "unasked";
    if (said === "no") {
      return { fields: { issue_id: values.id, idempotent: true }, text: "Nothing was released." };
    }
    const outcome = releaseLease(call, { ...target, sure: target.sure || said === "yes" });
    const { releasedFrom, forced } = outcome.answer;
    const told = issueAnswer(
      outcome,
      ({ issueId, status }) =>
        `${issueId} released${forced ? " by force" : ""} from @${releasedFrom}: ${status}`,
    );
    return {
      ...told,
      fields: { ...told.fields, released_from: releasedFrom, forced },
      text: outcome.answer.idempotent ? `${outcome.answer.issueId} has no lease` : told.text,
    };
  },
});

/** Asks before force meets a live lease; where nobody can be asked, the release itself refuses. */
function answerOf(cli: CommandContext, call: Call, target: ReleaseTarget): "yes" | "no" | "unasked" {
  const holder = holderToOverride(call, target);
  if (holder === null) return "unasked";
  const answer = cli.ask(`End the live lease of @${holder} on ${target.id}? [y/N] `);
  if (answer === null) return "unasked";
  return /^y(?:es)?$/i.test(answer.trim()) ? "yes" : "no";
}
