import type { Decision } from "../../domain/escalation.ts";
import { decisionChange } from "../../domain/escalation.ts";
import { isFinished } from "../../domain/issue.ts";
import type { IssueChange } from "../../domain/issue-change.ts";
import type { ChangeSet } from "../../store/change/change-set.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import type { TeamOnFile } from "../team.ts";
import { changeSetOf } from "./issue-change-set.ts";
import { type OpenedIssue, openIssue } from "./open-issue.ts";

/**
 * Plans what the end of an escalation says in the issue that was escalated; nothing where the change does not end one,
 * or where that issue does not change any more.
 */
export function originEdits(
  view: ProjectView,
  call: Call,
  ended: { readonly opened: OpenedIssue; readonly change: IssueChange; readonly team: TeamOnFile },
): readonly ChangeSet[] {
  const { opened, change, team } = ended;
  const { issue, claimant } = opened.situation;
  const decision = decisionOf(issue.id, change);
  if (decision === null || isFinished(issue.status)) return [];
  const origin = opened.situation.origin();
  if (origin === null || origin.status === "DISCARDED") return [];
  const target = { id: `${origin.queue}/${origin.id}`, fence: null, force: false };
  const original = openIssue(view, call, { team, claimant, target });
  if (original.archived) return [];
  const situation = { ...original.situation, fence: null };
  return [changeSetOf(view, original, decisionChange(situation, decision)).changes];
}

function decisionOf(id: string, { status, events }: IssueChange): Decision | null {
  if (status !== "COMPLETED" && status !== "DISCARDED") return null;
  const said = events[0]?.data?.text;
  const text = typeof said === "string" ? said : "";
  return { id, how: status === "COMPLETED" ? "completed" : "discarded", text };
}
