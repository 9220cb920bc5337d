import type { IssueAnswer } from "../../actions/issue/issue-answer.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { unassignedJson } from "../../output/issue-json.ts";
import type { ISSUE_WRITE, Values } from "../arguments.ts";
import { type Answer, answerTo } from "../define-command.ts";

/** Tells what an operation did to an issue; `text` is the line when it did something. */
export function issueAnswer(outcome: Outcome<IssueAnswer>, text: (answer: IssueAnswer) => string): Answer {
  const { answer } = outcome;
  const fields = {
    issue_id: answer.issueId,
    queue: answer.queue,
    title: answer.title,
    status: answer.status,
    previous_status: answer.previousStatus,
    owner: answer.handler,
    ...unassignedJson(answer.handler),
    holder: answer.holder,
    fence: answer.fence === 0 ? null : answer.fence,
    ttl_minutes: answer.ttlMinutes,
    idempotent: answer.idempotent,
  };
  return answerTo(outcome, {
    fields,
    text: answer.idempotent ? `${answer.issueId}: nothing to do, it is ${answer.status}` : text(answer),
  });
}

/** Says how long a claim holds, and its fencing token. */
export function leaseLine({ ttlMinutes, fence }: Pick<IssueAnswer, "ttlMinutes" | "fence">): string {
  return `${ttlMinutes === null ? "held by a process" : `lease ${ttlMinutes} minutes`}, fence ${fence}`;
}

/** Reads the target of a write from its values. */
export function targetOf(
  id: string,
  values: Partial<Values<typeof ISSUE_WRITE>> & { readonly force?: boolean },
): { id: string; fence: number | null; force: boolean } {
  return { id, fence: values.fence ?? null, force: values.force ?? false };
}
