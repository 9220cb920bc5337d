import type { IssueFile } from "../../codec/issue-file.ts";
import type { Situation } from "../../domain/issue-change.ts";
import type { Claimant } from "../../domain/lease.ts";
import { readIssue, readLease } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import type { TeamOnFile } from "../team.ts";
import { escalationOrigin } from "./escalation-origin.ts";
import { locateForChange } from "./locate-issue.ts";
import { surroundingsOf } from "./surroundings.ts";

/** Which issue, and what may stand beside every operation on one. */
export interface IssueTarget {
  readonly id: string;
  /** Fencing token that the caller believes is current. */
  readonly fence: number | null;
  readonly force: boolean;
}

/** An issue with all that a decision about it may look at, and the file that the decision changes. */
export interface OpenedIssue {
  readonly situation: Situation;
  readonly file: IssueFile;
  /** It lies in the archive: only what makes it unfinished again may change it. */
  readonly archived: boolean;
}

/**
 * Reads what a decision about one issue needs.
 * @throws INVALID_NAME, NOT_FOUND, AMBIGUOUS_ID, CORRUPT_FILE
 */
export function openIssue(
  view: ProjectView,
  call: Call,
  asked: { readonly team: TeamOnFile; readonly claimant: Claimant; readonly target: IssueTarget },
): OpenedIssue {
  const { team, claimant, target } = asked;
  const location = locateForChange(view, team.config, target.id);
  const file = readIssue(view, location);
  const situation: Situation = {
    team,
    claimant,
    issue: file.issue,
    lease: readLease(view, team.config, location.id),
    force: target.force,
    fence: target.fence ?? environmentFence(call, location.id),
    around: surroundingsOf(view, team.config),
    origin: () => escalationOrigin(view, team.config, file.issue),
  };
  return { situation, file, archived: location.archived };
}

function environmentFence(call: Call, id: string): number | null {
  const given = call.environmentFence;
  // It may be given with its queue.
  const named = given?.issueId.slice(given.issueId.lastIndexOf("/") + 1).toUpperCase();
  return given !== null && named === id ? given.fence : null;
}
