import type { TransitionRequest } from "./decide-transition.ts";
import { withoutEvidence } from "./evidence-text.ts";
import { isSameNote } from "./handover.ts";
import type { HandoverNote, Issue, IssueRecord, RecordWord } from "./issue.ts";
import type { Situation } from "./issue-change.ts";
import { TRANSITIONS, type Transition, type TransitionName } from "./operations.ts";
import { EVERY_PHRASES, type Phrases } from "./phrases.ts";

/** Tells whether the newest record is this very operation by this operator with the same text, in whatever language. */
export function isRepeat({ issue, claimant }: Situation, request: TransitionRequest): boolean {
  const transition: Transition = TRANSITIONS[request.name];
  const [record] = issue.records;
  if (record === undefined || record.actor !== claimant.operator) return false;
  const words: readonly RecordWord[] = transition.word === null ? ["IN_PROGRESS", "OPEN"] : [transition.word];
  return EVERY_PHRASES.some((says) => {
    const newest = { ...record, text: withoutEvidence(record.text, request.evidence ?? [], says) };
    return words.some((word) => saysSame(newest, word, recordText(says, request)));
  });
}

/** Tells whether a note goes with what is asked for. */
export function hasNote(
  request: TransitionRequest,
): request is TransitionRequest & { readonly note: HandoverNote } {
  return request.note !== undefined && request.note !== null;
}

/** Tells whether the note that the issue has since its newest record, if any, is the one of this request, if any. */
export function isNoteOf({ handover, records }: Issue, request: TransitionRequest): boolean {
  const current = handover !== null && handover.ts === records[0]?.ts ? handover : null;
  if (!hasNote(request)) return current === null || request.name !== "transfer";
  return current !== null && isSameNote(current, request.note);
}

/** Tells whether the issue is BLOCKED for this very reason. */
export function hasSameReason(situation: Situation, text: string): boolean {
  if (situation.issue.status !== "BLOCKED") return false;
  const reason = situation.issue.records.find((record) => record.word === "BLOCKED");
  return reason !== undefined && saysSame(reason, "BLOCKED", text);
}

function saysSame(record: IssueRecord, word: RecordWord, text: string): boolean {
  if (record.word !== word) return false;
  return record.text === text || EVERY_PHRASES.some(({ forced }) => record.text === text + forced);
}

/** Returns what the record of an operation says, evidence and force apart. */
export function recordText(says: Phrases, request: TransitionRequest): string {
  const { evidence = [] } = request;
  const texts = {
    block: () => request.text,
    unblock: () => says.unblocked(),
    transfer: () => says.transferred(request.handler ?? "", request.text),
    complete: () => says.completed(request.text, evidence.length),
    confirm: () => says.confirmed(evidence.length),
    reject: () => says.rejected(request.text),
    reopen: () => says.reopened(request.text),
    discard: () => says.discarded(request.text),
  } as const satisfies Record<TransitionName, () => string>;
  return texts[request.name]();
}
