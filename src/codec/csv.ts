import { badLine } from "../domain/imported-issue.ts";

/** One row, and the line that it begins on, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** What separates cells; the first one counts where a header has none. */
const SEPARATORS = [",", ";", "\t", "|"];

/**
 * Reads separated values (RFC 4180): quoted cells may hold separators, line breaks and doubled quotes. The separator
 * is the one that a first line `sep=;` names, else the one that the header has most of. Rows without a text are passed
 * over. Takes time in proportion to the text.
 * @throws INVALID_TEXT for a quote that does not end, or text after one that did
 */
export function parseCsv(text: string): readonly CsvRow[] {
  const rows: CsvRow[] = [];
  const scan = scanOf(text);
  while (scan.at < text.length) {
    const row = { line: scan.line, cells: readRow(scan) };
    if (row.cells.some((cell) => cell.trim() !== "")) rows.push(row);
  }
  return rows;
}

function scanOf(text: string): Scan {
  const start = text.startsWith("\ufeff") ? 1 : 0;
  const named = /^"?sep=([^\r\n])"?(?:\r\n|\r|\n)/i.exec(text.slice(start, start + 16));
  if (named !== null) return { text, separator: named[1] ?? ",", at: start + named[0].length, line: 2 };
  const header = /^\s*(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.slice(start, start + MAX_HEADER))?.[0] ?? "";
  const bare = header.replace(/"(?:[^"]|"")*"/g, "");
  const counts = SEPARATORS.map((separator) => bare.split(separator).length);
  const most = SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ",";
  return { text, separator: most, at: start, line: 1 };
}

/** Characters of the text in which the header is looked for. */
const MAX_HEADER = 65_536;

interface Scan {
  readonly text: string;
  readonly separator: string;
  at: number;
  line: number;
}

function readRow(scan: Scan): readonly string[] {
  const cells: string[] = [];
  for (;;) {
    cells.push(scan.text[scan.at] === '"' ? readQuoted(scan) : readPlain(scan));
    const next = scan.text[scan.at];
    scan.at += next === "\r" && scan.text[scan.at + 1] === "\n" ? 2 : 1;
    if (next === scan.separator) continue;
    scan.line += 1;
    return cells;
  }
}

/** What ends a cell, by its separator: made once, since a file has millions of them. */
const ENDS = new Map<string, RegExp>();

function endOf(separator: string): RegExp {
  const end = new RegExp(`[\\r\\n\\u{${separator.codePointAt(0)?.toString(16)}}]`, "gu");
  ENDS.set(separator, end);
  return end;
}

function readPlain(scan: Scan): string {
  const start = scan.at;
  const end = ENDS.get(scan.separator) ?? endOf(scan.separator);
  end.lastIndex = start;
  scan.at = end.exec(scan.text)?.index ?? scan.text.length;
  return scan.text.slice(start, scan.at);
}

function readQuoted(scan: Scan): string {
  const began = scan.line;
  const parts: string[] = [];
  for (;;) {
    const end = scan.text.indexOf('"', scan.at + 1);
    if (end === -1) throw badLine(began, "a quote begins and does not end.");
    const part = scan.text.slice(scan.at + 1, end);
    scan.line += part.split("\n").length - 1;
    parts.push(part);
    scan.at = end + 1;
    if (scan.text[scan.at] !== '"') break;
  }
  const next = scan.text[scan.at];
  if (next !== undefined && next !== scan.separator && !/[\r\n]/.test(next))
    throw badLine(scan.line, "text follows a quoted cell.");
  return parts.join('"');
}
