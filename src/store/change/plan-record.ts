import { formatEventLine } from "../../codec/event-line.ts";
import { formatHistoryLine } from "../../codec/history-line.ts";
import {
  type FileWrite,
  type JournalChange,
  type JournalRecord,
  withTextAtEnd,
} from "../../codec/journal-record.ts";
import { formatSequence } from "../../codec/sequence-file.ts";
import { formatTimestamp, localDate, utcDate } from "../../domain/time.ts";
import { digestOf, sha256 } from "../digest.ts";
import { lstatOrNull } from "../directories.ts";
import { O_NOFOLLOW, O_RDONLY } from "../file-system.ts";
import { gzipText } from "../logs/gzip.ts";
import { eventsPath, historyPath, mirrorPath, SEQUENCE_PATH } from "../project-paths.ts";
import { mostBytesOf, notAFile, readBytes } from "../read-file.ts";
import { currentSequence } from "../reading/numbers.ts";
import type { FileView } from "../reading/open-view.ts";
import { decodeLossy } from "../utf8.ts";
import { absolute, type Workspace } from "../workspace.ts";
import type { ChangeSet, FileEdit } from "./change-set.ts";

/** Works out every byte that the change writes. Nothing is written yet. */
export function planRecord(
  workspace: Workspace,
  view: FileView,
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
  const planned: Planned = new Map();
  for (const edit of changes.files) layEdit(workspace, view, planned, edit);
  layEdit(workspace, view, planned, { path: SEQUENCE_PATH, text: sequence });
  if (history.length > 0) layMirroredLines(workspace, planned, historyFile, history.join(""));
  layLines(workspace, planned, eventsPath(utcDate(changes.atMs)), events.join(""));
  for (const path of changes.touch ?? []) {
    // What is written anew, or goes, needs no renewal.
    if (!planned.has(path)) planned.set(path, { kind: "touch", path });
  }
  return { version: 1, txid: seq, operation, durable: changes.durable, changes: [...planned.values()] };
}

/** What a change does to each file, by path: one place for each, so that a record cannot name a file twice. */
type Planned = Map<string, JournalChange>;

function layEdit(workspace: Workspace, view: FileView, planned: Planned, edit: FileEdit): void {
  const mirror = edit.mirror === undefined ? mirrorPath(edit.path) : edit.mirror;
  const content = edit.gzip === true && edit.text !== null ? gzipText(edit.text) : edit.text;
  const digest = content === null ? null : sha256(content);
  for (const path of mirror === null ? [edit.path] : [edit.path, mirror]) {
    const before = digestBefore(workspace, view, path);
    if (before === digest) planned.delete(path);
    else planned.set(path, { kind: "write", path, before, ...afterOf(content) });
  }
}

function afterOf(content: string | Uint8Array | null): Pick<FileWrite, "after" | "encoding"> {
  if (content === null || typeof content === "string") return { after: content };
  return { after: content.toBase64(), encoding: "base64" };
}

/** Of the very text that was decided on, where it was read: an edit by hand since then must not pass for it. */
function digestBefore(workspace: Workspace, view: FileView, path: string): string | null {
  const text = view.recall(path);
  if (text !== undefined) return text === null ? null : sha256(text);
  return lstatOrNull(workspace, path) === null
    ? null
    : digestOf(readBytes(workspace.system.fs, absolute(workspace, path)));
}

/** Adds lines to a log and its mirror; a mirror that is not as long as its source is written whole. */
function layMirroredLines(workspace: Workspace, planned: Planned, path: string, text: string): void {
  layLines(workspace, planned, path, text);
  const mirror = mirrorPath(path);
  const source = planned.get(path);
  if (mirror === null || source === undefined || source.kind === "touch") return;
  if (source.kind === "append" && !planned.has(mirror) && sizeOf(workspace, mirror) === source.at) {
    planned.set(mirror, { ...source, path: mirror });
    return;
  }
  // A log that grew beyond what can be read stops nobody: doctor says that its copy is behind.
  if ([path, mirror].some((log) => sizeOf(workspace, log) > mostBytesOf(log))) return;
  const bytes = readBytes(workspace.system.fs, absolute(workspace, mirror));
  const after = source.kind === "write" ? source.after : textOf(workspace, path) + source.text;
  planned.set(mirror, { kind: "write", path: mirror, before: digestOf(bytes), after });
}

function textOf(workspace: Workspace, path: string): string {
  return decodeLossy(readBytes(workspace.system.fs, absolute(workspace, path)) ?? new Uint8Array());
}

/** Adds lines to the end of a log: of the text that this change writes, where it does. */
function layLines(workspace: Workspace, planned: Planned, path: string, text: string): void {
  const write = planned.get(path);
  planned.set(path, write?.kind === "write" ? withTextAtEnd(write, text) : appendTo(workspace, path, text));
}

/** @throws CORRUPT_FILE for a log that is no regular file: its change could not be finished */
function appendTo(workspace: Workspace, path: string, text: string) {
  const stat = lstatOrNull(workspace, path);
  if (stat?.isFile() === false) throw notAFile(absolute(workspace, path));
  const at = stat?.size ?? 0;
  const gap = at === 0 || endsWithLineFeed(workspace, path, at) ? "" : "\n";
  return { kind: "append" as const, path, at, text: gap + text };
}

function sizeOf(workspace: Workspace, path: string): number {
  return lstatOrNull(workspace, path)?.size ?? 0;
}

function endsWithLineFeed(workspace: Workspace, path: string, size: number): boolean {
  const { fs } = workspace.system;
  const fd = fs.openSync(absolute(workspace, path), O_RDONLY | O_NOFOLLOW);
  try {
    const last = new Uint8Array(1);
    fs.readSync(fd, last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    fs.closeSync(fd);
  }
}
