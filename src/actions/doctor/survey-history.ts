import { type HistoryEntry, parseHistoryLine } from "../../codec/history-line.ts";
import { archivedDayLogPath, dayLogPath, logDates } from "../../store/logs/day-logs.ts";
import type { TolerantReader } from "./tolerant-reader.ts";

/** A line of the audit log, with its place. */
export interface HistoryPlace {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** Null where it is no audit line. */
  readonly entry: HistoryEntry | null;
}

/** Reads the audit log of all days. */
export function readHistoryLog(reader: TolerantReader): readonly HistoryPlace[] {
  return logDates(reader, "history").flatMap((date) => {
    const archived = archivedDayLogPath("history", date);
    const plain = dayLogPath("history", date);
    return [...placesOf(archived, reader.unpackedLines(archived)), ...placesOf(plain, reader.lines(plain))];
  });
}

function placesOf(path: string, log: string | null): readonly HistoryPlace[] {
  return (log ?? "")
    .split("\n")
    .flatMap((text, index) =>
      text === "" ? [] : [{ path, line: index + 1, text, entry: parseHistoryLine(text) }],
    );
}
