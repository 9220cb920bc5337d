import { type HistoryEntry, parseHistoryLine } from "../../codec/history-line.ts";
import { HISTORY_DIRECTORY } from "../../store/project-paths.ts";
import type { TolerantReader } from "./tolerant-reader.ts";

const HISTORY_FILE = /^\d{4}-\d\d-\d\d\.log$/;

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
  const paths = reader
    .names(HISTORY_DIRECTORY)
    .filter((name) => HISTORY_FILE.test(name))
    .map((name) => `${HISTORY_DIRECTORY}/${name}`);
  return paths.flatMap((path) =>
    (reader.text(path) ?? "")
      .split("\n")
      .flatMap((text, index) =>
        text === "" ? [] : [{ path, line: index + 1, text, entry: parseHistoryLine(text) }],
      ),
  );
}
