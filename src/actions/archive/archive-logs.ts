import { MaiError } from "../../domain/errors.ts";
import { type Clock, localDate, utcDate } from "../../domain/time.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { FileEdit, Plan } from "../../store/change/change-set.ts";
import {
  archivedDates,
  archivedDayLogPath,
  type DayLog,
  dayLogPath,
  plainDates,
  readDayLog,
} from "../../store/logs/day-logs.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { readTeamForChange, requireAdministrator } from "../team.ts";
import { type Batch, type Batches, inBatches } from "./in-batches.ts";

const DAY_MS = 86_400_000;
/** Text that one transaction compresses or unpacks, but for a day that is larger by itself. */
const BYTES_PER_CHANGE = 8 * 1024 * 1024;

/** One day of one log. */
export interface LogDay {
  readonly log: DayLog;
  readonly date: string;
}

/** Which way the days go. */
type Direction = "archive" | "restore";

/**
 * Compresses the logs of days before a date. Those of yesterday and today stay: machines whose clocks or zones
 * differ still write to them.
 * @param before `YYYY-MM-DD`
 */
export function archiveLogs(call: Call, before: string): Batches<LogDay> {
  return moveLogs(call, "archive", (view) =>
    daysOf(view, plainDates).filter(({ log, date }) => date < before && date < yesterday(view.clock, log)),
  );
}

/** Unpacks every compressed log. */
export function restoreLogs(call: Call): Batches<LogDay> {
  return moveLogs(call, "restore", (view) => daysOf(view, archivedDates));
}

function moveLogs(
  call: Call,
  direction: Direction,
  choose: (view: ProjectView) => readonly LogDay[],
): Batches<LogDay> {
  const days = readProject(call.workspace, choose);
  return inBatches(call, days, (rest) =>
    changeProject(call.workspace, direction, (view) => plannedBatch(view, call, direction, rest)),
  );
}

function daysOf(view: ProjectView, datesOf: (view: ProjectView, log: DayLog) => readonly string[]) {
  return (["events", "history"] as const).flatMap((log) => datesOf(view, log).map((date) => ({ log, date })));
}

function yesterday(clock: Clock, log: DayLog): string {
  const atMs = clock.nowMs() - DAY_MS;
  return log === "events" ? utcDate(atMs) : localDate(atMs, clock);
}

function plannedBatch(
  view: ProjectView,
  call: Call,
  direction: Direction,
  rest: readonly LogDay[],
): Plan<Batch<LogDay>> {
  const team = readTeamForChange(view, call);
  const actor = requireAdministrator(call, team);
  const files: FileEdit[] = [];
  const done: LogDay[] = [];
  let [taken, bytes] = [0, 0];
  for (const day of rest) {
    if (bytes >= BYTES_PER_CHANGE) break;
    taken += 1;
    const text = textOf(view, call, direction, day);
    if (text === null) continue;
    bytes += text.length;
    files.push(...editsOf(direction, day, text));
    done.push(day);
  }
  const answer = { taken, done };
  if (done.length === 0) return { answer, changes: null };
  const told = direction === "archive" ? "Compressed" : "Unpacked";
  const changes = {
    atMs: view.clock.nowMs(),
    durable: team.config.durability === "full",
    files,
    history: [{ actor, event: direction, summary: `${told} the logs of ${toldDays(done)}` }],
    events: [{ type: `log.${direction}d` as const, actor, data: datesByLog(done) }],
  };
  return { answer, changes };
}

/** The whole day, whichever parts of it are compressed; null where it has gone meanwhile or cannot be read. */
function textOf(view: ProjectView, call: Call, direction: Direction, { log, date }: LogDay): string | null {
  const from = direction === "archive" ? dayLogPath(log, date) : archivedDayLogPath(log, date);
  if (!view.exists(from)) return null;
  try {
    return readDayLog(view, log, date);
  } catch (error) {
    if (!(error instanceof MaiError) || error.code !== "CORRUPT_FILE") throw error;
    call.workspace.warn(`${from} stays: ${error.message}`);
    return null;
  }
}

function editsOf(direction: Direction, { log, date }: LogDay, text: string): readonly FileEdit[] {
  const [plain, archived] = [dayLogPath(log, date), archivedDayLogPath(log, date)];
  return direction === "archive"
    ? [
        { path: archived, text, gzip: true },
        { path: plain, text: null },
      ]
    : [
        { path: plain, text },
        { path: archived, text: null },
      ];
}

function datesByLog(days: readonly LogDay[]): Readonly<Record<DayLog, readonly string[]>> {
  const dates = (wanted: DayLog) => days.filter(({ log }) => log === wanted).map(({ date }) => date);
  return { events: dates("events"), history: dates("history") };
}

function toldDays(days: readonly LogDay[]): string {
  const dates = [...new Set(days.map(({ date }) => date))].sort();
  return dates.length === 1 ? `${dates[0]}` : `${dates.length} days, ${dates[0]} to ${dates.at(-1)}`;
}
