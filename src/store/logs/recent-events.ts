import { type EventLine, parseEventLine } from "../../codec/event-line.ts";
import { currentSequence } from "../reading/numbers.ts";
import type { ProjectView } from "../reading/project-view.ts";
import { logDates, readDayLines } from "./day-logs.ts";

/** How many events are looked at, counted back from the newest. */
export const RECENT_EVENTS = 1000;

/**
 * Returns the last events of the project, newest first: a run of numbers without a gap that begins with the last number
 * given out. An event that is missing ends the run, since nobody can tell what it was. The names of the day files say
 * little about the order: a machine whose clock is behind appends to the file of an older day.
 */
export function recentEvents(view: ProjectView): readonly EventLine[] {
  const last = currentSequence(view).seq;
  const first = Math.max(1, last - RECENT_EVENTS + 1);
  const found = new Map<number, EventLine>();
  for (const date of logDates(view, "events").toReversed()) {
    if (found.size > last - first) break;
    for (const event of eventsFrom(readDayLines(view, "events", date), first))
      if (event.seq <= last) found.set(event.seq, event);
  }
  return run(found, last);
}

/** Reads a day from its end: within one day numbers only grow. */
function* eventsFrom(text: string, first: number): Generator<EventLine> {
  for (let end = text.length; end > 0; ) {
    const start = text.lastIndexOf("\n", end - 2) + 1;
    const event = parseEventLine(text.slice(start, end));
    if (event !== null && event.seq < first) return;
    if (event !== null) yield event;
    end = start;
  }
}

function run(events: ReadonlyMap<number, EventLine>, last: number): readonly EventLine[] {
  const found: EventLine[] = [];
  for (let event = events.get(last); event !== undefined; event = events.get(event.seq - 1))
    found.push(event);
  return found;
}
