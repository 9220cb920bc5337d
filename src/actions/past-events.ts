import { parseEventLine } from "../codec/event-line.ts";
import type { EventDraft } from "../domain/events.ts";
import { EVENTS_DIRECTORY } from "../store/project-paths.ts";
import type { ProjectView } from "../store/project-view.ts";

/** Tells whether something ever happened in this project; reads the whole stream, so ask last. */
export function hasEvent(view: ProjectView, isIt: (event: EventDraft) => boolean): boolean {
  return view.list(EVENTS_DIRECTORY).some((name) =>
    (view.read(`${EVENTS_DIRECTORY}/${name}`) ?? "").split("\n").some((line) => {
      const event = parseEventLine(line);
      return event !== null && isIt(event);
    }),
  );
}
