import type { Config } from "../../domain/config.ts";
import { decideEdit, type EditRequest } from "../../domain/decide-edit.ts";
import { MaiError } from "../../domain/errors.ts";
import type { Issue, Priority } from "../../domain/issue.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { checkText, checkTitle } from "../../domain/text.ts";
import { parseTimestamp } from "../../domain/time.ts";
import { issuePath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import { requireQueue } from "../team.ts";
import { changeIssue } from "./change-issue.ts";
import { deadlineOf } from "./create-issue.ts";
import type { IssueAnswer } from "./issue-answer.ts";
import { locateForReading } from "./locate-issue.ts";
import type { IssueTarget } from "./open-issue.ts";

/** New values as given; null leaves a field as it is. */
export interface IssueEdit {
  readonly title: string | null;
  readonly body: string | null;
  readonly priority: Priority | null;
  readonly ref: string | null;
  readonly queue: string | null;
}

/**
 * Changes fields of an issue; a new queue takes its file along, under the same id.
 * @throws INVALID_TITLE, INVALID_TEXT, INVALID_QUEUE, NOT_FOUND, ALREADY_EXISTS beside the refusals of the decision
 */
export function editIssue(call: Call, target: IssueTarget, edit: IssueEdit): Outcome<IssueAnswer> {
  const checked: EditRequest = {
    ...(edit.title === null ? {} : { title: checkTitle(edit.title) }),
    ...(edit.body === null ? {} : { body: checkText(edit.body, "body") }),
    ...(edit.priority === null ? {} : { priority: edit.priority }),
  };
  return changeIssue(call, target, {
    name: "issue edit",
    decide(situation, view) {
      const { issue, team } = situation;
      const { config } = team;
      const request: EditRequest = {
        ...checked,
        ...(edit.ref === null ? {} : { ref: locateForReading(view, config, edit.ref, call).id }),
        ...(edit.queue === null ? {} : { queue: requireQueue(view, config, edit.queue) }),
      };
      const verdict = decideEdit(situation, request, (queue) => deadlineIn(view, config, issue, queue));
      if (verdict.kind === "change") requireFreePlace(view, issue, request.queue ?? issue.queue);
      return verdict;
    },
  });
}

/** The deadline counts from the creation, whichever queue the issue was in then. */
export function deadlineIn(view: ProjectView, config: Config, issue: Issue, queue: string): string | null {
  const createdMs = parseTimestamp(issue.created, view.clock);
  return createdMs === null ? null : deadlineOf(view, config, queue, createdMs);
}

/** Version 1.5 could give one id to two queues: those two cannot meet in one. */
export function requireFreePlace(view: ProjectView, issue: Issue, queue: string): void {
  if (queue === issue.queue || !view.exists(issuePath(queue, issue.id))) return;
  throw new MaiError("ALREADY_EXISTS", `${queue} has an issue ${issue.id} of its own.`, {
    hint: `See both: mai issue show ${issue.queue}/${issue.id} ${queue}/${issue.id}`,
    fields: { issue_id: issue.id, queue },
  });
}
