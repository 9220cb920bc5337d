import { MaiError } from "./errors.ts";
import type { Issue, IssueRecord } from "./issue.ts";
import type { Situation } from "./issue-change.ts";
import { isOwnLease } from "./lease.ts";
import { endsLeaseOf, isClaimText, rejectionReason, transferredTo } from "./phrases.ts";

/**
 * Says that somebody held an issue and does not any more, although they did not end it themselves; null for everybody
 * else, and once the work has changed hands since.
 * @param today returns the local date, `YYYY-MM-DD`: times of that day are told without it
 */
export function lostLeaseText(situation: Situation, today: () => string): string | null {
  const { issue, lease, claimant } = situation;
  if (lease !== null && isOwnLease(lease, claimant)) return null;
  const end = lostAt(issue, claimant.operator);
  if (end === null) return null;
  const held = holderText(situation, today) ?? "nobody holds it now.";
  return `Your lease on ${issue.id} ended at ${shortTime(end.ts, today())}; ${held}`;
}

/** Adds to a refusal who holds the issue and since when, where somebody else does. */
export function withHolder(error: MaiError, situation: Situation, today: () => string): MaiError {
  const isTold = error.code === "PERMISSION_DENIED" || error.code === "STALE_FENCE";
  const held = isTold && error.fields.holder === undefined ? holderText(situation, today) : null;
  if (held === null || situation.lease === null) return error;
  const { holder, claimedAt } = situation.lease;
  return new MaiError(error.code, `${error.message} ${held}`, {
    ...(error.hint === null ? {} : { hint: error.hint }),
    fields: { ...error.fields, holder, held_since: claimedAt },
    cause: error,
  });
}

function holderText({ lease, claimant }: Situation, today: () => string): string | null {
  if (lease === null || !lease.live || isOwnLease(lease, claimant)) return null;
  const since = lease.claimedAt === "" ? "" : ` since ${shortTime(lease.claimedAt, today())}`;
  return `@${lease.holder} has held it${since}.`;
}

/** Returns the record by which somebody else ended the newest claim of an operator. */
function lostAt({ records }: Issue, operator: string): IssueRecord | null {
  const claim = records.findIndex((record) => isClaim(record) && record.actor === operator);
  if (claim === -1) return null;
  const since = records.slice(0, claim);
  if (since.some(isTurn)) return null;
  const end = since.findLast((record) => isClaim(record) || endsLeaseOf(record.text, operator));
  return end === undefined || end.actor === operator ? null : end;
}

function isClaim({ word, text }: IssueRecord): boolean {
  return word === "IN_PROGRESS" && isClaimText(text);
}

/** Tells whether the work was handed on, sent back or finished with a record, by anybody: then nobody is misled. */
function isTurn({ word, text }: IssueRecord): boolean {
  if (word === "COMPLETED" || word === "DISCARDED") return true;
  return word === "OPEN" && (transferredTo(text) !== null || rejectionReason(text) !== null);
}

/** Hours and minutes, with the day where it is another one. */
function shortTime(timestamp: string, today: string): string {
  const [, date = "", time = timestamp] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(timestamp) ?? [];
  return date === today || date === "" ? time : `${date} ${time}`;
}
