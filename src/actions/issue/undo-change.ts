import { decideUndo } from "../../domain/decide-undo.ts";
import { parseIssueReference } from "../../domain/ids.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { undoableChange } from "../../domain/undoable-change.ts";
import { changeProject } from "../../store/change/change-project.ts";
import { recentEvents } from "../../store/logs/recent-events.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeamForChange, requireQueue } from "../team.ts";
import { deadlineIn, requireFreePlace } from "./edit-issue.ts";
import { changedAnswer, type IssueAnswer } from "./issue-answer.ts";
import { changeSetOf } from "./issue-change-set.ts";
import { openIssue } from "./open-issue.ts";

/** What `undo` answers: how the issue stands, and what was taken back. */
export interface UndoneAnswer extends IssueAnswer {
  readonly undone: { readonly seq: number; readonly type: string; readonly operation: string };
}

/**
 * Takes the operator's latest change of an issue back, as a new change: of the issue that is named, else of whichever
 * it was. Nothing is erased.
 * @throws NOT_FOUND, INVALID_STATE when something came after it, beside the refusals of the decision
 */
export function undoChange(call: Call, issue: string | null): Outcome<UndoneAnswer> {
  const claimant = requireClaimant(call);
  return changeProject(call.workspace, "undo", (view) => {
    const team = readTeamForChange(view, call);
    const wanted = issue === null ? null : parseIssueReference(issue).id;
    const undoable = undoableChange(recentEvents(view), claimant.operator, wanted);
    const { event, operation } = undoable;
    const id = event.queue === undefined ? event.issue : `${event.queue}/${event.issue}`;
    const opened = openIssue(view, call, { team, claimant, target: { id, fence: null, force: false } });
    const { situation } = opened;
    const change = decideUndo(situation, undoable, (queue) =>
      deadlineIn(view, team.config, situation.issue, queue),
    );
    if (change.edits?.queue !== undefined) requireQueue(view, team.config, change.edits.queue);
    requireFreePlace(view, situation.issue, change.edits?.queue ?? situation.issue.queue);
    const { after, changes } = changeSetOf(view, opened, change);
    const undone = { seq: event.seq, type: event.type, operation: `issue ${operation}` };
    return { answer: { ...changedAnswer(situation, after, change), undone }, changes };
  });
}
