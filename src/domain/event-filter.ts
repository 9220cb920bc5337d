import type { EventDraft, EventType } from "./events.ts";
import type { IssueReference } from "./ids.ts";

/** What a stream of events is narrowed by; every part that is null lets all through. */
export interface EventFilter {
  readonly type: EventType | null;
  readonly issue: IssueReference | null;
  readonly queue: string | null;
}

/** Tells whether an event belongs into a stream. */
export function matchesEvent(event: EventDraft, filter: EventFilter): boolean {
  const { type, issue, queue } = filter;
  if (type !== null && event.type !== type) return false;
  if (queue !== null && event.queue !== queue) return false;
  if (issue === null) return true;
  return event.issue === issue.id && (issue.queue === null || event.queue === issue.queue);
}
