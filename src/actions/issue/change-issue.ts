import { decideAmend } from "../../domain/decide-amend.ts";
import { type CheckRequest, decideCheck } from "../../domain/decide-check.ts";
import { decideLabel } from "../../domain/decide-label.ts";
import { decideTransition } from "../../domain/decide-transition.ts";
import type { Evidence } from "../../domain/evidence.ts";
import { handoverNote } from "../../domain/handover.ts";
import type { HandoverNote } from "../../domain/issue.ts";
import type { IssueChange, IssueVerdict, Situation } from "../../domain/issue-change.ts";
import { labelChange } from "../../domain/labels.ts";
import { TRANSITIONS, type TransitionName } from "../../domain/operations.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { checkText } from "../../domain/text.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { ChangeSet, Plan } from "../../store/change/change-set.ts";
import { leasePath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeamForChange } from "../team.ts";
import { changedAnswer, type IssueAnswer, settledAnswer } from "./issue-answer.ts";
import { changeSetOf, joinChanges } from "./issue-change-set.ts";
import { answerOfKey, type KeyedCommand, keyFiles } from "./keys.ts";
import { type IssueTarget, type OpenedIssue, openIssue } from "./open-issue.ts";
import { tellingLoss } from "./tell-loss.ts";
import { originEdits } from "./tell-origin.ts";

/** Adds a remark; with a key it does so once. */
export function amendIssue(
  call: Call,
  target: IssueTarget,
  request: { text: string; key: string | null },
): Outcome<IssueAnswer> {
  const remark = checkText(request.text, "remark");
  return changeIssue(call, target, {
    name: "issue amend",
    key: request.key,
    decide: (situation) => decideAmend(situation, remark),
  });
}

/** Puts labels onto an issue and takes them off: words such as `+x` and `-y`. */
export function labelIssue(call: Call, target: IssueTarget, words: readonly string[]): Outcome<IssueAnswer> {
  const change = labelChange(words);
  return changeIssue(call, target, {
    name: "issue label",
    decide: (situation) => decideLabel(situation, change),
  });
}

/** Ticks items of an issue's check list, or takes their ticks away. */
export function checkIssue(call: Call, target: IssueTarget, request: CheckRequest): Outcome<IssueAnswer> {
  return changeIssue(call, target, {
    name: "issue check",
    decide: (situation) => decideCheck(situation, request),
  });
}

/** What a row of the transition table takes beside the issue: a text, null for none, and for transfer whom. */
export interface MoveRequest {
  readonly name: TransitionName;
  readonly text: string | null;
  readonly handler: string | null;
  /** What proves a completion. */
  readonly evidence?: readonly Evidence[];
  /** Entries of the note that goes with a transfer. */
  readonly note?: HandoverNote;
  /** Refuses beside the decision. */
  readonly check?: (situation: Situation) => void;
}

/**
 * Runs one row of the transition table.
 * @throws INVALID_TEXT beside the refusals of the decision
 */
export function moveIssue(call: Call, target: IssueTarget, request: MoveRequest): Outcome<IssueAnswer> {
  const { name, handler, evidence = [] } = request;
  const note = request.note === undefined ? null : handoverNote(request.note);
  const text = request.text === null ? "" : checkText(request.text, TRANSITIONS[name].text ?? "text");
  return changeIssue(call, target, {
    name: `issue ${name}`,
    lossTold: request.check !== undefined,
    decide: (situation) => {
      request.check?.(situation);
      return decideTransition(situation, { name, text, handler, evidence, note });
    },
  });
}

/** One operation on one issue: its name in the journal, and its decision. */
export interface IssueOperation {
  readonly name: string;
  readonly key?: string | null;
  /** The caller looks after the lease, and tells of its loss. */
  readonly lossTold?: boolean;
  readonly decide: (situation: Situation, view: ProjectView) => IssueVerdict;
}

/** Reads what a decision needs, decides, and turns the verdict into files: the flow of every operation on an issue. */
export function changeIssue(
  call: Call,
  target: IssueTarget,
  operation: IssueOperation,
): Outcome<IssueAnswer> {
  const claimant = requireClaimant(call);
  const keyed: KeyedCommand = {
    key: operation.key ?? null,
    command: operation.name,
    operator: claimant.operator,
  };
  return changeProject(call.workspace, operation.name, (view) => {
    const team = readTeamForChange(view, call);
    const earlier = answerOfKey<IssueAnswer>(view, keyed);
    if (earlier !== null) return { answer: { ...earlier, idempotent: true }, changes: null };
    const opened = openIssue(view, call, { team, claimant, target });
    const { situation } = opened;
    const decide = () => operation.decide(situation, view);
    const verdict = operation.lossTold === true ? decide() : tellingLoss(view, call, situation, decide);
    if (verdict.kind === "settled") return settled(opened, verdict.renew);
    const others = originEdits(view, call, { opened, change: verdict.change, team });
    return planned(view, opened, { change: verdict.change, keyed, others });
  });
}

function settled({ situation }: OpenedIssue, renew: boolean): Plan<IssueAnswer> {
  return {
    answer: settledAnswer(situation, renew),
    changes: null,
    renew: renew ? [leasePath(situation.issue.id)] : [],
  };
}

function planned(
  view: ProjectView,
  opened: OpenedIssue,
  work: {
    readonly change: IssueChange;
    readonly keyed: KeyedCommand;
    readonly others: readonly ChangeSet[];
  },
): Plan<IssueAnswer> {
  const { after, changes } = changeSetOf(view, opened, work.change);
  const answer = changedAnswer(opened.situation, after, work.change);
  const own = { ...changes, files: [...changes.files, ...keyFiles(work.keyed, answer)] };
  return { answer, changes: work.others.length === 0 ? own : joinChanges(own, work.others) };
}
