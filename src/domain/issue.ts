/** Every state that mai writes. */
export const STATES = ["OPEN", "IN_PROGRESS", "BLOCKED", "COMPLETED", "DISCARDED"] as const;
/** State of an issue. */
export type State = (typeof STATES)[number];

/** Priorities, most urgent first. */
export const PRIORITIES = ["P0", "P1", "P2"] as const;
/** How urgent an issue is. */
export type Priority = (typeof PRIORITIES)[number];

/** Words that a record can carry; older files know AMENDED and ESCALATED as states too. */
export const RECORD_WORDS = [
  "CREATED",
  "IN_PROGRESS",
  "OPEN",
  "BLOCKED",
  "COMPLETED",
  "DISCARDED",
  "AMENDED",
  "ESCALATED",
] as const;
/** First word of a record. */
export type RecordWord = (typeof RECORD_WORDS)[number];

/** One entry of an issue's records; `word` is null where an older file says something else. */
export interface IssueRecord {
  readonly ts: string;
  readonly actor: string;
  readonly word: RecordWord | null;
  readonly text: string;
}

/** What has to be so before an issue is accepted. */
export interface AcceptanceItem {
  readonly text: string;
  readonly done: boolean;
}

/** Parts of a hand-over note, in their order. */
export const HANDOVER_PARTS = ["done", "remaining", "decisions", "uncertain"] as const;
/** A part of a hand-over note. */
export type HandoverPart = (typeof HANDOVER_PARTS)[number];

/** What somebody who takes work over has to know. */
export type HandoverNote = { readonly [Part in HandoverPart]: readonly string[] };

/** A note with who handed over to whom, and when. */
export interface Handover extends HandoverNote {
  readonly from: string;
  readonly to: string;
  readonly ts: string;
}

/**
 * What the header of an issue file tells: all that lists and choices need, without reading the rest. Timestamps are
 * text as written; times of day need a zone to read. A new field goes into `headerIn()` of the cache too.
 */
export interface IssueHeader {
  readonly id: string;
  readonly queue: string;
  readonly title: string;
  readonly status: State;
  readonly priority: Priority;
  /** Who works on it now: the one its file calls 处理方. */
  readonly handler: string;
  /** Whoever created it; null in files of version 1.10 that do not say. */
  readonly creator: string | null;
  readonly ref: string | null;
  /** Ids of the issues that have to be finished before this one can be claimed, as written; empty for most. */
  readonly blockedBy: readonly string[];
  /** Sorted, each once. */
  readonly labels: readonly string[];
  readonly created: string;
  readonly slaDeadline: string | null;
  /** Fencing token of the newest claim; 0 before the first. */
  readonly fence: number;
}

/** An issue as its file tells it, whole. */
export interface Issue extends IssueHeader {
  readonly body: string;
  readonly context: string;
  /** Its check list; items are counted from 1. */
  readonly acceptance: readonly AcceptanceItem[];
  /** Acceptance rules of the queues that it has left, as written; they hold on in addition to those of its queue. */
  readonly keptRules: readonly string[];
  /** The newest note of a transfer. */
  readonly handover: Handover | null;
  /** Newest first. */
  readonly records: readonly IssueRecord[];
}

/** Tells whether nothing more happens to an issue in this state unless it is reopened. */
export function isFinished(state: State): boolean {
  return state === "COMPLETED" || state === "DISCARDED";
}

/** Orders issues for lists: priority, then creation time, then id. Times in milliseconds since 1970. */
export function compareIssues(a: OrderKey, b: OrderKey): number {
  if (a.priority !== b.priority) return a.priority < b.priority ? -1 : 1;
  if (a.createdMs !== b.createdMs) return a.createdMs - b.createdMs;
  return compareIds(a.id, b.id);
}

/** What an issue is sorted by. */
export interface OrderKey {
  readonly priority: Priority;
  readonly createdMs: number;
  readonly id: string;
}

/** Orders ids so that REQ-999 stands before REQ-1000. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length && /^[A-Z0-9]+-\d+$/.test(a) && /^[A-Z0-9]+-\d+$/.test(b)) {
    const [prefixA = "", prefixB = ""] = [a.slice(0, a.lastIndexOf("-")), b.slice(0, b.lastIndexOf("-"))];
    if (prefixA === prefixB) return a.length - b.length;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Tells whether an unfinished issue is past its deadline. Times in milliseconds since 1970. */
export function isOverdue(
  issue: { readonly status: State },
  deadlineMs: number | null,
  nowMs: number,
): boolean {
  return deadlineMs !== null && nowMs > deadlineMs && !isFinished(issue.status);
}
