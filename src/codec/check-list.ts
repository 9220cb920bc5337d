import type { AcceptanceItem } from "../domain/issue.ts";

/** An item as mai writes it, or as people do. */
const ITEM = /^([-*] \[)([ xX])(\][ \t])(.*)$/s;

/** Writes the items of a check list, a line each: no text of one line can be taken for anything else here. */
export function itemLines(items: readonly AcceptanceItem[]): readonly string[] {
  return items.map(({ text, done }) => `- [${done ? "x" : " "}] ${text}`);
}

/** Reads the items among the lines of a section; other lines are notes of a person. */
export function parseItems(lines: readonly string[]): readonly AcceptanceItem[] {
  const items: AcceptanceItem[] = [];
  for (const line of lines) {
    const match = ITEM.exec(line);
    if (match !== null) items.push({ text: match[4] ?? "", done: match[2] !== " " });
  }
  return items;
}

/** Returns the lines of a section with its items ticked like these; null when these are other items. */
export function tickedLines(
  lines: readonly string[],
  items: readonly AcceptanceItem[],
): readonly string[] | null {
  const now = parseItems(lines);
  const isSame = now.length === items.length && now.every(({ text }, at) => text === items[at]?.text);
  if (!isSame || items.length === 0) return null;
  let next = 0;
  return lines.map((line) => {
    if (!ITEM.test(line)) return line;
    const [before, after] = [now[next], items[next]];
    next += 1;
    if (before?.done === after?.done) return line;
    return line.replace(
      ITEM,
      (_, start, _tick, end, text) => `${start}${after?.done ? "x" : " "}${end}${text}`,
    );
  });
}
