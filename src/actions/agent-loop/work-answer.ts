import { decideClaim } from "../../domain/decide-claim.ts";
import type { Issue } from "../../domain/issue.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { type WorkBrief, workBrief } from "../../domain/work-brief.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { Plan } from "../../store/change/change-set.ts";
import { leasePath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { type Call, requireClaimant } from "../call.ts";
import { escalationOrigin } from "../issue/escalation-origin.ts";
import { changedAnswer, type IssueAnswer, settledAnswer } from "../issue/issue-answer.ts";
import { changeSetOf } from "../issue/issue-change-set.ts";
import { type IssueTarget, type OpenedIssue, openIssue } from "../issue/open-issue.ts";
import { tellingLoss } from "../issue/tell-loss.ts";
import { readTeamForChange } from "../team.ts";

/** What a claim answers: the issue as it is claimed now, and all that is needed to begin. */
export interface WorkAnswer extends IssueAnswer {
  readonly issue: Issue;
  readonly brief: WorkBrief;
  /** Whose lease had ended and was taken over, null for nobody's. */
  readonly takenOverFrom: string | null;
}

/** Claims an issue: of many claimants exactly one gets it. @throws what the decision throws */
export function claimIssue(call: Call, target: IssueTarget): Outcome<WorkAnswer> {
  const claimant = requireClaimant(call);
  return changeProject(call.workspace, "issue claim", (view) => {
    const team = readTeamForChange(view, call);
    const opened = openIssue(view, call, { team, claimant, target });
    return tellingLoss(view, call, opened.situation, () => claimPlan(view, opened));
  });
}

/** Plans the claim of an issue that was opened. @throws what the decision throws */
export function claimPlan(view: ProjectView, opened: OpenedIssue): Plan<WorkAnswer> {
  const { situation } = opened;
  const { lease, issue } = situation;
  const verdict = decideClaim(situation);
  if (verdict.kind === "settled") {
    const answer = {
      ...settledAnswer(situation, true),
      ...factsOf(view, opened, issue),
      takenOverFrom: null,
    };
    return { answer, changes: null, renew: [leasePath(issue.id)] };
  }
  const { after, changes } = changeSetOf(view, opened, verdict.change);
  const answer = changedAnswer(situation, after, verdict.change);
  const takenOverFrom = lease === null || lease.live ? null : lease.holder;
  return { answer: { ...answer, ...factsOf(view, opened, after), takenOverFrom }, changes };
}

function factsOf(
  view: ProjectView,
  { situation }: OpenedIssue,
  issue: Issue,
): Pick<WorkAnswer, "issue" | "brief"> {
  const { team } = situation;
  const isEscalation = escalationOrigin(view, team.config, issue) !== null;
  return { issue, brief: workBrief(issue, team, { isEscalation }) };
}
