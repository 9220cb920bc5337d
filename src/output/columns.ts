/** Between two columns. */
const GAP = 2;

/** Pads every column but the last to its widest cell, two spaces between. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columnWidths(rows);
  return rows.map((row) => {
    let line = "";
    const last = row.length - 1;
    for (let column = 0; column < last; column += 1) {
      const cell = row[column] ?? "";
      line += cell + " ".repeat((widths[column] ?? 0) - displayWidth(cell) + GAP);
    }
    return line + (row[last] ?? "");
  });
}

/** Nothing stands behind the last cell of the longest row, so that its width is of no matter. */
function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  let most = 0;
  for (const row of rows) most = Math.max(most, row.length);
  for (const row of rows) {
    for (let column = 0; column < most - 1; column += 1) {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(row[column] ?? ""));
    }
  }
  return widths;
}

/** Columns that a terminal gives a text: two for East Asian wide characters and emoji. */
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
