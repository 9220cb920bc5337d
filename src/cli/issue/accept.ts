import { acceptIssue } from "../../actions/issue/accept-issue.ts";
import { moveIssue } from "../../actions/issue/change-issue.ts";
import type { IssueAnswer } from "../../actions/issue/issue-answer.ts";
import { type EvidenceRequest, evidenceRequest } from "../../domain/evidence.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { evidenceJson, evidenceText } from "../../output/evidence-text.ts";
import type { Arguments, FORCE, ISSUE_WRITE, Values } from "../arguments.ts";
import type { Answer, CommandContext } from "../define-command.ts";
import { targetOf } from "./issue-answer.ts";

/** What proves a completion. */
export const EVIDENCE = {
  evidence: {
    type: "string",
    repeat: "whole",
    valueHint: "cmd:COMMAND|file:PATH",
    description: "Proves it: the command must succeed, the file be there (repeatable)",
  },
} as const satisfies Arguments;

/** Goes with completions: there is more that stands in the way of them than a lease. */
export const FORCE_ACCEPTING = {
  force: { type: "boolean", description: "Go past open items, or somebody's live lease (roots); recorded" },
} as const satisfies Arguments;

/** A completion as the command line gives it. */
interface Accepting {
  readonly name: "complete" | "confirm";
  readonly values: Values<typeof ISSUE_WRITE & typeof FORCE> &
    Partial<Values<typeof EVIDENCE>> & { readonly id: string };
  /** The conclusion, null for confirm. */
  readonly text: string | null;
}

/** Runs `complete` or `confirm`; `tell` tells what became of the issue, to which this adds the evidence. */
export function runAccepting(
  cli: CommandContext,
  accepting: Accepting,
  tell: (outcome: Outcome<IssueAnswer>) => Answer,
): Answer | Promise<Answer> {
  const { name, values, text } = accepting;
  const evidence = (values.evidence ?? []).map(evidenceRequest);
  if (evidence.length > 0) return runWithEvidence(cli, { ...accepting, evidence }, tell);
  const request = { name, text, handler: null };
  const told = tell(moveIssue(cli.call(values), targetOf(values.id, values), request));
  return { ...told, fields: { ...told.fields, evidence: [] } };
}

async function runWithEvidence(
  cli: CommandContext,
  accepting: Accepting & { readonly evidence: readonly EvidenceRequest[] },
  tell: (outcome: Outcome<IssueAnswer>) => Answer,
): Promise<Answer> {
  const { name, values, text, evidence: requests } = accepting;
  const { cwd, env, stdin, stderr } = cli.context;
  const outcome = await acceptIssue(cli.call(values), targetOf(values.id, values), {
    ...{ name, text, evidence: requests },
    // What the commands say is for people who watch: standard error, and nothing at all beside JSON.
    place: {
      cwd,
      env,
      stdinIsTerminal: stdin.isTerminal,
      withoutInput: cli.isRequest,
      write: cli.json ? () => undefined : stderr.write,
    },
  });
  const { evidence } = outcome.answer;
  const told = tell(outcome);
  return {
    ...told,
    fields: { ...told.fields, evidence: evidence.map((found) => evidenceJson(found, cli.dryRun)) },
    text: [told.text, ...evidence.map((found) => `  ${evidenceText(found, cli.dryRun)}`)].join("\n"),
  };
}
