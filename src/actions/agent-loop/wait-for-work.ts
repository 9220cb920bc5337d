import { DEFAULT_AGENT } from "../../domain/config.ts";
import type { State } from "../../domain/issue.ts";
import type { Claimant } from "../../domain/lease.ts";
import { operatorName } from "../../domain/names.ts";
import { refuseState } from "../../domain/states.ts";
import { takeVerdict } from "../../domain/takeable.ts";
import { meansNobody } from "../../domain/unassigned.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import type { ListedIssue } from "../reading/listed-issues.ts";
import { shownIssue } from "../reading/read-issues.ts";
import { type LeasedIssue, lookOf, readUnfinished } from "../reading/unfinished-issues.ts";
import { readTeam, type TeamOnFile } from "../team.ts";
import { awaitFound, type Look } from "./await-project.ts";
import { chooseNext } from "./next-issue.ts";
import { takerOf } from "./taker.ts";

/** What to wait for: work in general, or one issue. */
export type WaitRequest =
  /** What `next` would give the operator; without one, what nobody handles; with a handler, what is theirs. */
  | { readonly kind: "work"; readonly queue: string | null; readonly handler: string | null }
  /** Until the issue is in this state; null for until it can be claimed, by the operator where there is one. */
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
      const team = readTeam(view, call);
      if (request.kind === "issue") return lookAtIssue(view, call, team, request);
      const claimant = claimantOf(call);
      return request.handler === null && claimant !== null
        ? lookForNext(view, call, { team, claimant, queue: request.queue })
        : lookForWork(view, call, team, request);
    }),
  );
}

function claimantOf({ operator, session }: Call): Claimant | null {
  return operator === null ? null : { operator, session };
}

function lookForNext(
  view: ProjectView,
  call: Call,
  asked: { readonly team: TeamOnFile; readonly claimant: Claimant; readonly queue: string | null },
): Look<ListedIssue> {
  const { team, claimant, queue } = asked;
  const request = { queue, scope: "usual" as const };
  const { choice, issues } = chooseNext(view, call, { team, claimant, request });
  return lookOf(view, issues, choice?.candidate ?? null);
}

/** Nothing that `next` would pass over may wake anybody. */
function lookForWork(
  view: ProjectView,
  call: Call,
  team: TeamOnFile,
  request: WaitRequest & { readonly kind: "work" },
): Look<ListedIssue> {
  const handler = request.handler === null ? null : handlerName(request.handler);
  const issues = readUnfinished(view, call, team.config, request.queue).filter(
    ({ issue }) => handler === null || (issue.handler || DEFAULT_AGENT) === handler,
  );
  const scope = handler === null ? "usual" : "any";
  const taker = takerOf(view, call, { team, claimant: null, scope });
  const found = issues.find((entry) => takeVerdict(entry, taker).can);
  return lookOf(view, issues, found ?? null);
}

function handlerName(text: string): string {
  const name = operatorName(text);
  return meansNobody(name) ? DEFAULT_AGENT : name;
}

function lookAtIssue(
  view: ProjectView,
  call: Call,
  team: TeamOnFile,
  request: WaitRequest & { readonly kind: "issue" },
): Look<ListedIssue> {
  const entry = shownIssue(view, call, team.config, request.id);
  const { issue } = entry;
  const { until } = request;
  const isThere = until === null ? isFree(view, call, team, entry) : issue.status === until;
  // Discarded is final: whoever waits for anything else would wait for ever.
  if (!isThere && issue.status === "DISCARDED") throw refuseState("wait for", issue);
  return lookOf(view, [entry], isThere ? entry : null);
}

/** Whoever names an issue may claim it although it is assigned to somebody else, or they gave it back. */
function isFree(view: ProjectView, call: Call, team: TeamOnFile, entry: LeasedIssue): boolean {
  const taker = takerOf(view, call, { team, claimant: claimantOf(call), scope: "any" });
  const verdict = takeVerdict(entry, taker);
  return verdict.can || verdict.obstacle.kind === "given_back";
}
