import { type Finding, finding } from "../../domain/doctor/finding.ts";
import type { Survey } from "./survey.ts";

/** What a log tells of one issue: where, and at which times it changed. */
interface Known {
  readonly path: string;
  readonly times: Set<string>;
}

/** Events that leave a record in the issue they name. */
const RECORDED = /^(?:issue\.|lease\.released$)/;
/** A time as mai writes it. Lines of the Python tool have another time than the record that they tell of. */
const OWN_TIME = /T\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/;

/** Checks that every issue and every record that the logs tell of is there. */
export function checkKnownIssues(survey: Survey): readonly Finding[] {
  const known = new Map<string, Known>();
  const note = (id: string, path: string): Known => {
    const entry = known.get(id) ?? { path, times: new Set<string>() };
    known.set(id, entry);
    return entry;
  };
  noteEvents(survey, note);
  noteHistory(survey, note);
  const issues = Map.groupBy(survey.issues, ({ id }) => id);
  return [...known].flatMap(([id, { path, times }]) => {
    const named = issues.get(id);
    if (named === undefined) return [finding("issue_lost", path, `It tells of ${id}, which is not there.`)];
    if (named.some(({ facts }) => facts === null)) return [];
    const there = new Set(named.flatMap(({ facts }) => [...(facts?.recordTimes ?? [])]));
    const missing = [...times].filter((time) => !there.has(time));
    if (missing.length === 0) return [];
    const message = `${id} lacks ${missing.length} of the records that ${path} tells of: ${missing[0]}`;
    return [finding("record_missing", named[0]?.path ?? null, message)];
  });
}

type Note = (id: string, path: string) => Known;

function noteEvents({ events }: Survey, note: Note): void {
  for (const { path, event } of events) {
    if (typeof event?.issue !== "string" || !RECORDED.test(event.type)) continue;
    note(event.issue, path).times.add(String(event.ts));
  }
}

/** Notes that people wrote into the log prove nothing, whatever they look like. */
function noteHistory(survey: Survey, note: Note): void {
  const notes = new Set(
    survey.events.flatMap(({ event }) => (event?.type === "log.noted" ? [event.data?.line] : [])),
  );
  for (const { path, text, entry } of survey.history) {
    if (entry === null || notes.has(text) || !entry.event.startsWith("issue_")) continue;
    const id = /^Issue ([A-Z0-9]{1,32}-[A-Z0-9]{1,32}) /.exec(entry.summary)?.[1];
    if (id === undefined) continue;
    const known = note(id, path);
    if (OWN_TIME.test(entry.ts)) known.times.add(entry.ts);
  }
}
