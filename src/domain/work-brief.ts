import { queueOwner } from "./config.ts";
import { claimants } from "./handlers.ts";
import type { Handover, Issue, IssueRecord } from "./issue.ts";
import {
  isDecisionText,
  isOwnRemark,
  rejectionReason,
  reopeningReason,
  transferMessage,
  transferredTo,
} from "./phrases.ts";
import type { Team } from "./roles.ts";
import { isUnassigned } from "./unassigned.ts";

/** Work that came back, by whom and why; `ts` is a timestamp as written. */
export interface SentBack {
  readonly how: "rejected" | "reopened";
  readonly by: string;
  readonly ts: string;
  readonly text: string;
  /** Nothing was handed over since: this is why the handler has it. */
  readonly isLatest: boolean;
}

/** All that is needed to begin work, beside what an issue itself says. */
export interface WorkBrief {
  /** The current hand-over note; null where there is none, or where it is outdated. */
  readonly note: Handover | null;
  readonly sentBack: SentBack | null;
  /** The message of the newest transfer, and remarks of people since the work changed hands, oldest first. */
  readonly remarks: readonly IssueRecord[];
  /** Who may accept the result. */
  readonly accepts: readonly string[];
  readonly requiresEvidence: boolean;
}

/** Returns what somebody who begins work on an issue needs to know. */
export function workBrief(issue: Issue, team: Team, facts: { readonly isEscalation: boolean }): WorkBrief {
  return {
    note: currentNote(issue),
    sentBack: sentBackOf(issue),
    remarks: remarksOf(issue),
    accepts: acceptors(issue, team, facts),
    requiresEvidence: team.config.queues.get(issue.queue)?.requireEvidence === true,
  };
}

/** Returns the hand-over note unless a hand-over, a rejection, a reopening or a completion came after it. */
export function currentNote(issue: Pick<Issue, "handover" | "records">): Handover | null {
  const { handover, records } = issue;
  if (handover === null) return null;
  const turn = records.find(isTurn);
  const isCurrent =
    turn === undefined || (turn.ts === handover.ts && transferredTo(turn.text) === handover.to);
  return isCurrent ? handover : null;
}

/** Returns who may accept the result of an issue, those first who asked for it. */
export function acceptors(
  issue: Issue,
  { config, roots }: Team,
  { isEscalation }: { readonly isEscalation: boolean },
): readonly string[] {
  const owner = queueOwner(config, isEscalation ? config.escalationQueue : issue.queue);
  const creator = isEscalation ? null : issue.creator;
  const differs = config.queues.get(issue.queue)?.confirmerDiffers === true;
  const workers = differs ? claimants(issue) : new Set<string>();
  const names = [creator, isUnassigned(owner) ? null : owner, ...roots].filter((name) => name !== null);
  return [...new Set(names)].filter((name) => !workers.has(name));
}

function sentBackOf({ records }: Issue): SentBack | null {
  let isLatest = true;
  for (const record of records) {
    if (record.word === "COMPLETED") return null;
    const back = record.word === "OPEN" ? sentBackBy(record) : null;
    if (back !== null) return { ...back, by: record.actor, ts: record.ts, isLatest };
    if (isTurn(record)) isLatest = false;
  }
  return null;
}

function sentBackBy({ text }: IssueRecord): Pick<SentBack, "how" | "text"> | null {
  const rejected = rejectionReason(text);
  if (rejected !== null) return { how: "rejected", text: rejected };
  const reopened = reopeningReason(text);
  return reopened === null ? null : { how: "reopened", text: reopened };
}

function remarksOf({ records }: Issue): readonly IssueRecord[] {
  const turn = records.findIndex(isTurn);
  const since = turn === -1 ? records : records.slice(0, turn);
  const handed = records[turn];
  const message = handed === undefined ? null : transferMessage(handed.text);
  const remarks = since
    .filter(({ word, text }) => isDecisionText(text) || (word === "AMENDED" && !isOwnRemark(text)))
    .toReversed();
  return handed === undefined || message === null ? remarks : [{ ...handed, text: message }, ...remarks];
}

/** Tells whether work changed hands with a record. */
function isTurn(record: IssueRecord): boolean {
  if (record.word === "COMPLETED") return true;
  return record.word === "OPEN" && (transferredTo(record.text) !== null || sentBackBy(record) !== null);
}
