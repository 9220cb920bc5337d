import { decideTransition } from "../../domain/decide-transition.ts";
import { type Evidence, type EvidenceRequest, supposedEvidence } from "../../domain/evidence.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { checkText } from "../../domain/text.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeamForChange } from "../team.ts";
import { moveIssue } from "./change-issue.ts";
import { type EvidencePlace, gatherEvidence } from "./gather-evidence.ts";
import { type IssueAnswer, settledAnswer } from "./issue-answer.ts";
import { type IssueTarget, openIssue } from "./open-issue.ts";

/** A completion with what shall prove it. */
export interface AcceptRequest {
  readonly name: "complete" | "confirm";
  /** The conclusion, null for confirm. */
  readonly text: string | null;
  /** At least one. */
  readonly evidence: readonly EvidenceRequest[];
  readonly place: EvidencePlace;
}

/** What a completion answers: how the issue stands, and what was found. */
export interface AcceptAnswer extends IssueAnswer {
  readonly evidence: readonly Evidence[];
}

/**
 * Accepts an issue with evidence. Commands run before the mutex is taken, since they may take long; so everything is
 * decided twice, before they run and on what holds when they have ended. An issue that was claimed in between, even
 * if it was given back, is not what they were run for: it refuses.
 * @throws EVIDENCE_FAILED, STALE_FENCE, and what the decision throws
 */
export async function acceptIssue(
  call: Call,
  target: IssueTarget,
  request: AcceptRequest,
): Promise<Outcome<AcceptAnswer>> {
  const { name, text, evidence: requests, place } = request;
  const before = decideOnReading(call, target, request);
  if (before.settled !== null) {
    return { answer: { ...before.settled, evidence: [] }, changed: false, pending: false };
  }
  const evidence = await gatherEvidence(call, before.issueId, { requests, place });
  const current = { ...target, fence: before.fence };
  const outcome = moveIssue(call, current, { name, text, handler: null, evidence });
  return { ...outcome, answer: { ...outcome.answer, evidence } };
}

/** Takes the decision with the evidence as it is hoped for. */
function decideOnReading(call: Call, target: IssueTarget, request: AcceptRequest) {
  const claimant = requireClaimant(call);
  const { name } = request;
  const text = request.text === null ? "" : checkText(request.text, "conclusion");
  const evidence = request.evidence.map(supposedEvidence);
  return readProject(call.workspace, (view) => {
    const team = readTeamForChange(view, call);
    const { situation } = openIssue(view, call, { team, claimant, target });
    const verdict = decideTransition(situation, { name, text, handler: null, evidence });
    const settled = verdict.kind === "settled" ? settledAnswer(situation, false) : null;
    return { settled, issueId: situation.issue.id, fence: situation.issue.fence };
  });
}
