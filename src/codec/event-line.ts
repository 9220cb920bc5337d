import type { EventDraft } from "../domain/events.ts";
import { parseJsonObject } from "./json.ts";

/** An event as the stream holds it. */
export interface EventLine extends EventDraft {
  readonly seq: number;
  readonly ts: string;
}

/** Writes one event with its line feed; absent parts are left out. */
export function formatEventLine(draft: EventDraft, seq: number, ts: string): string {
  const { type, actor, issue, queue, from, to, data } = draft;
  const kept = data !== undefined && Object.keys(data).length > 0 ? data : undefined;
  return `${JSON.stringify({ seq, ts, actor, type, issue, queue, from, to, data: kept })}\n`;
}

/** Longest line that is read, in characters: no event is near it. */
const MAX_LINE = 64 * 1024 * 1024;

/** Reads one line of the stream; null when it is not an event. */
export function parseEventLine(line: string): EventLine | null {
  if (line.length > MAX_LINE) return null;
  const event = parseJsonObject(line) as Partial<EventLine> | null;
  return typeof event?.seq === "number" && typeof event.type === "string" ? (event as EventLine) : null;
}
