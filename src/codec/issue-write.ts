import type { Config, EmojiName, Language } from "../domain/config.ts";
import type { Issue, IssueRecord, State } from "../domain/issue.ts";
import { itemLines } from "./check-list.ts";
import { escapeBody, indentRecord } from "./escape-lines.ts";
import { handoverLines } from "./handover-section.ts";
import { type IssueDocument, isRecordStart } from "./issue-document.ts";
import {
  COLON,
  FIELD_LABELS,
  type FieldName,
  PRIORITY_MARKS,
  SECTION_TITLES,
  wordInFile,
} from "./issue-labels.ts";
import { spliced, withHandover, withItems, withSection } from "./splice-document.ts";

/** What the look of a file depends on. */
export type FileStyle = Pick<Config, "language" | "emoji">;

/** Order of the fields in a new file; a missing one is put after the nearest before it. */
const FIELD_ORDER = [
  "creator",
  "handler",
  "priority",
  "created",
  "status",
  "slaDeadline",
  "queue",
  "ref",
  "blockedBy",
  "labels",
  "rules",
  "fence",
] as const satisfies readonly FieldName[];

/** Fields that a file leaves out where they have nothing to say. */
const UNSAID: ReadonlySet<FieldName> = new Set(["creator", "ref", "blockedBy", "labels", "rules", "fence"]);

/** Writes the file of a new issue. */
export function formatIssueFile(issue: Issue, style: FileStyle): string {
  const { language } = style;
  const titles = SECTION_TITLES[language];
  const fields = FIELD_ORDER.map((name) => ({ name, value: fieldValue(name, issue, style) }))
    .filter(({ name, value }) => value !== "" || !UNSAID.has(name))
    .map(({ name, value }) => fieldLine(name, value, language));
  const context = issue.context === "" ? "" : `${issue.context}\n\n`;
  const acceptance = optionalSection(titles.acceptance, itemLines(issue.acceptance));
  const handover = optionalSection(titles.handover, handoverLines(issue.handover, language));
  const records = issue.records.map((record) => recordLines(record, language)).join("\n");
  return `# [${issue.id}] ${issue.title}

${fields.join("\n")}

---

## ${titles.body}

${escapeBody(issue.body)}

## ${titles.context}

${context}${acceptance}${handover}## ${titles.records}

${records}
`;
}

function optionalSection(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `## ${title}\n\n${lines.join("\n")}\n\n`;
}

/**
 * Returns the text of a document after an operation: only fields whose value changes, the title, the body and
 * the context where they change, and the new record on top. All other bytes stay.
 */
export function rewriteIssue(
  document: IssueDocument,
  before: Issue,
  after: Issue,
  options: { readonly style: FileStyle; readonly newRecords: readonly IssueRecord[] },
): string {
  const { style } = options;
  const { language } = style;
  let current = document;
  for (const name of FIELD_ORDER) {
    const value = fieldValue(name, after, style);
    // Older words for a state stay until the state itself changes: both sides read alike then.
    if (value !== fieldValue(name, before, style)) current = withField(current, name, value, language);
  }
  if (after.title !== before.title) {
    current = spliced(current, current.titleLine, 1, [`# [${after.id}] ${after.title}`]);
  }
  if (after.body !== before.body) current = withSection(current, "body", escapeBody(after.body), language);
  if (after.context !== before.context) current = withSection(current, "context", after.context, language);
  if (after.acceptance !== before.acceptance) current = withItems(current, after.acceptance, language);
  if (after.handover !== before.handover) {
    current = withHandover(current, { before: before.handover, after: after.handover }, language);
  }
  const records = options.newRecords.map((record) => recordLines(record, language));
  // A file without the section gets it with its first record, not before.
  const recorded = records.length === 0 ? current : withRecords(current, records, language);
  return recorded.lines.join(document.eol);
}

function fieldLine(name: FieldName, value: string, language: Language): string {
  return `**${FIELD_LABELS[language][name]}${COLON[language]}** ${value}`;
}

function fieldValue(name: FieldName, issue: Issue, style: FileStyle): string {
  switch (name) {
    case "creator":
      return issue.creator === null ? "" : `@${issue.creator}`;
    case "handler":
      return `@${issue.handler}`;
    case "priority":
      return `${PRIORITY_MARKS[issue.priority]} ${issue.priority}`;
    case "created":
      return issue.created;
    case "status":
      return stateValue(issue.status, style);
    case "slaDeadline":
      return issue.slaDeadline ?? "";
    case "queue":
      return issue.queue;
    case "ref":
      return issue.ref === null ? "" : `[${issue.ref}](#)`;
    case "blockedBy":
      return issue.blockedBy.join(", ");
    case "labels":
      return issue.labels.join(", ");
    case "rules":
      return issue.keptRules.join(", ");
    case "fence":
      return issue.fence === 0 ? "" : String(issue.fence);
  }
}

function stateValue(state: State, style: FileStyle): string {
  const emoji = style.emoji[state.toLowerCase() as EmojiName];
  return emoji === "" ? state : `${emoji} ${state}`;
}

function recordLines(record: IssueRecord, language: Language): string {
  const word = record.word === null ? "" : wordInFile(record.word, language);
  const separator = record.text === "" || word === "" ? "" : language === "zh" ? "：" : ": ";
  return `- [${record.ts}] @${record.actor}: ${word}${separator}${indentRecord(record.text)}`;
}

/** Puts a value into the line of its field, keeping the label as the file spells it; adds the line where there is none. */
function withField(
  document: IssueDocument,
  name: FieldName,
  value: string,
  language: Language,
): IssueDocument {
  const place = document.fields.get(name);
  if (place !== undefined && value === "" && UNSAID.has(name)) return withoutField(document, name);
  if (place !== undefined) {
    const label = /^\*\*[^*]*\*\*/.exec(document.lines[place.line] ?? "")?.[0] ?? "";
    return spliced(document, place.line, 1, [`${label} ${value}`]);
  }
  if (value === "") return document;
  return spliced(document, lineForField(document, name), 0, [fieldLine(name, value, language)]);
}

/** Takes every line of a field out: a second one that a person wrote would come into force otherwise. */
function withoutField(document: IssueDocument, name: FieldName): IssueDocument {
  const place = document.fields.get(name);
  return place === undefined ? document : withoutField(spliced(document, place.line, 1, []), name);
}

function lineForField(document: IssueDocument, name: FieldName): number {
  const before = FIELD_ORDER.slice(0, FIELD_ORDER.indexOf(name as (typeof FIELD_ORDER)[number]));
  const lines = before.map((other) => document.fields.get(other)?.line ?? -1);
  const last = Math.max(...lines, -1);
  return last === -1 ? document.titleLine + 1 : last + 1;
}

function withRecords(document: IssueDocument, records: readonly string[], language: Language): IssueDocument {
  const newLines = records.join("\n").split("\n");
  const place = document.sections.get("records");
  if (place === undefined) {
    const blank = document.lines.at(-1) === "" ? [] : [""];
    const heading = [...blank, `## ${SECTION_TITLES[language].records}`, "", ...newLines, ""];
    return spliced(document, document.lines.length, 0, heading);
  }
  const first = document.lines.findIndex(
    (line, index) => index > place.heading && index < place.end && isRecordStart(line),
  );
  if (first !== -1) return spliced(document, first, 0, newLines);
  return spliced(document, place.heading + 1, 0, ["", ...newLines]);
}
