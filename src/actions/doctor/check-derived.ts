import { parseJsonObject } from "../../codec/json.ts";
import { type Finding, type FindingCode, finding } from "../../domain/doctor/finding.ts";
import { isOwnName } from "../../domain/doctor/own-names.ts";
import { numbersToMoveTo } from "../../domain/doctor/sequence-floor.ts";
import { pendingRecord } from "../../store/change/journal.ts";
import {
  JOURNAL_DIRECTORY,
  JOURNAL_PATH,
  KEYS_DIRECTORY,
  SEQUENCE_PATH,
  TEMP_DIRECTORY,
} from "../../store/project-paths.ts";
import { currentSequence } from "../../store/reading/numbers.ts";
import { type MirrorState, mirrorStates } from "./mirror-state.ts";
import type { Survey } from "./survey.ts";

/** A temp file that is younger may belong to a change that is being made. */
const TEMP_AGE_MS = 60_000;

const MIRROR_CODES = {
  missing: ["mirror_missing", "It should be a copy of"],
  stale: ["mirror_stale", "It differs from"],
  stray: ["mirror_stray", "What it is a copy of lies elsewhere now"],
  last_copy: ["mirror_last_copy", "Its source is gone: this is the last copy"],
  foreign: ["mirror_foreign", "It is none of mai's files"],
} as const satisfies Record<MirrorState["state"], readonly [FindingCode, string]>;

/** Checks that `async/` is what its sources say. */
export function checkMirror(survey: Survey): readonly Finding[] {
  return mirrorStates(survey).map(({ mirror, source, state }) => {
    const [code, what] = MIRROR_CODES[state];
    return finding(code, mirror, source === null ? `${what}.` : `${what} ${source}.`);
  });
}

/** Checks that no number that was given out could be given out again. */
export function checkSequenceNumbers(survey: Survey): readonly Finding[] {
  const numbers = numbersOf(survey);
  if (numbers === null) return [];
  const parts = Object.entries(numbers.ids).map(([prefix, number]) => `${prefix} ${number}`);
  const counted = currentSequence(survey.view).seq;
  const seq = numbers.seq > counted ? [`event ${numbers.seq}`] : [];
  const message = `It does not count up to what was given out: ${[...seq, ...parts].join(", ")}.`;
  return [finding("sequence_behind", SEQUENCE_PATH, message)];
}

/** Returns where the numbers of a project must move to; null where they stand there. */
export function numbersOf({ view, issues, archived, events, sequenceFault }: Survey) {
  if (sequenceFault !== null) return null;
  const sound = events.flatMap(({ event }) => (event === null ? [] : [event]));
  return numbersToMoveTo(currentSequence(view), {
    lastSeq: sound.reduce((last, { seq }) => Math.max(last, seq), 0),
    fileIds: [...issues, ...archived].map(({ id }) => id),
    eventIds: sound.flatMap(({ issue }) => (typeof issue === "string" ? [issue] : [])),
  });
}

/** Checks for what crashes left: temp files, and records and texts that were set aside. */
export function checkLeftovers({ reader, view, call }: Survey): readonly Finding[] {
  const nowMs = view.clock.nowMs();
  const temps = reader
    .list(TEMP_DIRECTORY)
    .map((name) => `${TEMP_DIRECTORY}/${name}`)
    .filter((path) => nowMs - (view.modifiedMs(path) ?? nowMs) > TEMP_AGE_MS);
  const torn = view.exists(JOURNAL_PATH) && pendingRecord(call.workspace) === null;
  const aside = reader
    .list(JOURNAL_DIRECTORY)
    .map((name) => `${JOURNAL_DIRECTORY}/${name}`)
    .filter((path) => path !== JOURNAL_PATH || torn);
  return [
    ...temps.map((path) => finding("temp_orphan", path, "A crash left it.")),
    ...aside.map((path) => finding("set_aside", path, asideMessage(path))),
  ];
}

function asideMessage(path: string): string {
  if (/\/conflict-/.test(path)) return "A text that was edited by hand during an interrupted change.";
  return "A record of a change that could not be read; that change did not happen.";
}

/** Checks what `--key` remembers. */
export function checkKeys({ reader, config }: Survey): readonly Finding[] {
  return reader.list(KEYS_DIRECTORY).flatMap((name) => {
    const path = `${KEYS_DIRECTORY}/${name}`;
    if (!isOwnName(path, config.queues)) return [];
    const text = reader.text(path);
    if (text === null || typeof parseJsonObject(text)?.command === "string") return [];
    return [finding("key_invalid", path, "It does not say which command the key was used for.")];
  });
}
