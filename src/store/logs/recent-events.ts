import { type EventLine, parseEventLine } from "../../codec/event-line.ts";
import type { ProjectView } from "../reading/project-view.ts";
import { logDates, readDayLines } from "./day-logs.ts";

/** Machines whose clocks disagree write on both sides of midnight. */
const FILES = 2;
/** Lines that are looked at from the end of each file. */
const LINES = 1000;

/** Returns the last events of the project, newest first. */
export function recentEvents(view: ProjectView): readonly EventLine[] {
  const dates = logDates(view, "events").slice(-FILES);
  const events = dates.flatMap((date) => lastLines(view, date).flatMap(eventOf));
  return events.toSorted((a, b) => b.seq - a.seq);
}

function lastLines(view: ProjectView, date: string): readonly string[] {
  return readDayLines(view, "events", date).trimEnd().split("\n").slice(-LINES);
}

function eventOf(line: string): readonly EventLine[] {
  const event = parseEventLine(line);
  return event === null ? [] : [event];
}
