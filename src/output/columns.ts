import { visibleLine } from "../domain/text.ts";

/** Between two columns. */
const GAP = 2;

/** Pads every column but the last to its widest cell, two spaces between; each row is one line, whatever its cells hold. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const lines = alignedRows(rows);
  // A name on disk may hold a line feed.
  return lines.some(hasBreak) ? alignedRows(rows.map((row) => row.map(visibleLine))) : lines;
}

function hasBreak(line: string): boolean {
  return line.includes("\n") || line.includes("\t");
}

function alignedRows(rows: readonly (readonly string[])[]): readonly string[] {
  const measured = rows.map(cellWidths);
  const widths: number[] = [];
  for (const cells of measured) {
    for (let column = 0; column < cells.length; column += 1) {
      widths[column] = Math.max(widths[column] ?? 0, cells[column] ?? 0);
    }
  }
  return rows.map((row, index) => aligned(row, measured[index] ?? [], widths));
}

/** How wide each cell is: measured once, since lists come by the thousand. */
function cellWidths(row: readonly string[]): readonly number[] {
  const widths: number[] = [];
  for (const cell of row) widths.push(displayWidth(cell));
  return widths;
}

function aligned(row: readonly string[], cells: readonly number[], widths: readonly number[]): string {
  let line = "";
  const last = row.length - 1;
  for (let column = 0; column < last; column += 1) {
    line += row[column] + " ".repeat((widths[column] ?? 0) - (cells[column] ?? 0) + GAP);
  }
  return line + (row[last] ?? "");
}

/** Columns that a terminal gives a text: two for East Asian wide characters and most emoji. */
function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    width += isWide(code) ? 2 : 1;
  }
  return width;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff)
  );
}
