import { parseEventLine } from "../codec/event-line.ts";
import { EVENTS_DIRECTORY } from "./project-paths.ts";
import type { ProjectView } from "./project-view.ts";

/** Names of event files: the UTC date of their writer. */
export const EVENT_FILE = /^\d{4}-\d\d-\d\d\.jsonl$/;

/** Returns the number of the last event that is on disk, 0 where there is none. */
export function lastEventSeq(view: ProjectView): number {
  const files = view.list(EVENTS_DIRECTORY).filter((name) => EVENT_FILE.test(name));
  for (const name of files.reverse()) {
    const lines = (view.read(`${EVENTS_DIRECTORY}/${name}`) ?? "").trimEnd().split("\n");
    const seqs = lines.map((line) => parseEventLine(line)?.seq ?? 0);
    const last = Math.max(0, ...seqs.slice(-1000));
    if (last > 0) return last;
  }
  return 0;
}
