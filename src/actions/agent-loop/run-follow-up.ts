import { ownWork, wantsAnother, wantsEvidence } from "../../domain/acceptance-rules.ts";
import { MaiError } from "../../domain/errors.ts";
import { claimants, namedHandler, requireHandler } from "../../domain/handlers.ts";
import type { Situation } from "../../domain/issue-change.ts";
import { requireRole } from "../../domain/roles.ts";
import { faultText, isSystemError } from "../../store/io-error.ts";
import { readIssue } from "../../store/reading/issue-files.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { ChildEnd } from "../../store/run-child.ts";
import type { Call } from "../call.ts";
import { moveIssue } from "../issue/change-issue.ts";
import type { IssueAnswer } from "../issue/issue-answer.ts";
import { locateForReading } from "../issue/locate-issue.ts";
import { readTeam } from "../team.ts";
import type { HoldKeeper } from "./hold-issue.ts";

/** What becomes of the issue when the command has ended. */
export type FollowUp =
  | { readonly name: "complete" }
  | { readonly name: "transfer"; readonly handler: string }
  | { readonly name: "block" };

/** What is planned for either end; null for nothing. */
export interface FollowUps {
  readonly onSuccess: FollowUp | null;
  readonly onFailure: FollowUp | null;
}

/** What was done with the issue. */
export interface FollowedUp {
  readonly name: FollowUp["name"];
  readonly answer: IssueAnswer;
}

/** Refuses before the command runs what it could not be followed by. */
export function checkFollowUps(situation: Situation, plan: FollowUps): void {
  const { issue, claimant, team } = situation;
  for (const step of [plan.onSuccess, plan.onFailure]) {
    // Whoever claims it is its handler by then, who may block and hand over anything.
    if (step?.name === "complete") {
      const instead = "Let it be handed over instead: --on-success transfer:NAME";
      requireRole("complete", claimant.operator, team, { issue, queue: issue.queue, instead });
      if (wantsAnother(team, issue))
        throw ownWork(situation, new Set([...claimants(issue), claimant.operator]));
    }
    if (step?.name === "transfer") requireHandler(team, namedHandler(team, step.handler));
  }
}

/** A command that has ended, and what was planned for then. */
interface EndedRun {
  readonly plan: FollowUps;
  readonly keeper: HoldKeeper;
  readonly argv: readonly string[];
  readonly claimed: IssueAnswer;
  readonly end: ChildEnd;
  /** The last lines of its output. */
  readonly tail: string;
  readonly durationMs: number;
}

/**
 * Does with the issue what was planned; null for nothing.
 * @throws after a command that succeeded: whatever is in the way. One that failed has a status of its own to tell,
 * beside which that is a warning.
 */
export function followUp(call: Call, run: EndedRun): FollowedUp | null {
  const { plan, keeper, argv, claimed, end, tail, durationMs } = run;
  const step = end.exitCode === 0 ? plan.onSuccess : plan.onFailure;
  if (step === null) return null;
  const target = { id: `${claimed.queue}/${claimed.issueId}`, fence: claimed.fence, force: false };
  const command = withoutNul(argv.join(" "));
  const text = withoutNul(`${command}: ${endText(end)}${tail === "" ? "" : `\n${tail}`}`);
  const handler = step.name === "transfer" ? step.handler : null;
  try {
    // Its last lines stand in the conclusion.
    const ran = { kind: "command", command, exitCode: end.exitCode, durationMs, tail: "" } as const;
    const evidence = step.name === "complete" && requiresEvidence(call, target.id) ? [ran] : [];
    const { answer } = moveIssue(call, target, {
      ...{ name: step.name, text, handler, evidence },
      check: (situation) => keeper.requireHeld(situation),
    });
    return { name: step.name, answer };
  } catch (error) {
    if (end.exitCode === 0 || !(error instanceof MaiError || isSystemError(error))) throw error;
    const next = `If it should be: mai issue block ${claimed.issueId} "why" -o ${claimed.holder}`;
    call.workspace.warn(`${claimed.issueId} could not be blocked: ${faultText(error)} ${next}`);
    return null;
  }
}

function requiresEvidence(call: Call, id: string): boolean {
  return readProject(call.workspace, (view) => {
    const team = readTeam(view, call);
    return wantsEvidence(team, readIssue(view, locateForReading(view, team.config, id, call)).issue);
  });
}

/** Tells how a command ended. */
export function endText({ exitCode, signal }: ChildEnd): string {
  return signal === null ? `exit ${exitCode}` : `ended by ${signal}`;
}

function withoutNul(text: string): string {
  return text.replaceAll("\0", "");
}
