import { releaseChange, releaseReason } from "../../domain/decide-release.ts";
import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { Plan } from "../../store/change/change-set.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { actorOf, type Call, requireClaimant } from "../call.ts";
import { changedAnswer, type IssueAnswer, settledAnswer } from "../issue/issue-answer.ts";
import { changeSetOf } from "../issue/issue-change-set.ts";
import { type OpenedIssue, openIssue } from "../issue/open-issue.ts";
import { readTeam, readTeamForChange, requireAdministrator, type TeamOnFile } from "../team.ts";

/** Which lease to release. */
export interface ReleaseTarget {
  readonly id: string;
  /** Take it from a holder who is alive. */
  readonly force: boolean;
  /** Somebody answered for the force. */
  readonly sure: boolean;
}

/** What a release answers: the issue, and whose lease it was. */
export interface ReleaseAnswer extends IssueAnswer {
  /** Null where there was no lease. */
  readonly releasedFrom: string | null;
  readonly forced: boolean;
}

/**
 * Releases a lease: one's own, a stale one, or, with force, that of somebody who is alive.
 * @throws LOCK_HELD, PERMISSION_DENIED, NON_INTERACTIVE for force that nobody answered for, OPERATOR_REQUIRED
 */
export function releaseLease(call: Call, target: ReleaseTarget): Outcome<ReleaseAnswer> {
  return changeProject(call.workspace, "lock release", (view) => {
    const team = readTeamForChange(view, call);
    const { opened, reason } = openRelease(view, call, team, target);
    const { lease, issue } = opened.situation;
    if (lease === null || reason === null) return unleased(opened);
    if (reason === "forced" && !target.sure) throw unanswered(target.id);
    const { operator: actor } = opened.situation.claimant;
    const change = releaseChange(issue, { lease, actor, reason, team });
    const { after, changes } = changeSetOf(view, opened, change);
    const released = { releasedFrom: lease.holder, forced: reason === "forced" };
    return { answer: { ...changedAnswer(opened.situation, after, change), ...released }, changes };
  });
}

/**
 * Returns whose live lease a forced release would end, null where no force is needed: what to ask about before.
 * @throws what {@link releaseLease} throws, but for NON_INTERACTIVE
 */
export function holderToOverride(call: Call, target: ReleaseTarget): string | null {
  return readProject(call.workspace, (view) => {
    const { opened, reason } = openRelease(view, call, readTeam(view, call), target);
    return reason === "forced" ? (opened.situation.lease?.holder ?? null) : null;
  });
}

function openRelease(view: ProjectView, call: Call, team: TeamOnFile, target: ReleaseTarget) {
  // Force is administration: whoever owns the files may use it without a name.
  const claimant = target.force ? { operator: actorOf(call), session: call.session } : requireClaimant(call);
  const issueTarget = { id: target.id, fence: null, force: target.force };
  const opened = openIssue(view, call, { team, claimant, target: issueTarget });
  const { lease } = opened.situation;
  const reason = lease === null ? null : releaseReason(opened.situation, lease);
  if (reason === "forced") requireAdministrator(call, team);
  return { opened, reason };
}

function unleased({ situation }: OpenedIssue): Plan<ReleaseAnswer> {
  return {
    answer: { ...settledAnswer(situation, false), releasedFrom: null, forced: false },
    changes: null,
  };
}

function unanswered(id: string): MaiError {
  return new MaiError("NON_INTERACTIVE", `Ending the lease of ${id} needs a yes, and none came.`, {
    hint: `If you are sure: mai lock release ${id} --force --yes`,
    fields: { issue_id: id },
  });
}
