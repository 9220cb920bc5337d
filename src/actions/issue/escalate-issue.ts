import { type Config, DEFAULT_AGENT, isMadeByEscalating } from "../../domain/config.ts";
import {
  decideEscalate,
  type EarlierEscalation,
  escalationBody,
  escalationChange,
  escalationTitle,
  latestEscalation,
} from "../../domain/decide-escalate.ts";
import { MaiError } from "../../domain/errors.ts";
import { escalationHandler } from "../../domain/escalation.ts";
import type { Issue, State } from "../../domain/issue.ts";
import type { Situation } from "../../domain/issue-change.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { Plan } from "../../store/change/change-set.ts";
import { findIssue, queueNames, readIssue } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeamForChange } from "../team.ts";
import { plannedIssue } from "./create-issue.ts";
import { changedAnswer, type IssueAnswer, settledAnswer } from "./issue-answer.ts";
import { changeSetOf, joinChanges } from "./issue-change-set.ts";
import { type IssueTarget, type OpenedIssue, openIssue } from "./open-issue.ts";
import { tellingLoss } from "./tell-loss.ts";

/** What an escalation answers: how the issue stands, and the one that was made for it. */
export interface EscalationAnswer extends IssueAnswer {
  readonly newId: string;
  readonly escalationQueue: string;
  /** State of the issue that was made, null where its file is gone. */
  readonly newStatus: State | null;
  /** Whom it is assigned to; null where its file is gone. */
  readonly newHandler: string | null;
}

/**
 * Makes an urgent issue in the escalation queue that refers to this one, and records it here, in one change.
 * While that issue is unfinished, asking again gives it back.
 * @throws INVALID_QUEUE where the escalation queue is missing, beside the refusals of the decision
 */
export function escalateIssue(call: Call, target: IssueTarget): Outcome<EscalationAnswer> {
  const claimant = requireClaimant(call);
  return changeProject(call.workspace, "issue escalate", (view) => {
    const team = readTeamForChange(view, call);
    const opened = openIssue(view, call, { team, claimant, target });
    const earlier = earlierEscalation(view, team.config, opened.situation.issue);
    const settled = tellingLoss(view, call, opened.situation, () =>
      decideEscalate(opened.situation, earlier),
    );
    if (settled === null) return planned(view, call, opened);
    const escalation = {
      newId: settled.id,
      escalationQueue: earlier?.queue ?? team.config.escalationQueue,
      newStatus: settled.state,
      newHandler: earlier?.handler ?? null,
    };
    return { answer: { ...settledAnswer(opened.situation, false), ...escalation }, changes: null };
  });
}

function planned(view: ProjectView, call: Call, opened: OpenedIssue): Plan<EscalationAnswer> {
  const { situation } = opened;
  const { config } = situation.team;
  const queue = requireEscalationQueue(view, config);
  const made = plannedIssue(view, call, config, {
    ...draftOf(situation),
    queue,
    keyed: { key: null, command: "issue escalate", operator: situation.claimant.operator },
  });
  const change = escalationChange(situation, { id: made.answer.issueId, queue });
  const { after, changes } = changeSetOf(view, opened, change);
  return {
    answer: {
      ...changedAnswer(situation, after, change),
      newId: made.answer.issueId,
      escalationQueue: queue,
      newStatus: "OPEN",
      newHandler: made.answer.handler,
    },
    changes: joinChanges(changes, made.changes === null ? [] : [made.changes]),
  };
}

function draftOf(situation: Situation) {
  return {
    creator: situation.claimant.operator,
    handler: escalationHandler(situation.team, situation.claimant.operator, DEFAULT_AGENT),
    title: escalationTitle(situation),
    body: escalationBody(situation),
    ref: situation.issue.id,
    priority: "P0" as const,
    labels: [],
    keptRules: [],
    accept: [],
    blockedBy: [],
  };
}

function requireEscalationQueue(view: ProjectView, config: Config): string {
  const { escalationQueue } = config;
  if (queueNames(view, config).includes(escalationQueue) || isMadeByEscalating(config))
    return escalationQueue;
  throw new MaiError(
    "INVALID_QUEUE",
    `Escalations go to the queue ${JSON.stringify(escalationQueue)}, which does not exist.`,
    {
      hint: `Make it: mai queue create ${escalationQueue} --owner NAME; or name another: mai config set escalation_queue QUEUE`,
      fields: { queue: escalationQueue },
    },
  );
}

function earlierEscalation(
  view: ProjectView,
  config: Config,
  issue: Issue,
): (EarlierEscalation & { readonly queue: string | null; readonly handler: string | null }) | null {
  const id = latestEscalation(issue);
  if (id === null) return null;
  const location = findIssue(view, config, { id, queue: null });
  if (location === null) return { id, state: null, queue: null, handler: null };
  const { status, handler } = readIssue(view, location).issue;
  return { id, state: status, queue: location.queue, handler };
}
