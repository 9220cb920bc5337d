import { type Finding, finding } from "../../domain/doctor/finding.ts";
import type { Survey } from "./survey.ts";
import type { SurveyedIssue } from "./survey-issues.ts";

/** What the logs tell of one issue: where, and how often it changed at which times. */
interface Known {
  readonly path: string;
  readonly events: Map<string, number>;
  readonly lines: Map<string, number>;
}

/** Events that leave a record in the issue they name: a move to the archive and back leaves the file as it is. */
const RECORDED = /^(?:issue\.(?!archived$|restored$)|lease\.released$)/;
/** A time as mai writes it. Lines of the Python tool have another time than the record that they tell of. */
const OWN_TIME = /T\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/;

/** Checks that every issue and every record that the logs tell of is there. */
export function checkKnownIssues(survey: Survey): readonly Finding[] {
  const known = new Map<string, Known>();
  const note = (id: string, path: string): Known => {
    const entry = known.get(id) ?? { path, events: new Map(), lines: new Map() };
    known.set(id, entry);
    return entry;
  };
  noteEvents(survey, note);
  noteHistory(survey, note);
  const issues = Map.groupBy([...survey.issues, ...survey.archived], ({ id }) => id);
  return [...known].flatMap(([id, entry]) => {
    const named = issues.get(id);
    if (named === undefined)
      return [finding("issue_lost", entry.path, `It tells of ${id}, which is not there.`)];
    return named.some(({ facts }) => facts === null) ? [] : checkRecords(id, entry, named);
  });
}

function checkRecords(id: string, known: Known, named: readonly SurveyedIssue[]): readonly Finding[] {
  const there = new Map<string, number>();
  for (const { facts } of named) for (const time of facts?.recordTimes ?? []) count(there, time);
  const missing = [...new Set([...known.events.keys(), ...known.lines.keys()])].filter((time) => {
    const told = Math.max(known.events.get(time) ?? 0, known.lines.get(time) ?? 0);
    return told > (there.get(time) ?? 0);
  });
  if (missing.length === 0) return [];
  const message = `${id} lacks records that the logs tell of, of ${missing.join(", ")}`;
  return [finding("record_missing", named[0]?.path ?? null, `${message.slice(0, 300)}.`)];
}

type Note = (id: string, path: string) => Known;

function noteEvents({ events }: Survey, note: Note): void {
  for (const { path, event } of events) {
    if (typeof event?.issue !== "string" || !RECORDED.test(event.type)) continue;
    count(note(event.issue, path).events, String(event.ts));
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
    if (OWN_TIME.test(entry.ts)) count(known.lines, entry.ts);
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
