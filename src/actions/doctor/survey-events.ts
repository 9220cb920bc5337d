import { type EventLine, parseEventLine } from "../../codec/event-line.ts";
import { archivedDayLogPath, dayLogPath, logDates } from "../../store/logs/day-logs.ts";
import type { TolerantReader } from "./tolerant-reader.ts";

/** One line of the event stream; null where it cannot be read. */
export interface SurveyedEvent {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly event: EventLine | null;
}

/** Reads the whole event stream, file by file. */
export function readEventLog(reader: TolerantReader): readonly SurveyedEvent[] {
  return logDates(reader, "events").flatMap((date) => {
    const archived = archivedDayLogPath("events", date);
    const plain = dayLogPath("events", date);
    return [...linesOf(archived, reader.unpackedLines(archived)), ...linesOf(plain, reader.lines(plain))];
  });
}

function linesOf(path: string, text: string | null): readonly SurveyedEvent[] {
  const lines = (text ?? "").split("\n");
  return lines.flatMap((line, index) =>
    line === "" ? [] : [{ path, line: index + 1, event: parseEventLine(line) }],
  );
}
