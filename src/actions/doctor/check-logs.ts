import { clockJumps, numberFaults } from "../../domain/doctor/event-numbers.ts";
import { type Finding, finding } from "../../domain/doctor/finding.ts";
import { parseTimestamp } from "../../domain/time.ts";
import { SEQUENCE_PATH } from "../../store/project-paths.ts";
import { eventJoin } from "./join-branches.ts";
import type { Survey } from "./survey.ts";

/** Clocks of machines that share a project may differ by this much. */
const CLOCK_TOLERANCE_MS = 2000;

/** Checks that the stream's lines can be read, and that their numbers grow by one. */
export function checkEventNumbers(survey: Survey): readonly Finding[] {
  const { events, sequence } = survey;
  const unreadable = events.filter(({ event }) => event === null);
  const placeOf = new Map(events.map(({ event, path }) => [event?.seq ?? null, path]));
  const numbers = events.flatMap(({ event }) => (event === null ? [] : [event.seq]));
  const { gaps, repeats, first, last } = numberFaults(numbers);
  const lost = (sequence?.seq ?? 0) - last;
  return [
    ...unreadable.map(({ path, line }) => finding("event_invalid", path, `Line ${line} is no event.`)),
    ...gaps.map(({ from, to }) =>
      finding("event_gap", placeOf.get(to + 1) ?? null, `${spanOf(from, to)} missing.`),
    ),
    ...(repeats.length > 0 && eventJoin(survey) !== null
      ? [finding("events_joined", placeOf.get(repeats[0] ?? 0) ?? null, joinedMessage(repeats[0] ?? 0))]
      : repeats.map((seq) =>
          finding("event_repeat", placeOf.get(seq) ?? null, `Event ${seq} stands there more than once.`),
        )),
    ...(first > 1
      ? [finding("events_begin_late", placeOf.get(first) ?? null, `The first event is ${first}.`)]
      : []),
    ...(lost > 0
      ? [finding("events_lost", SEQUENCE_PATH, `${spanOf(last + 1, last + lost)} missing at the end.`)]
      : []),
  ];
}

function joinedMessage(seq: number): string {
  return `Two branches gave out the numbers from ${seq} on. If none were merged, try the locks: mai selftest race`;
}

function spanOf(from: number, to: number): string {
  return from === to ? `Event ${from} is` : `Events ${from} to ${to} are`;
}

/** Notes lines of the audit log that are none. */
export function checkHistoryLines({ history }: Survey): readonly Finding[] {
  return history
    .filter(({ entry }) => entry === null)
    .map(({ path, line }) => finding("history_invalid", path, `Line ${line} is no audit line.`));
}

/** Notes where the times of a log go backwards. */
export function checkClocks(survey: Survey): readonly Finding[] {
  const { clock } = survey.view;
  const events = survey.events
    .flatMap(({ path, event }) =>
      event === null
        ? []
        : [{ path, seq: event.seq, ts: event.ts, atMs: parseTimestamp(String(event.ts), clock) }],
    )
    .toSorted((a, b) => a.seq - b.seq);
  const days = Map.groupBy(survey.history, ({ path }) => path);
  const lines = [...days.values()].map((places) =>
    places.map(({ path, entry }) => {
      const ts = entry?.ts ?? "";
      return { path, ts, atMs: parseTimestamp(ts, clock) };
    }),
  );
  return [events, ...lines].flatMap((log) =>
    clockJumps<{ path: string; ts: string; atMs: number | null }>(log, CLOCK_TOLERANCE_MS).map(
      ({ before, after }) =>
        finding("clock_backwards", after.path, `${before.ts} is followed by ${after.ts}.`),
    ),
  );
}
