import type { State } from "./issue.ts";

/** Types of the event stream. */
export const EVENT_TYPES = [
  "issue.created",
  "issue.claimed",
  "issue.blocked",
  "issue.unblocked",
  "issue.transferred",
  "issue.completed",
  "issue.rejected",
  "issue.reopened",
  "issue.amended",
  "issue.escalated",
  "issue.discarded",
  "issue.edited",
  "issue.undone",
  "issue.checked",
  "issue.depends",
  "issue.archived",
  "issue.restored",
  "lease.expired",
  "lease.released",
  "queue.created",
  "queue.changed",
  "queue.removed",
  "agent.added",
  "agent.removed",
  "config.changed",
  "project.created",
  "project.mended",
  "summary.triggered",
  "summary.written",
  "summary.reported",
  "summary.reset",
  "log.noted",
  "log.undone",
  "log.archived",
  "log.restored",
] as const;
/** Type of an event. */
export type EventType = (typeof EVENT_TYPES)[number];

/** An event before the commit gives it its number and time. */
export interface EventDraft {
  readonly type: EventType;
  readonly actor: string;
  readonly issue?: string;
  readonly queue?: string;
  readonly from?: State;
  readonly to?: State;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One audit line before the commit gives it its time. */
export interface HistoryDraft {
  readonly actor: string;
  /** Event name of the Python tool, such as `issue_new`. */
  readonly event: string;
  readonly summary: string;
  readonly status?: string;
}
