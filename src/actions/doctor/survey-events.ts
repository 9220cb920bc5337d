import { type EventLine, parseEventLine } from "../../codec/event-line.ts";
import { EVENTS_DIRECTORY } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/project-view.ts";
import type { TolerantReader } from "./tolerant-reader.ts";

const EVENT_FILE = /^\d{4}-\d\d-\d\d\.jsonl$/;

/** One line of the event stream; null where it cannot be read. */
export interface SurveyedEvent {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly event: EventLine | null;
}

/** Reads the whole event stream, file by file. */
export function readEventLog(view: ProjectView, reader: TolerantReader): readonly SurveyedEvent[] {
  const names = view.list(EVENTS_DIRECTORY).filter((name) => EVENT_FILE.test(name));
  return names.flatMap((name) => linesOf(reader, `${EVENTS_DIRECTORY}/${name}`));
}

function linesOf(reader: TolerantReader, path: string): readonly SurveyedEvent[] {
  const lines = (reader.text(path) ?? "").split("\n");
  return lines.flatMap((line, index) =>
    line === "" ? [] : [{ path, line: index + 1, event: parseEventLine(line) }],
  );
}
