import { decideNext, type NextChoice, type PassedOver, passedOver } from "../../domain/decide-next.ts";
import { type ErrorCode, MaiError } from "../../domain/errors.ts";
import type { Claimant } from "../../domain/lease.ts";
import { reachedLimit, refuseLimit } from "../../domain/limits.ts";
import { obstacleData, obstacleText } from "../../domain/obstacle-text.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { mayDo, requireRole } from "../../domain/roles.ts";
import { countUnassigned, type TakeReason, type Taker, type TakeScope } from "../../domain/takeable.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { Plan } from "../../store/change/change-set.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { type Call, requireClaimant } from "../call.ts";
import { openIssue } from "../issue/open-issue.ts";
import { surroundingsOf } from "../issue/surroundings.ts";
import { type LeasedIssue, lookOf, readUnfinished } from "../reading/unfinished-issues.ts";
import { readTeam, readTeamForChange, type TeamOnFile } from "../team.ts";
import { awaitFound, type Look } from "./await-project.ts";
import { takerOf } from "./taker.ts";
import { claimPlan, type WorkAnswer } from "./work-answer.ts";

/** Refusals after which whoever waits goes on waiting. */
const NOT_NOW: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["NOTHING_READY", "LIMIT_REACHED"]);

/** How choosy somebody is who asks for work. */
export interface NextIssueRequest {
  readonly queue: string | null;
  readonly scope: TakeScope;
}

/** What `next` answers: the issue as it is claimed now, and why this one. */
export interface NextAnswer extends WorkAnswer {
  readonly reason: TakeReason;
  readonly overdue: boolean;
  /** Who handled it before. */
  readonly previousHandler: string;
  /** Unassigned issues that could be taken, this one too. */
  readonly unassigned: number;
}

/**
 * Gives the operator what to work on next, claimed: one decision under the mutex, so that no two get the same.
 * @throws NOTHING_READY, LIMIT_REACHED, PERMISSION_DENIED, INVALID_QUEUE, OPERATOR_REQUIRED
 */
export function nextIssue(call: Call, request: NextIssueRequest): Outcome<NextAnswer> {
  const claimant = requireClaimant(call);
  return changeProject(call.workspace, "next", (view) => {
    const team = readTeamForChange(view, call);
    const { choice, issues, taker } = chooseNext(view, call, { team, claimant, request });
    if (choice === null)
      throw refuseFull(view, team, claimant) ?? nothingReady(claimant, request, passedOver(issues, taker));
    return planOf(view, call, { team, claimant, choice, issues, taker });
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
      const team = readTeam(view, call);
      const { choice, issues } = chooseNext(view, call, { team, claimant, request });
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

interface NextAsking {
  readonly team: TeamOnFile;
  readonly claimant: Claimant;
}

/** Returns what somebody would get next, and everything that was looked at; `wait` asks the same. */
export function chooseNext(
  view: ProjectView,
  call: Call,
  { team, claimant, request }: NextAsking & { readonly request: NextIssueRequest },
): {
  readonly choice: NextChoice<LeasedIssue> | null;
  readonly issues: readonly LeasedIssue[];
  readonly taker: Taker;
} {
  const issues = readUnfinished(view, call, team.config, request.queue);
  const taker = takerOf(view, call, { team, claimant, scope: request.scope });
  const choice = decideNext(issues, taker);
  if (choice === null) refuseStranger(team, claimant, issues);
  return { choice, issues, taker };
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
  found: NextAsking & {
    readonly choice: NextChoice<LeasedIssue>;
    readonly issues: readonly LeasedIssue[];
    readonly taker: Taker;
  },
): Plan<NextAnswer> {
  const { team, claimant, choice, issues, taker } = found;
  const { issue, overdue } = choice.candidate;
  const target = { id: `${issue.queue}/${issue.id}`, fence: null, force: false };
  const plan = claimPlan(view, openIssue(view, call, { team, claimant, target }));
  const unassigned = choice.reason === "unassigned" ? countUnassigned(issues, taker) : 0;
  const told = { reason: choice.reason, overdue, previousHandler: issue.handler, unassigned };
  return { ...plan, answer: { ...plan.answer, ...told } };
}

/** Most obstacles that a refusal tells. */
const TOLD_OBSTACLES = 20;
/** Issues that were given back and are named in a sentence. */
const NAMED_GIVEN_BACK = 3;

function nothingReady(
  { operator }: Claimant,
  { queue, scope }: NextIssueRequest,
  passed: readonly PassedOver[],
): MaiError {
  const where = queue === null ? "" : ` in ${queue}`;
  const given = passed.filter(({ obstacle }) => obstacle.kind === "given_back").slice(0, NAMED_GIVEN_BACK);
  const told = given.map(({ id, obstacle }) => ` ${obstacleText(id, obstacle)}`).join("");
  const again =
    given[0] === undefined ? "" : ` Or take it again: mai issue claim ${given[0].id} -o ${operator}`;
  const others = scope === "any" ? "" : ". Or take what others handle: --any";
  return new MaiError("NOTHING_READY", `There is nothing for @${operator}${where} to work on.${told}`, {
    hint: `Sleep until there is: mai next -o ${operator} --wait${again === "" ? others : `.${again}`}`,
    fields: {
      ...{ operator, queue },
      passed_over: passed.slice(0, TOLD_OBSTACLES).map(({ id, obstacle }) => obstacleData(id, obstacle)),
    },
  });
}
