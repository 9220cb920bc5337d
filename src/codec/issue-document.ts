import { MaiError } from "../domain/errors.ts";
import { type FieldName, fieldOfLabel, type SectionName, sectionOfTitle } from "./issue-labels.ts";

/**
 * An issue file as lines with the places that mai knows marked. Everything else is kept as it is, so that
 * writing an unchanged document gives the very bytes that were read.
 */
export interface IssueDocument {
  readonly lines: readonly string[];
  /** `\r\n` where the file's first line ends so, else `\n`. */
  readonly eol: "\n" | "\r\n";
  readonly titleLine: number;
  readonly id: string;
  readonly title: string;
  /** First line of each header field; later lines of the same field are not mai's. */
  readonly fields: ReadonlyMap<FieldName, FieldPlace>;
  /** First section of each known heading. */
  readonly sections: ReadonlyMap<SectionName, SectionPlace>;
  /** Line of the first section heading, or the number of lines. */
  readonly headerEnd: number;
}

/** Where a field stands and what it says. */
export interface FieldPlace {
  readonly line: number;
  readonly value: string;
}

/** Lines of a section: its heading, and what follows up to (not including) `end`. */
export interface SectionPlace {
  readonly heading: number;
  readonly end: number;
}

const TITLE = /^# \[([^\]\n]{1,80})\] (.*)$/;
const FIELD = /^\*\*([^*：:\n]{1,40})[：:]\*\*[ \t]*(.*)$/;
const HEADING = /^## (.*)$/;
/** A record starts only at an unindented `- [` with a date; a check list item in a remark does not. */
const RECORD_START = /^- \[\d{4}-\d\d-\d\d[^\]]*\] @/;

/**
 * Reads the outline of an issue file.
 * @param path names the file in errors
 * @throws CORRUPT_FILE when there is no title line
 */
export function readIssueDocument(text: string, path: string): IssueDocument {
  const eol = eolOf(text);
  const lines = text.split(eol);
  const titleLine = lineOfTitle(lines);
  const headings = sectionHeadings(lines, titleLine);
  const title = TITLE.exec(lines[titleLine] ?? "");
  if (title === null) throw noTitle(text, path);
  const headerEnd = headings[0] ?? lines.length;
  return {
    lines,
    eol,
    titleLine,
    id: title[1] ?? "",
    title: title[2] ?? "",
    fields: fieldPlaces(lines, titleLine, headerEnd),
    sections: sectionPlaces(lines, headings),
    headerEnd,
  };
}

/** A byte order mark is not to be seen in an editor: the line looks exactly as it should. */
function noTitle(text: string, path: string): MaiError {
  const isMarked = text.startsWith("\ufeff");
  return new MaiError(
    "CORRUPT_FILE",
    isMarked
      ? `${path} begins with a byte order mark, and should with '# [ID] title'.`
      : `${path}: line 1 should be '# [ID] title'.`,
    {
      hint: isMarked
        ? "Save it as UTF-8 without the mark; mai leaves it as it is."
        : "Mend the file by hand; mai leaves it as it is.",
      fields: { path },
    },
  );
}

/**
 * Cuts the beginning of an issue file off before its first section heading: what the header fields stand in.
 * @param start the first part of a file, or all of it
 * @returns null when the heading is not in that part
 */
export function headOfIssueFile(start: string): string | null {
  const eol = eolOf(start);
  let titled = false;
  for (let at = 0; ; ) {
    const end = start.indexOf(eol, at);
    if (end === -1) return null;
    if (titled && start.startsWith("## ", at) && HEADING.test(start.slice(at, end)))
      return start.slice(0, at);
    titled ||= start.startsWith("# [", at) && TITLE.test(start.slice(at, end));
    at = end + eol.length;
  }
}

/** Tells whether a line starts a record. */
export function isRecordStart(line: string): boolean {
  return RECORD_START.test(line);
}

/** Returns the lines below the heading of a section, none where there is no such section. */
export function sectionLines(document: IssueDocument, name: SectionName): readonly string[] {
  const place = document.sections.get(name);
  return place === undefined ? [] : document.lines.slice(place.heading + 1, place.end);
}

/** @returns -1 where there is none */
function lineOfTitle(lines: readonly string[]): number {
  let line = 0;
  for (const text of lines) {
    if (TITLE.test(text)) return line;
    line += 1;
  }
  return -1;
}

function eolOf(text: string): "\n" | "\r\n" {
  return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

function fieldPlaces(lines: readonly string[], from: number, to: number): ReadonlyMap<FieldName, FieldPlace> {
  const places = new Map<FieldName, FieldPlace>();
  for (let line = from + 1; line < to; line += 1) {
    const match = FIELD.exec(lines[line] ?? "");
    const name = match === null ? null : fieldOfLabel((match[1] ?? "").trim());
    if (match !== null && name !== null && !places.has(name))
      places.set(name, { line, value: (match[2] ?? "").trimEnd() });
  }
  return places;
}

function sectionHeadings(lines: readonly string[], titleLine: number): readonly number[] {
  const headings: number[] = [];
  let lastRecord = -1;
  for (let line = titleLine + 1; line < lines.length; line += 1) {
    if (isRecordStart(lines[line] ?? "")) lastRecord = line;
  }
  let inRecords = false;
  for (let line = titleLine + 1; line < lines.length; line += 1) {
    const match = HEADING.exec(lines[line] ?? "");
    // Remarks of the Python tool are not indented: a heading with records after it is a line of a remark.
    if (match === null || (inRecords && line < lastRecord)) continue;
    headings.push(line);
    inRecords = sectionOfTitle((match[1] ?? "").trimEnd()) === "records";
  }
  return headings;
}

function sectionPlaces(
  lines: readonly string[],
  headings: readonly number[],
): ReadonlyMap<SectionName, SectionPlace> {
  const places = new Map<SectionName, SectionPlace>();
  for (let index = 0; index < headings.length; index += 1) {
    const heading = headings[index] ?? 0;
    const name = sectionOfTitle((lines[heading] ?? "").slice(3).trimEnd());
    if (name !== null && !places.has(name))
      places.set(name, { heading, end: headings[index + 1] ?? lines.length });
  }
  return places;
}
