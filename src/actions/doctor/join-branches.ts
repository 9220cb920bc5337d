import type { EventLine } from "../../codec/event-line.ts";
import { joinEvents, type PlacedEvent } from "../../domain/doctor/join-events.ts";
import { parseTimestamp } from "../../domain/time.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { findRepository } from "../../store/places/find-project.ts";
import { ARCHIVE_DIRECTORY } from "../../store/project-paths.ts";
import { currentSequence } from "../../store/reading/numbers.ts";
import type { Survey } from "./survey.ts";

/** What gives the events of two merged branches numbers of their own. */
export interface EventJoin {
  /** Event files with their new text. */
  readonly files: readonly FileEdit[];
  /** Number of the last event then. */
  readonly lastSeq: number;
}

/**
 * Works out how the events of two branches that git merged get unique numbers without gaps.
 * @returns null outside of repositories, where no number repeats, and where lines are missing, unreadable or archived
 */
export function eventJoin(survey: Survey): EventJoin | null {
  const placed = placedEvents(survey);
  if (placed === null || survey.sequenceFault !== null) return null;
  const { system, root } = survey.call.workspace;
  const joined = joinEvents(placed, currentSequence(survey.view).seq);
  if (joined === null || findRepository({ system, cwd: root, home: null }) === null) return null;
  const files = [...Map.groupBy(joined, ({ path }) => path)]
    .map(([path, events]) => ({
      path,
      text: events.map(({ event }) => `${JSON.stringify(event)}\n`).join(""),
    }))
    .filter(({ path, text }) => survey.reader.text(path) !== text);
  if (files.some(({ path }) => path.startsWith(`${ARCHIVE_DIRECTORY}/`))) return null;
  return { files, lastSeq: joined.at(-1)?.event.seq ?? 0 };
}

function placedEvents({ events, view }: Survey): readonly PlacedEvent<EventLine>[] | null {
  const placed: PlacedEvent<EventLine>[] = [];
  for (const { path, event } of events) {
    const atMs = event === null ? null : parseTimestamp(String(event.ts), view.clock);
    if (event === null || atMs === null) return null;
    placed.push({ path, event, atMs });
  }
  return placed;
}
