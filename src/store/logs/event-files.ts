import { parseEventLine } from "../../codec/event-line.ts";
import type { ProjectView } from "../reading/project-view.ts";
import { logDates, readDayLines } from "./day-logs.ts";

/** Returns the number of the last event that is on disk, 0 where there is none. */
export function lastEventSeq(view: ProjectView): number {
  for (const date of logDates(view, "events").toReversed()) {
    const lines = readDayLines(view, "events", date).trimEnd().split("\n");
    const seqs = lines.map((line) => parseEventLine(line)?.seq ?? 0);
    const last = Math.max(0, ...seqs.slice(-1000));
    if (last > 0) return last;
  }
  return 0;
}
