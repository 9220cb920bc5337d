import {
  ARCHIVE_DIRECTORY,
  EVENTS_DIRECTORY,
  eventsPath,
  HISTORY_DIRECTORY,
  historyPath,
} from "../project-paths.ts";
import type { ProjectView } from "../reading/project-view.ts";
import { NotUtf8 } from "../utf8.ts";

type Lister = Pick<ProjectView, "list">;

/** The two logs that have a file for each day: events by the UTC date, audit lines by the local one. */
export type DayLog = "events" | "history";

const LOGS = {
  events: { directory: EVENTS_DIRECTORY, ending: ".jsonl", pathOf: eventsPath },
  history: { directory: HISTORY_DIRECTORY, ending: ".log", pathOf: historyPath },
} as const satisfies Record<DayLog, unknown>;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Returns the path of a day's log as it is written. */
export function dayLogPath(log: DayLog, date: string): string {
  return LOGS[log].pathOf(date);
}

/** Returns where a day's log lies once it is compressed. */
export function archivedDayLogPath(log: DayLog, date: string): string {
  return `${ARCHIVE_DIRECTORY}/${log}/${date}${LOGS[log].ending}.gz`;
}

/** Returns the days that a log has a plain file of, sorted. */
export function plainDates(view: Lister, log: DayLog): readonly string[] {
  return datesIn(view, LOGS[log].directory, LOGS[log].ending);
}

/** Returns the days that a log has a compressed file of, sorted. */
export function archivedDates(view: Lister, log: DayLog): readonly string[] {
  return datesIn(view, `${ARCHIVE_DIRECTORY}/${log}`, `${LOGS[log].ending}.gz`);
}

/** Returns every day of a log, sorted. */
export function logDates(view: Lister, log: DayLog): readonly string[] {
  return [...new Set([...archivedDates(view, log), ...plainDates(view, log)])].sort();
}

/**
 * Reads a day's log, wherever it lies. A machine whose clock is behind can write to a day that is compressed
 * already: then both parts are there, the compressed one first.
 * @throws CORRUPT_FILE
 */
export function readDayLog(view: ProjectView, log: DayLog, date: string): string {
  const plain = view.read(dayLogPath(log, date)) ?? "";
  const archived = view.readGzip(archivedDayLogPath(log, date)) ?? "";
  return joined(archived, plain);
}

/**
 * Reads the lines of a day's log for those who only look: a line that is not UTF-8 is one that says nothing, and hides
 * no other. Not to be written back.
 * @throws CORRUPT_FILE for a file without lines: who follows the events must not miss a day of them
 */
export function readDayLines(view: ProjectView, log: DayLog, date: string): string {
  const plain = legible(() => view.read(dayLogPath(log, date)));
  const archived = legible(() => view.readGzip(archivedDayLogPath(log, date)));
  return joined(archived, plain);
}

function joined(archived: string, plain: string): string {
  return archived === "" || archived.endsWith("\n") ? archived + plain : `${archived}\n${plain}`;
}

function legible(read: () => string | null): string {
  try {
    return read() ?? "";
  } catch (error) {
    if (error instanceof NotUtf8) return error.legible;
    throw error;
  }
}

function datesIn(view: Lister, directory: string, ending: string): readonly string[] {
  return view
    .list(directory)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .filter((date) => DATE.test(date));
}
