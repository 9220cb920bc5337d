import { parseEventLine } from "../../codec/event-line.ts";
import type { EventDraft } from "../../domain/events.ts";
import { logDates, readDayLines } from "../../store/logs/day-logs.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";

/** Tells whether something ever happened in this project; reads the whole stream, so ask last. */
export function hasEvent(view: ProjectView, isIt: (event: EventDraft) => boolean): boolean {
  return logDates(view, "events").some((date) =>
    readDayLines(view, "events", date)
      .split("\n")
      .some((line) => {
        const event = parseEventLine(line);
        return event !== null && isIt(event);
      }),
  );
}
