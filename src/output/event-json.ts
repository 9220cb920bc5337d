import type { EventDraft } from "../domain/events.ts";

/** Returns the JSON of one event; parts that it does not have are null. */
export function eventJson(
  event: EventDraft & { readonly seq: number; readonly ts: string },
): Record<string, unknown> {
  const { seq, ts, actor, type, issue, queue, from, to, data } = event;
  return {
    seq,
    ts,
    actor,
    type,
    issue: issue ?? null,
    queue: queue ?? null,
    from: from ?? null,
    to: to ?? null,
    data: data ?? null,
  };
}
