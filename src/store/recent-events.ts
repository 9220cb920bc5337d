import { type EventLine, parseEventLine } from "../codec/event-line.ts";
import { EVENTS_DIRECTORY } from "./project-paths.ts";
import type { ProjectView } from "./project-view.ts";

const EVENT_FILE = /^\d{4}-\d\d-\d\d\.jsonl$/;
/** Machines whose clocks disagree write on both sides of midnight. */
const FILES = 2;
/** Lines that are looked at from the end of each file. */
const LINES = 1000;

/** Returns the last events of the project, newest first. */
export function recentEvents(view: ProjectView): readonly EventLine[] {
  const names = view.list(EVENTS_DIRECTORY).filter((name) => EVENT_FILE.test(name));
  const events = names.slice(-FILES).flatMap((name) => lastLines(view, name).flatMap(eventOf));
  return events.toSorted((a, b) => b.seq - a.seq);
}

function lastLines(view: ProjectView, name: string): readonly string[] {
  const text = view.read(`${EVENTS_DIRECTORY}/${name}`) ?? "";
  return text.trimEnd().split("\n").slice(-LINES);
}

function eventOf(line: string): readonly EventLine[] {
  const event = parseEventLine(line);
  return event === null ? [] : [event];
}
