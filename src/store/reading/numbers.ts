import { EMPTY_SEQUENCE, parseSequence, type Sequence } from "../../codec/sequence-file.ts";
import { lastEventSeq } from "../logs/event-files.ts";
import { SEQUENCE_PATH } from "../project-paths.ts";
import type { ProjectView } from "./project-view.ts";

/** Reads the numbers given out so far; a project without them starts after the last event that is there. */
export function currentSequence(view: ProjectView): Sequence {
  const text = view.read(SEQUENCE_PATH);
  return text === null ? { ...EMPTY_SEQUENCE, seq: lastEventSeq(view) } : parseSequence(text);
}
