import { formatEventLine } from "../codec/event-line.ts";
import { formatHistoryLine } from "../codec/history-line.ts";
import type { FileWrite, JournalChange, JournalRecord } from "../codec/journal-record.ts";
import { EMPTY_SEQUENCE, formatSequence, parseSequence, type Sequence } from "../codec/sequence-file.ts";
import type { EventDraft, HistoryDraft } from "../domain/events.ts";
import type { Outcome } from "../domain/outcome.ts";
import { formatTimestamp, localDate, utcDate } from "../domain/time.ts";
import { touchFile } from "./apply-changes.ts";
import { checkWritable } from "./check-writable.ts";
import { digestOf, sha256 } from "./digest.ts";
import { checkWritePlaces, parentOf, syncDirectory } from "./directories.ts";
import { lastEventSeq } from "./event-files.ts";
import { isSystemError } from "./io-error.ts";
import { commitRecord, recover } from "./journal.ts";
import { takeMutex } from "./mutex.ts";
import { eventsPath, historyPath, JOURNAL_PATH, mirrorPath, SEQUENCE_PATH } from "./project-paths.ts";
import { openView, type ProjectView } from "./project-view.ts";
import { readBytes } from "./read-file.ts";
import { readProject } from "./read-project.ts";
import { discardTemp, openTemp, replaceFile, type TempFile } from "./replace-file.ts";
import { absolute, type Workspace } from "./workspace.ts";

/** New text of one file, null to remove it. */
export interface FileEdit {
  readonly path: string;
  readonly text: string | null;
  /** Where people read it, when that is not the usual place in `async/`; null for nowhere. */
  readonly mirror?: string | null;
}

/** All that one command changes; it happens whole or not at all. */
export interface ChangeSet {
  /** The time that records, audit lines and events bear, in milliseconds since 1970. */
  readonly atMs: number;
  readonly files: readonly FileEdit[];
  readonly history: readonly HistoryDraft[];
  /** At least one: its number is what readers notice a change by. */
  readonly events: readonly EventDraft[];
  /** Leases whose time starts again. */
  readonly touch?: readonly string[];
  /** Last numbers given out by this change, per id prefix. */
  readonly ids?: Readonly<Record<string, number>>;
  /** Smallest number that counts as given out to events: only mending a project needs it. */
  readonly lastSeq?: number;
  readonly durable: boolean;
}

/** A decision: what to answer, and what to change (null for nothing). */
export interface Plan<Answer> {
  readonly answer: Answer;
  readonly changes: ChangeSet | null;
  /** Leases to renew although nothing else changes. */
  readonly renew?: readonly string[];
  /** A lease to write anew although nothing else changes: one file, so that it needs no journal. */
  readonly rewrite?: { readonly path: string; readonly text: string; readonly durable: boolean };
}

/**
 * The one write path: takes the mutex, finishes what a crash left, lets `decide` look and decide, commits what it
 * returns, and releases. A dry run decides on a reading and stops there.
 * @param operation names the change in the journal
 * @throws whatever `decide` throws, BUSY, or a system error before the commit point: then nothing changed
 */
export function changeProject<Answer>(
  workspace: Workspace,
  operation: string,
  decide: (view: ProjectView) => Plan<Answer>,
): Outcome<Answer> {
  if (workspace.dryRun) {
    const plan = readProject(workspace, decide);
    return { answer: plan.answer, changed: plan.changes !== null, pending: false };
  }
  checkWritePlaces(workspace, [JOURNAL_PATH]);
  const mutex = takeMutex(workspace);
  try {
    recover(workspace);
    return decideAndCommit(workspace, operation, decide);
  } finally {
    mutex.release();
  }
}

function decideAndCommit<Answer>(
  workspace: Workspace,
  operation: string,
  decide: (view: ProjectView) => Plan<Answer>,
): Outcome<Answer> {
  const spare = new SpareTemp(workspace);
  try {
    const view = openView(workspace, () => spare.nowMs(), null);
    const { answer, changes, renew, rewrite } = decide(view);
    if (changes === null) {
      for (const path of renew ?? []) touchFile(workspace, path);
      if (rewrite !== undefined) rewriteFile(workspace, rewrite);
      return { answer, changed: false, pending: false };
    }
    const all = workspace.alongWith?.(view, changes) ?? changes;
    const record = recordOf(workspace, view, operation, all);
    checkWritePlaces(
      workspace,
      record.changes.map((change) => change.path),
    );
    checkWritable(workspace, record.changes);
    const { pending, fault } = commitRecord(workspace, record, spare.give());
    if (pending) warnPending(workspace, fault);
    return { answer, changed: true, pending };
  } finally {
    spare.discard();
  }
}

function rewriteFile(workspace: Workspace, { path, text, durable }: NonNullable<Plan<unknown>["rewrite"]>) {
  checkWritePlaces(workspace, [path]);
  replaceFile(workspace, path, text, durable);
  if (durable) syncDirectory(workspace, parentOf(path));
}

function warnPending(workspace: Workspace, fault: unknown): void {
  if (!isSystemError(fault) && !(fault instanceof Error)) throw fault;
  workspace.warn(`The change is committed; the next mai command finishes writing it (${fault.message}).`);
}

/** The temp file that the journal record will be written to: made early, it also tells the file system's time. */
class SpareTemp {
  readonly #workspace: Workspace;
  #temp: TempFile | null = null;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  nowMs(): number {
    this.#temp ??= openTemp(this.#workspace);
    return this.#workspace.system.fs.fstatSync(this.#temp.fd).mtimeMs;
  }

  give(): TempFile | null {
    const temp = this.#temp;
    this.#temp = null;
    return temp;
  }

  discard(): void {
    const temp = this.give();
    if (temp === null) return;
    this.#workspace.system.fs.closeSync(temp.fd);
    discardTemp(this.#workspace, temp.path);
  }
}

/** Works out every byte that the change writes. Nothing is written yet. */
function recordOf(
  workspace: Workspace,
  view: ProjectView,
  operation: string,
  changes: ChangeSet,
): JournalRecord {
  const { clock } = workspace.system;
  const ts = formatTimestamp(changes.atMs, clock);
  const before = currentSequence(view);
  const lastSeq = Math.max(before.seq, changes.lastSeq ?? 0);
  const seq = lastSeq + changes.events.length;
  const events = changes.events.map((event, index) => formatEventLine(event, lastSeq + index + 1, ts));
  const history = changes.history.map((entry) => formatHistoryLine(entry, ts));
  const historyFile = historyPath(localDate(changes.atMs, clock));
  const sequence = formatSequence({ seq, ids: { ...before.ids, ...changes.ids } });
  const writes = [...changes.files, { path: SEQUENCE_PATH, text: sequence }].flatMap((edit) =>
    writesOf(workspace, edit),
  );
  const { durable } = changes;
  return {
    version: 1,
    txid: seq,
    operation,
    durable,
    changes: [
      ...writes,
      ...(history.length === 0 ? [] : mirroredAppend(workspace, historyFile, history.join(""))),
      appendTo(workspace, eventsPath(utcDate(changes.atMs)), events.join("")),
      ...(changes.touch ?? []).map((path) => ({ kind: "touch" as const, path })),
    ],
  };
}

/** Reads the numbers given out so far; a project without them starts after the last event that is there. */
export function currentSequence(view: ProjectView): Sequence {
  const text = view.read(SEQUENCE_PATH);
  return text === null ? { ...EMPTY_SEQUENCE, seq: lastEventSeq(view) } : parseSequence(text);
}

function writesOf(workspace: Workspace, edit: FileEdit): readonly FileWrite[] {
  const mirror = edit.mirror === undefined ? mirrorPath(edit.path) : edit.mirror;
  const paths = mirror === null ? [edit.path] : [edit.path, mirror];
  return paths.flatMap((path) => {
    const before = digestOf(readBytes(workspace.system.fs, absolute(workspace, path)));
    const after = edit.text === null ? null : sha256(edit.text);
    return before === after ? [] : [{ kind: "write" as const, path, before, after: edit.text }];
  });
}

/** Appends to a log and its mirror; a mirror that has not the length of its source is written whole. */
function mirroredAppend(workspace: Workspace, path: string, text: string): readonly JournalChange[] {
  const source = appendTo(workspace, path, text);
  const mirror = mirrorPath(path);
  if (mirror === null) return [source];
  const { system } = workspace;
  const size = sizeOf(workspace, mirror);
  if (size === source.at) return [source, { ...source, path: mirror }];
  const whole =
    Buffer.from(readBytes(system.fs, absolute(workspace, path)) ?? []).toString("utf8") + source.text;
  const before = digestOf(readBytes(system.fs, absolute(workspace, mirror)));
  return [source, { kind: "write", path: mirror, before, after: whole }];
}

function appendTo(workspace: Workspace, path: string, text: string) {
  const at = sizeOf(workspace, path);
  const gap = at === 0 || endsWithLineFeed(workspace, path, at) ? "" : "\n";
  return { kind: "append" as const, path, at, text: gap + text };
}

function sizeOf(workspace: Workspace, path: string): number {
  try {
    return workspace.system.fs.lstatSync(absolute(workspace, path)).size;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return 0;
    throw error;
  }
}

function endsWithLineFeed(workspace: Workspace, path: string, size: number): boolean {
  const { fs } = workspace.system;
  const fd = fs.openSync(absolute(workspace, path), "r");
  try {
    const last = Buffer.alloc(1);
    fs.readSync(fd, last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    fs.closeSync(fd);
  }
}
