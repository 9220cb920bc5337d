import { formatHistoryLine, type HistoryEntry, parseHistoryLine } from "../../codec/history-line.ts";
import { type LogNote, noteDraft, noteLabel } from "../../domain/log-note.ts";
import { operatorName } from "../../domain/names.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { checkText } from "../../domain/text.ts";
import { formatTimestamp, localDate } from "../../domain/time.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { ChangeSet } from "../../store/change/change-set.ts";
import { readDayLines } from "../../store/logs/day-logs.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { answerOfKey, type KeyedCommand, keyFiles } from "../issue/keys.ts";
import { readTeamForChange } from "../team.ts";

/** One line of the audit log; `entry` is null where somebody else wrote something else. */
export interface LogLine {
  readonly line: string;
  readonly entry: HistoryEntry | null;
}

/** What `log history` answers. */
export interface History {
  readonly date: string;
  /** In the order of the file. */
  readonly lines: readonly LogLine[];
  /** Number of lines that match, shown or not. */
  readonly total: number;
}

/** What `log history` is narrowed by. */
export interface HistoryRequest {
  /** Local date; null for today. */
  readonly date: string | null;
  /** Any case, with or without `@`; null for everybody. */
  readonly agent: string | null;
  /** How many of the newest to show; null for all. */
  readonly limit: number | null;
}

/** What a command line says about a note. */
export interface NoteRequest {
  readonly agent: string;
  readonly type: string;
  readonly summary: string;
  readonly status: string | null;
  readonly key: string | null;
}

/** What `log write` answers. */
export interface NoteAnswer {
  readonly agent: string;
  readonly type: string;
  /** The line as it stands in the log. */
  readonly line: string;
  readonly idempotent: boolean;
}

/** Reads one day's audit log. */
export function readHistory(call: Call, request: HistoryRequest): History {
  return readProject(call.workspace, (view) => {
    const date = request.date ?? localDate(view.clock.nowMs(), view.clock);
    const actor = request.agent?.replace(/^@/, "").toUpperCase() ?? null;
    const matching = logLines(readDayLines(view, "history", date)).filter(
      ({ entry }) => actor === null || entry?.actor === actor,
    );
    const skipped = request.limit === null ? 0 : Math.max(0, matching.length - request.limit);
    return { date, lines: matching.slice(skipped), total: matching.length };
  });
}

/**
 * Adds a note to the audit log; with a key it does so once. Anybody may who can write the files.
 * @throws INVALID_NAME, INVALID_TEXT
 */
export function writeNote(call: Call, request: NoteRequest): Outcome<NoteAnswer> {
  const note = noteOf(call, request);
  const keyed: KeyedCommand = { key: request.key, command: "log write", operator: note.signer };
  return changeProject(call.workspace, "log write", (view) => {
    const { config } = readTeamForChange(view, call);
    const earlier = answerOfKey<NoteAnswer>(view, keyed);
    if (earlier !== null) return { answer: { ...earlier, idempotent: true }, changes: null };
    const { line, changes } = noteChanges(view, note);
    const answer = { agent: note.agent, type: note.type, line, idempotent: false };
    const durable = config.durability === "full";
    return { answer, changes: { ...changes, durable, files: keyFiles(keyed, answer) } };
  });
}

function logLines(text: string): readonly LogLine[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return lines.filter((line) => line !== "").map((line) => ({ line, entry: parseHistoryLine(line) }));
}

/** With no operator named anywhere, the agent signs for itself. */
function noteOf(call: Call, request: NoteRequest): LogNote {
  const agent = operatorName(request.agent, "agent");
  return {
    agent,
    type: noteLabel(request.type, "type"),
    summary: checkText(request.summary, "summary"),
    status: request.status === null ? null : noteLabel(request.status, "status"),
    signer: call.operator ?? agent,
  };
}

/** The event carries the line: that is how taking it back knows it from a line that a change wrote. */
function noteChanges(
  view: ProjectView,
  note: LogNote,
): { line: string; changes: Pick<ChangeSet, "atMs" | "history" | "events"> } {
  const atMs = view.clock.nowMs();
  const draft = noteDraft(note);
  const line = formatHistoryLine(draft, formatTimestamp(atMs, view.clock)).slice(0, -1);
  const { agent, type, status, signer } = note;
  const data = { agent, type, ...(status === null ? {} : { status }), line };
  return {
    line,
    changes: { atMs, history: [draft], events: [{ type: "log.noted", actor: signer, data }] },
  };
}
