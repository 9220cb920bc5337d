import { type EventLine, parseEventLine } from "../../codec/event-line.ts";
import { EVENTS_DIRECTORY } from "../project-paths.ts";
import { currentSequence } from "../reading/numbers.ts";
import { readProject } from "../reading/read-project.ts";
import type { Workspace } from "../workspace.ts";
import { logDates, readDayLines } from "./day-logs.ts";

/** Part of the stream: numbers greater than `after`, up to and with `upTo`. */
export interface EventRange {
  readonly after: number;
  readonly upTo: number;
}

/** Returns the number of the last committed event, 0 before the first. */
export function lastCommittedSeq(workspace: Workspace): number {
  return readProject(workspace, (view) => currentSequence(view).seq);
}

/**
 * Yields committed events by number, each once. The date of a file is that of its writer's clock, so that around
 * midnight numbers can stand in either of two files: order comes from the numbers alone, which have no gaps.
 * A number that is in no file (somebody deleted it) is named in a warning.
 */
export function* eventsInRange(workspace: Workspace, range: EventRange): Generator<EventLine> {
  const waiting = new Map<number, EventLine>();
  let next = range.after + 1;
  for (const date of datesOf(workspace, range)) {
    for (const event of eventsOf(workspace, date, range)) waiting.set(event.seq, event);
    for (let event = waiting.get(next); event !== undefined; event = waiting.get(next)) {
      waiting.delete(next);
      next += 1;
      yield event;
    }
  }
  if (next <= range.upTo) yield* afterGap(workspace, waiting, { ...range, after: next - 1 });
}

function* afterGap(
  workspace: Workspace,
  waiting: ReadonlyMap<number, EventLine>,
  range: EventRange,
): Generator<EventLine> {
  const lost = range.upTo - range.after - waiting.size;
  workspace.warn(`${lost} events after ${range.after} are in no file of ${EVENTS_DIRECTORY} any more.`);
  yield* [...waiting.values()].toSorted((a, b) => a.seq - b.seq);
}

/** Returns the days that hold a range, oldest first; the files of older ones are not opened. */
function datesOf(workspace: Workspace, range: EventRange): readonly string[] {
  const dates = readProject(workspace, (view) => logDates(view, "events"));
  const needed: string[] = [];
  let missing = range.upTo - range.after;
  for (const date of dates.toReversed()) {
    if (missing <= 0) break;
    missing -= eventsOf(workspace, date, range).length;
    needed.unshift(date);
  }
  return needed;
}

/** Reads from the end of a day back to the range: within one day numbers only grow. */
function eventsOf(workspace: Workspace, date: string, range: EventRange): readonly EventLine[] {
  const text = readProject(workspace, (view) => readDayLines(view, "events", date));
  const events: EventLine[] = [];
  for (let end = text.length; end > 0; ) {
    const start = text.lastIndexOf("\n", end - 2) + 1;
    const event = parseEventLine(text.slice(start, end));
    if (event !== null && event.seq <= range.after) break;
    if (event !== null && event.seq <= range.upTo) events.push(event);
    end = start;
  }
  return events.reverse();
}
