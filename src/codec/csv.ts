import { badLine } from "../domain/imported-issue.ts";

/** One row, and the line that it begins on, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads comma-separated values (RFC 4180): quoted cells may hold commas, line breaks and doubled quotes. Empty lines
 * are passed over. Takes time in proportion to the text.
 * @throws INVALID_TEXT for a quote that does not end, or text after one that did
 */
export function parseCsv(text: string): readonly CsvRow[] {
  const rows: CsvRow[] = [];
  const scan = { text, at: text.startsWith("\ufeff") ? 1 : 0, line: 1 };
  while (scan.at < text.length) {
    const row = { line: scan.line, cells: readRow(scan) };
    if (row.cells.length > 1 || row.cells[0] !== "") rows.push(row);
  }
  return rows;
}

interface Scan {
  readonly text: string;
  at: number;
  line: number;
}

function readRow(scan: Scan): readonly string[] {
  const cells: string[] = [];
  for (;;) {
    cells.push(scan.text[scan.at] === '"' ? readQuoted(scan) : readPlain(scan));
    const next = scan.text[scan.at];
    scan.at += next === "\r" && scan.text[scan.at + 1] === "\n" ? 2 : 1;
    if (next === ",") continue;
    scan.line += 1;
    return cells;
  }
}

function readPlain(scan: Scan): string {
  const start = scan.at;
  const end = /[,\r\n]/g;
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
  if (next !== undefined && !/[,\r\n]/.test(next)) throw badLine(scan.line, "text follows a quoted cell.");
  return parts.join('"');
}
