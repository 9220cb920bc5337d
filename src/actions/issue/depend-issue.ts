import type { Config } from "../../domain/config.ts";
import { decideDepend } from "../../domain/decide-depend.ts";
import { parseIssueReference } from "../../domain/ids.ts";
import type { Issue } from "../../domain/issue.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import { changeIssue } from "./change-issue.ts";
import type { IssueAnswer } from "./issue-answer.ts";
import { locateForChange } from "./locate-issue.ts";
import type { IssueTarget } from "./open-issue.ts";

/** Which issues an issue is to wait for, as typed, or no longer. */
export interface DependOn {
  readonly on: readonly string[];
  readonly remove: boolean;
}

/**
 * Makes an issue wait for others, or no longer.
 * @throws NOT_FOUND, AMBIGUOUS_ID, INVALID_NAME for what it is to wait for, beside the refusals of the decision
 */
export function dependIssue(call: Call, target: IssueTarget, { on, remove }: DependOn): Outcome<IssueAnswer> {
  return changeIssue(call, target, {
    name: "issue depend",
    decide: (situation, view) => {
      const { issue, team } = situation;
      const ids = remove ? on.map((text) => namedBlocker(issue, text)) : blockerIds(view, team.config, on);
      return decideDepend(situation, { on: [...new Set(ids)], remove });
    },
  });
}

/**
 * Returns the ids of issues that others are to wait for, each once.
 * @throws NOT_FOUND, AMBIGUOUS_ID, INVALID_NAME
 */
export function blockerIds(view: ProjectView, config: Config, texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => locateForChange(view, config, text).id))];
}

/** What an issue no longer waits for need not be there, nor be an id: somebody may have written it by hand. */
function namedBlocker(issue: Issue, text: string): string {
  return issue.blockedBy.includes(text) ? text : parseIssueReference(text).id;
}
