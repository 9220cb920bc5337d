import { isHeldUp } from "../../domain/claimable.ts";
import { decideClaim } from "../../domain/decide-claim.ts";
import { decideNext, type NextChoice, type NextReason } from "../../domain/decide-next.ts";
import { type ErrorCode, MaiError } from "../../domain/errors.ts";
import type { Issue } from "../../domain/issue.ts";
import type { Claimant } from "../../domain/lease.ts";
import { reachedLimit, refuseLimit } from "../../domain/limits.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { mayDo, requireRole } from "../../domain/roles.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { Plan } from "../../store/change/change-set.ts";
import { leasePath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { type Call, requireClaimant } from "../call.ts";
import { changedAnswer, type IssueAnswer, settledAnswer } from "../issue/issue-answer.ts";
import { changeSetOf } from "../issue/issue-change-set.ts";
import { openIssue } from "../issue/open-issue.ts";
import { surroundingsOf } from "../issue/surroundings.ts";
import { wholeIssue } from "../reading/listed-issues.ts";
import { type LeasedIssue, lookOf, readUnfinished } from "../reading/unfinished-issues.ts";
import { readTeam, readTeamForChange, type TeamOnFile } from "../team.ts";
import { awaitFound, type Look } from "./await-project.ts";

/** Refusals after which whoever waits goes on waiting. */
const NOT_NOW: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["NOTHING_READY", "LIMIT_REACHED"]);

/** How choosy somebody is who asks for work. */
export interface NextIssueRequest {
  readonly queue: string | null;
  /** Take also what others handle. */
  readonly any: boolean;
}

/** What `next` answers: the issue as it is claimed now, and why this one. */
export interface NextAnswer extends IssueAnswer {
  readonly reason: NextReason;
  readonly issue: Issue;
  readonly overdue: boolean;
  /** Whose stale lease was taken over, null for nobody's. */
  readonly takenOverFrom: string | null;
}

/**
 * Gives the operator what to work on next, claimed: one decision under the mutex, so that no two get the same.
 * @throws NOTHING_READY, LIMIT_REACHED, PERMISSION_DENIED, INVALID_QUEUE, OPERATOR_REQUIRED
 */
export function nextIssue(call: Call, request: NextIssueRequest): Outcome<NextAnswer> {
  const claimant = requireClaimant(call);
  return changeProject(call.workspace, "next", (view) => {
    const team = readTeamForChange(view, call);
    const { choice } = choose(view, call, { team, claimant, request });
    if (choice === null) throw refuseFull(view, team, claimant) ?? nothingReady(claimant, request);
    return planOf(view, call, { team, claimant, choice });
  });
}

/**
 * The same, but sleeps while there is nothing; of many that wake, those who get nothing sleep again.
 * @param timeoutMs null for no end
 * @throws TIMEOUT, INTERRUPTED beside what {@link nextIssue} throws
 */
export async function awaitNextIssue(
  call: Call,
  request: NextIssueRequest,
  timeoutMs: number | null,
): Promise<Outcome<NextAnswer>> {
  const claimant = requireClaimant(call);
  return awaitFound(call.workspace, timeoutMs, () => {
    // Looking first keeps the sleepers out of the mutex.
    const look: Look<unknown> = readProject(call.workspace, (view) => {
      const { choice, issues } = choose(view, call, { team: readTeam(view, call), claimant, request });
      return lookOf(view, issues, choice);
    });
    return { ...look, found: look.found === null ? null : nextUnlessTaken(call, request) };
  });
}

/** Somebody else may have been faster since the look. */
function nextUnlessTaken(call: Call, request: NextIssueRequest): Outcome<NextAnswer> | null {
  try {
    return nextIssue(call, request);
  } catch (error) {
    if (error instanceof MaiError && NOT_NOW.has(error.code)) return null;
    throw error;
  }
}

interface Asking {
  readonly team: TeamOnFile;
  readonly claimant: Claimant;
}

function choose(
  view: ProjectView,
  call: Call,
  { team, claimant, request }: Asking & { readonly request: NextIssueRequest },
): { readonly choice: NextChoice<LeasedIssue> | null; readonly issues: readonly LeasedIssue[] } {
  const issues = readUnfinished(view, call, team.config, request.queue);
  const facts = {
    config: team.config,
    operator: claimant.operator,
    around: surroundingsOf(view, team.config),
  };
  const choice = decideNext(issues, {
    ...{ claimant, team, any: request.any },
    isHeldUp: (issue) => isHeldUp(issue, facts),
    isReadable: (issue) => wholeIssue(view, call, issue) !== null,
  });
  if (choice === null) refuseStranger(team, claimant, issues);
  return { choice, issues };
}

/** Somebody who holds as many issues as they may needs to hear that, whatever waits. */
function refuseFull(view: ProjectView, { config }: TeamOnFile, { operator }: Claimant): MaiError | null {
  const nowhere = { id: "", queue: "" };
  const limit = reachedLimit(config, { operator, issue: nowhere }, surroundingsOf(view, config));
  return limit === null ? null : refuseLimit(limit);
}

/** Somebody who may claim nothing at all needs to hear that, not that there is no work. */
function refuseStranger(team: TeamOnFile, claimant: Claimant, issues: readonly LeasedIssue[]): void {
  const places = issues.map(({ issue }) => ({ issue, queue: issue.queue }));
  const [first] = places;
  if (first === undefined || places.some((place) => mayDo("claim", claimant.operator, team, place))) return;
  requireRole("claim", claimant.operator, team, first);
}

function planOf(
  view: ProjectView,
  call: Call,
  { team, claimant, choice }: Asking & { readonly choice: NextChoice<LeasedIssue> },
): Plan<NextAnswer> {
  const { issue, lease, overdue } = choice.candidate;
  const target = { id: `${issue.queue}/${issue.id}`, fence: null, force: false };
  const opened = openIssue(view, call, { team, claimant, target });
  const verdict = decideClaim(opened.situation);
  const told = { reason: choice.reason, overdue };
  if (verdict.kind === "settled") {
    const held = { issue: opened.situation.issue, takenOverFrom: null };
    const answer = { ...settledAnswer(opened.situation, true), ...told, ...held };
    return { answer, changes: null, renew: [leasePath(issue.id)] };
  }
  const { after, changes } = changeSetOf(view, opened, verdict.change);
  const answer = changedAnswer(opened.situation, after, verdict.change);
  return { answer: { ...answer, ...told, issue: after, takenOverFrom: lease?.holder ?? null }, changes };
}

function nothingReady(claimant: Claimant, { queue, any }: NextIssueRequest): MaiError {
  const where = queue === null ? "" : ` in ${queue}`;
  return new MaiError("NOTHING_READY", `There is nothing for @${claimant.operator}${where} to work on.`, {
    hint: `Sleep until there is: mai next -o ${claimant.operator} --wait${any ? "" : ". Or take what others handle: --any"}`,
    fields: { operator: claimant.operator, queue },
  });
}
