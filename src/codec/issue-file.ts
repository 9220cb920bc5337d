import { MaiError } from "../domain/errors.ts";
import { isIssueId } from "../domain/ids.ts";
import {
  type Issue,
  type IssueHeader,
  type IssueRecord,
  RECORD_WORDS,
  type RecordWord,
  STATES,
  type State,
} from "../domain/issue.ts";
import { sortedLabels } from "../domain/labels.ts";
import { parseItems } from "./check-list.ts";
import { requireNoConflict } from "./conflict-markers.ts";
import { outdentLine, unescapeBody } from "./escape-lines.ts";
import { parseHandover } from "./handover-section.ts";
import { type IssueDocument, isRecordStart, readIssueDocument, sectionLines } from "./issue-document.ts";
import { type FieldName, priorityOf, type SectionName } from "./issue-labels.ts";

/** What the place of a file says about it. */
export interface IssuePlace {
  /** Path from the project's root, for errors. */
  readonly path: string;
  /** From the file's name, which is what the rest of the project goes by. */
  readonly id: string;
  readonly queue: string;
  /** Whether a lease file exists: older states read differently then, and only for them it is asked. */
  readonly leased: boolean | (() => boolean);
}

/** An issue and the document it was read from. */
export interface IssueFile {
  readonly issue: Issue;
  readonly document: IssueDocument;
}

/** States of older files: what they mean without and with a lease. */
const OLDER_STATES: Readonly<Record<string, { free: State; leased: State }>> = {
  AMENDED: { free: "OPEN", leased: "IN_PROGRESS" },
  ESCALATED: { free: "OPEN", leased: "IN_PROGRESS" },
  DONE: { free: "COMPLETED", leased: "COMPLETED" },
};

const RECORD = /^- \[([^\]\n]*)\] @([^:\n]*):[ \t]?(.*)$/s;

/**
 * Reads an issue file of mai or of mai-cli 1.5–1.10.
 * @throws CORRUPT_FILE naming the file and what is wrong in it
 */
export function parseIssueFile(text: string, place: IssuePlace): IssueFile {
  requireNoConflict(text, place.path);
  const document = readIssueDocument(text, place.path);
  const issue: Issue = {
    ...headerOf(document, place),
    body: unescapeBody(sectionText(document, "body")),
    context: sectionText(document, "context"),
    handover: parseHandover(sectionLines(document, "handover")),
    acceptance: parseItems(sectionLines(document, "acceptance")),
    keptRules: parseRules(document.fields.get("rules")?.value ?? ""),
    records: parseRecords(document),
  };
  return { issue, document };
}

/**
 * Reads only the header of an issue file.
 * @param head the file up to its first section heading, as `headOfIssueFile()` cuts it, or more of it
 * @throws CORRUPT_FILE naming the file and what is wrong in its header
 */
export function parseIssueHeader(head: string, place: IssuePlace): IssueHeader {
  requireNoConflict(head, place.path);
  return headerOf(readIssueDocument(head, place.path), place);
}

function headerOf(document: IssueDocument, place: IssuePlace): IssueHeader {
  const field = (name: FieldName) => document.fields.get(name)?.value || null;
  return {
    id: place.id,
    queue: place.queue,
    title: document.title,
    status: parseState(field("status"), place),
    priority: priorityOf(field("priority") ?? undefined),
    handler: withoutAt(field("handler")) ?? "",
    creator: withoutAt(field("creator")),
    ref: parseRef(field("ref")),
    blockedBy: parseIds(field("blockedBy")),
    labels: parseLabels(field("labels")),
    created: field("created") ?? "",
    slaDeadline: field("slaDeadline"),
    fence: parseFence(field("fence"), place),
  };
}

function parseState(value: string | null, place: IssuePlace): State {
  const word = lastWord(value ?? "");
  if (isState(word)) return word;
  const older = Object.hasOwn(OLDER_STATES, word) ? OLDER_STATES[word] : undefined;
  if (older !== undefined) return isLeased(place) ? older.leased : older.free;
  throw new MaiError("CORRUPT_FILE", `${place.path}: ${JSON.stringify(word)} is no state.`, {
    hint: `Mend the file by hand; the states are ${STATES.join(", ")}.`,
    fields: { path: place.path },
  });
}

function lastWord(text: string): string {
  return text.slice(Math.max(text.lastIndexOf(" "), text.lastIndexOf("\t")) + 1);
}

function isState(word: string): word is State {
  return (STATES as readonly string[]).includes(word);
}

function isLeased({ leased }: IssuePlace): boolean {
  return typeof leased === "function" ? leased() : leased;
}

function parseFence(value: string | null, place: IssuePlace): number {
  if (value === null) return 0;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new MaiError(
    "CORRUPT_FILE",
    `${place.path}: the fence ${JSON.stringify(value)} is no whole number.`,
    {
      hint: "Mend the file by hand; the fence never shrinks.",
      fields: { path: place.path },
    },
  );
}

function withoutAt(value: string | null): string | null {
  return (value?.startsWith("@") ? value.slice(1) : value) || null;
}

/** A reference stands as `[REQ-001](#)`; older files have the bare id. */
function parseRef(value: string | null): string | null {
  return value === null ? null : (/^\[([^\]]*)\]/.exec(value)?.[1] ?? value);
}

/** Labels are told apart by commas; what a person wrote between them is taken as it is, but for its case. */
function parseLabels(value: string | null): readonly string[] {
  if (value === null) return [];
  const names = value.split(/[,，]/).map((name) => name.trim().toLowerCase().normalize("NFC"));
  return sortedLabels(names.filter((name) => name !== ""));
}

/**
 * Several ids, with whatever people put between them; each may stand as `[REQ-001](#)`. What is no id stays as
 * it is written, so that nothing is lost by a rewrite: it names no issue, and doctor says so.
 */
function parseIds(value: string | null): readonly string[] {
  if (value === null) return [];
  const words = value.split(/[,，、;； \t]+/).filter((word) => word !== "");
  const ids = words.map((word) => /^\[([^\]]*)\]/.exec(word)?.[1] ?? word);
  return [...new Set(ids.map((id) => (isIssueId(id.toUpperCase()) ? id.toUpperCase() : id)))];
}

/** Words that are no rule stay as they are written: a rewrite loses nothing. */
function parseRules(value: string): readonly string[] {
  return [...new Set(value.split(/[,，\s]+/).filter((word) => word !== ""))];
}

function sectionText(document: IssueDocument, name: SectionName): string {
  const lines = [...sectionLines(document, name)];
  if (lines[0] === "") lines.shift();
  if (lines[lines.length - 1] === "") lines.pop();
  return lines.join("\n");
}

function parseRecords(document: IssueDocument): readonly IssueRecord[] {
  const chunks: string[][] = [];
  let chunk: string[] = [];
  for (const line of sectionLines(document, "records")) {
    if (isRecordStart(line)) {
      chunk = [line];
      chunks.push(chunk);
    } else chunk.push(outdentLine(line) === "" && line !== "" ? KEPT_BLANK : outdentLine(line));
  }
  return chunks.map(parseRecord);
}

/** Stands for a blank line that is indented, and so belongs to the record. */
const KEPT_BLANK = "\0";

function parseRecord(lines: readonly string[]): IssueRecord {
  let end = lines.length;
  while (end > 1 && lines[end - 1] === "") end -= 1;
  const kept = lines.slice(0, end).map((line) => (line === KEPT_BLANK ? "" : line));
  const text = kept.join("\n");
  const [, ts = "", actor = "", content = ""] = RECORD.exec(text) ?? [];
  return { ts, actor, ...splitWord(content) };
}

/** Splits `WORD：text`; the Chinese word of a creation is CREATED. */
function splitWord(content: string): { word: RecordWord | null; text: string } {
  const match = /^([A-Z_]+|创建)(?:(?:：|:[ ]?)(.*))?$/s.exec(content);
  if (match === null) return { word: null, text: content };
  const name = match[1] === "创建" ? "CREATED" : match[1];
  return isRecordWord(name) ? { word: name, text: match[2] ?? "" } : { word: null, text: content };
}

function isRecordWord(name: string | undefined): name is RecordWord {
  return (RECORD_WORDS as readonly (string | undefined)[]).includes(name);
}
