import type { IssueRecord, RecordWord, State } from "./issue.ts";
import { isClaimText } from "./phrases.ts";
import { type LocalZone, parseTimestamp } from "./time.ts";

/** A time that an issue spent in one state. */
export interface StateSpan {
  readonly state: State;
  /** Timestamp as written in the record that began it. */
  readonly since: string;
  readonly actor: string;
  /** Milliseconds until the next state, or until now; null where a timestamp cannot be read. */
  readonly lengthMs: number | null;
}

/** Who took an issue, and when. */
export interface PastClaim {
  readonly actor: string;
  readonly since: string;
}

/** State that a record of this word leaves; null for one that leaves it as it is. */
const STATE_AFTER = {
  CREATED: "OPEN",
  IN_PROGRESS: "IN_PROGRESS",
  OPEN: "OPEN",
  BLOCKED: "BLOCKED",
  COMPLETED: "COMPLETED",
  DISCARDED: "DISCARDED",
  AMENDED: null,
  ESCALATED: null,
} as const satisfies Record<RecordWord, State | null>;

/** Tells from records (newest first) how long an issue was in which state, oldest first. */
export function stateSpans(
  records: readonly IssueRecord[],
  now: { readonly nowMs: number; readonly zone: LocalZone },
): readonly StateSpan[] {
  const starts: { state: State; record: IssueRecord }[] = [];
  for (const record of records.toReversed()) {
    const state = record.word === null ? null : STATE_AFTER[record.word];
    if (state !== null && state !== starts.at(-1)?.state) starts.push({ state, record });
  }
  const times = starts.map(({ record }) => parseTimestamp(record.ts, now.zone));
  return starts.map(({ state, record }, index) => {
    const from = times[index] ?? null;
    const to = index + 1 < starts.length ? (times[index + 1] ?? null) : now.nowMs;
    const lengthMs = from === null || to === null ? null : Math.max(0, to - from);
    return { state, since: record.ts, actor: record.actor, lengthMs };
  });
}

/** Tells from records (newest first) who claimed an issue, oldest first. */
export function pastClaims(records: readonly IssueRecord[]): readonly PastClaim[] {
  return records
    .filter((record) => record.word === "IN_PROGRESS" && isClaimText(record.text))
    .map(({ actor, ts }) => ({ actor, since: ts }))
    .toReversed();
}

/** Returns the records (newest first) that block an issue now: those since it was last in another state. */
export function currentBlocks(records: readonly IssueRecord[]): readonly IssueRecord[] {
  const other = records.findIndex(
    ({ word }) => word !== null && STATE_AFTER[word] !== null && word !== "BLOCKED",
  );
  return records.slice(0, other === -1 ? records.length : other).filter(({ word }) => word === "BLOCKED");
}
