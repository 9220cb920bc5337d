import { requireItemsDone } from "./acceptance.ts";
import { requireAnother, requireEvidence } from "./acceptance-rules.ts";
import { requireDecider } from "./escalation.ts";
import { type Evidence, evidenceData } from "./evidence.ts";
import { evidenceLines } from "./evidence-text.ts";
import { namedHandler, previousHandler, requireHandler } from "./handlers.ts";
import type { HandoverNote, RecordWord, State } from "./issue.ts";
import type { IssueChange, IssueVerdict, Situation } from "./issue-change.ts";
import { isOwnLease } from "./lease.ts";
import { requireFence, requireLease } from "./lease-gate.ts";
import { TRANSITIONS, type Transition, type TransitionName } from "./operations.ts";
import { phrasesOf } from "./phrases.ts";
import { hasNote, hasSameReason, isNoteOf, isRepeat, recordText } from "./repeated-transition.ts";
import { requireRole } from "./roles.ts";
import { refuseState } from "./states.ts";
import { ownerAfterLease } from "./work-owner.ts";

/** What the operator asks for beside the issue: a text (checked; empty for none), and for transfer whom. */
export interface TransitionRequest {
  readonly name: TransitionName;
  readonly text: string;
  /** As typed: with or without `@`, in the agent's spelling. */
  readonly handler: string | null;
  /** What proves a completion. */
  readonly evidence?: readonly Evidence[];
  /** What goes with a transfer; null for nothing. */
  readonly note?: HandoverNote | null;
}

/**
 * Decides one row of the transition table: repeat, then roles, then leases, then states.
 * @throws PERMISSION_DENIED, LOCK_HELD, STALE_FENCE, INVALID_AGENT, INVALID_STATE, ALREADY_COMPLETED, ISSUE_DISCARDED
 */
export function decideTransition(situation: Situation, asked: TransitionRequest): IssueVerdict {
  const { issue, claimant, team } = situation;
  const handler = asked.handler === null ? null : namedHandler(team, asked.handler);
  const request = { ...asked, handler };
  const transition: Transition = TRANSITIONS[request.name];
  const text = recordText(phrases(situation), request);
  if (isRepeat(situation, request) && isNoteOf(issue, request)) return { kind: "settled", renew: false };
  if (transition.to === "COMPLETED" && situation.origin() !== null) requireDecider(situation);
  else if (!mayUnblockOwnBlock(situation, request))
    requireRole(request.name, claimant.operator, team, { issue, queue: issue.queue });
  const ownWork = transition.to === "COMPLETED" && requireAnother(situation);
  requireFence(situation);
  // What leaves the lease alone (reopen) never meets one.
  const forced = transition.lease === "none" ? false : requireLease(situation);
  if (isSettled(situation, request, text)) return { kind: "settled", renew: false };
  if (!transition.from.includes(issue.status)) throw refuseState(request.name, issue, transition.refusal);
  if (handler !== null) requireHandler(team, handler);
  const past = { lease: forced, ownWork, ...acceptance(situation, request) };
  return changeOf(situation, request, {
    word: transition.word ?? stateAfterUnblock(situation),
    text: withEvidence(situation, request, isForced(past) ? text + phrases(situation).forced : text),
    forced: past,
  });
}

/** Whoever said that an issue is blocked may say that it is not any more, also after their lease has ended. */
function mayUnblockOwnBlock({ issue, claimant }: Situation, { name }: TransitionRequest): boolean {
  if (name !== "unblock" || issue.status !== "BLOCKED") return false;
  return issue.records.find(({ word }) => word === "BLOCKED")?.actor === claimant.operator;
}

/** Tells whether the issue is already as the operation would leave it. */
function isSettled(situation: Situation, request: TransitionRequest, text: string): boolean {
  const { issue, lease } = situation;
  const { settled }: Transition = TRANSITIONS[request.name];
  if (settled.includes(issue.status)) return true;
  if (request.name === "block") return hasSameReason(situation, text);
  if (request.name !== "transfer" || request.text !== "" || hasNote(request)) return false;
  return issue.status === "OPEN" && lease === null && issue.handler === request.handler;
}

/** What `--force` went past. */
interface Forced {
  readonly lease: boolean;
  readonly ownWork: boolean;
  readonly openItems: readonly number[];
  readonly noEvidence: boolean;
}

function isForced({ lease, ownWork, openItems, noEvidence }: Forced): boolean {
  return lease || ownWork || noEvidence || openItems.length > 0;
}

/** Refuses a completion that lacks what was to be so before; tells what was forced past. */
function acceptance(
  situation: Situation,
  request: TransitionRequest,
): Pick<Forced, "openItems" | "noEvidence"> {
  if (TRANSITIONS[request.name].to !== "COMPLETED") return { openItems: [], noEvidence: false };
  const openItems = requireItemsDone(situation);
  return { openItems, noEvidence: requireEvidence(situation, request.evidence ?? []) };
}

function changeOf(
  situation: Situation,
  request: TransitionRequest,
  record: { word: RecordWord; text: string; forced: Forced },
): IssueVerdict {
  const { issue, claimant } = situation;
  const transition: Transition = TRANSITIONS[request.name];
  const status = transition.to ?? stateAfterUnblock(situation);
  const handler = handlerAfter(situation, request);
  const change: IssueChange = {
    status,
    handler,
    record: { word: record.word, text: record.text },
    lease: leaseAfter(situation, transition, status),
    conclusion: status === "COMPLETED" ? request.text || phrases(situation).confirmed(0) : null,
    ...(request.evidence === undefined ? {} : { evidence: request.evidence }),
    ...(hasNote(request) ? { handover: { ...request.note, from: claimant.operator, to: handler } } : {}),
    history: {
      actor: claimant.operator,
      event: status === "IN_PROGRESS" ? "issue_in_progress" : transition.history,
      summary: `Issue ${issue.id} status changed to ${status}`,
      status: status.toLowerCase(),
    },
    events: [
      {
        type: transition.event,
        actor: claimant.operator,
        issue: issue.id,
        queue: issue.queue,
        from: issue.status,
        to: status,
        data: eventData(situation, request, { handler, forced: record.forced }),
      },
    ],
  };
  return { kind: "change", change };
}

/** An issue that nobody works on any more has no lease, be it a stale one. */
function leaseAfter({ lease }: Situation, transition: Transition, status: State): IssueChange["lease"] {
  if (status === "OPEN" && lease !== null && !lease.live) return "release";
  return transition.lease === "none" ? "keep" : transition.lease;
}

function eventData(
  situation: Situation,
  request: TransitionRequest,
  facts: { handler: string; forced: Forced },
): Record<string, unknown> {
  const { issue, lease, claimant } = situation;
  const { lease: effect }: Transition = TRANSITIONS[request.name];
  // What taking it back would have to give back.
  const held = effect === "release" && lease?.live === true && isOwnLease(lease, claimant);
  const { forced } = facts;
  const evidence = request.evidence ?? [];
  return {
    ...(held ? { held, held_from: ownerAfterLease(issue, lease, situation.team.config) } : {}),
    ...(request.text === "" ? {} : { text: request.text }),
    ...(facts.handler === issue.handler ? {} : { handler: facts.handler, previous_handler: issue.handler }),
    ...(hasNote(request) ? { handover: request.note } : {}),
    ...(hasNote(request) && issue.handover !== null ? { previous_handover: issue.handover } : {}),
    ...(evidence.length === 0 ? {} : { evidence: evidence.map(evidenceData) }),
    ...(isForced(forced) ? { forced: true } : {}),
    ...(forced.lease && lease !== null ? { holder: lease.holder } : {}),
    ...(forced.openItems.length > 0 ? { open_items: forced.openItems } : {}),
    ...(forced.ownWork ? { own_work: true } : {}),
    ...(forced.noEvidence ? { no_evidence: true } : {}),
  };
}

/** What proves it follows what was said: the head of the record has told how much that is. */
function withEvidence(situation: Situation, { evidence = [] }: TransitionRequest, text: string): string {
  return [text, ...evidenceLines(evidence, phrases(situation))].join("\n");
}

function handlerAfter(situation: Situation, request: TransitionRequest): string {
  const { issue, lease, team } = situation;
  // The lease ended while the issue was blocked: the work goes back as at any other end of a lease.
  if (request.name === "unblock" && lease !== null && !lease.live)
    return ownerAfterLease(issue, lease, team.config);
  if (request.name === "transfer" && request.handler !== null) return request.handler;
  return request.name === "reject" ? previousHandler(situation) : situation.issue.handler;
}

function stateAfterUnblock(situation: Situation): Extract<State, "IN_PROGRESS" | "OPEN"> {
  return situation.lease?.live === true ? "IN_PROGRESS" : "OPEN";
}

function phrases(situation: Situation) {
  return phrasesOf(situation.team.config.language);
}
