import { isClaimable, isHeldUp } from "../../domain/claimable.ts";
import { type Config, DEFAULT_AGENT } from "../../domain/config.ts";
import type { State } from "../../domain/issue.ts";
import { operatorName } from "../../domain/names.ts";
import { refuseState } from "../../domain/states.ts";
import { meansNobody } from "../../domain/unassigned.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { surroundingsOf } from "../issue/surroundings.ts";
import { type ListedIssue, wholeIssue } from "../reading/listed-issues.ts";
import { shownIssue } from "../reading/read-issues.ts";
import { lookOf, readUnfinished } from "../reading/unfinished-issues.ts";
import { readTeam } from "../team.ts";
import { awaitFound, type Look } from "./await-project.ts";

/** What to wait for: work in general, or one issue. */
export type WaitRequest =
  | { readonly kind: "work"; readonly queue: string | null; readonly handler: string | null }
  /** Until the issue is in this state; null for until it can be claimed. */
  | { readonly kind: "issue"; readonly id: string; readonly until: State | null };

/**
 * Waits until there is an issue that could be claimed, or until one issue is in a state; the most urgent one is
 * answered. Writes nothing.
 * @throws TIMEOUT, INTERRUPTED, INVALID_QUEUE, NOT_FOUND, ISSUE_DISCARDED when the state can never come
 */
export function waitForWork(
  call: Call,
  request: WaitRequest,
  timeoutMs: number | null,
): Promise<ListedIssue> {
  return awaitFound(call.workspace, timeoutMs, () =>
    readProject(call.workspace, (view) => {
      const { config } = readTeam(view, call);
      return request.kind === "issue"
        ? lookAtIssue(view, call, config, request)
        : lookForWork(view, call, config, request);
    }),
  );
}

function lookForWork(
  view: ProjectView,
  call: Call,
  config: Config,
  request: WaitRequest & { readonly kind: "work" },
): Look<ListedIssue> {
  const handler = request.handler === null ? null : handlerName(request.handler);
  const issues = readUnfinished(view, call, config, request.queue).filter(
    ({ issue }) => handler === null || (issue.handler || DEFAULT_AGENT) === handler,
  );
  const facts = { config, operator: null, around: surroundingsOf(view, config) };
  // Nothing that `next` would pass over may wake anybody.
  const found = issues.find(
    ({ issue, lease }) =>
      isClaimable(issue, lease) && !isHeldUp(issue, facts) && wholeIssue(view, call, issue) !== null,
  );
  return lookOf(view, issues, found ?? null);
}

function handlerName(text: string): string {
  const name = operatorName(text);
  return meansNobody(name) ? DEFAULT_AGENT : name;
}

function lookAtIssue(
  view: ProjectView,
  call: Call,
  config: Config,
  request: WaitRequest & { readonly kind: "issue" },
): Look<ListedIssue> {
  const entry = shownIssue(view, call, config, request.id);
  const { issue, lease } = entry;
  const { until } = request;
  const facts = { config, operator: null, around: surroundingsOf(view, config) };
  const isThere =
    until === null ? isClaimable(issue, lease) && !isHeldUp(issue, facts) : issue.status === until;
  // Discarded is final: whoever waits for anything else would wait for ever.
  if (!isThere && issue.status === "DISCARDED") throw refuseState("wait for", issue);
  return lookOf(view, [entry], isThere ? entry : null);
}
