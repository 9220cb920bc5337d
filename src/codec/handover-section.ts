import type { Language } from "../domain/config.ts";
import { HANDOVER_PARTS, type Handover, type HandoverPart } from "../domain/issue.ts";
import { indentRecord, outdentLine } from "./escape-lines.ts";
import { HANDOVER_LABELS, handoverPartOf } from "./issue-labels.ts";

/** Who hands over to whom, and when. */
const HEAD = /^- (\S+) @([^@\n]+) → @([^@\n]+)$/;
/** An entry begins with its label, so that none can be taken for a record or an item of a check list. */
const ENTRY = /^- ([^：:\n]{1,20})(?:：|: ?)(.*)$/s;

/** Writes a hand-over note, its entries in the order of their parts; further lines of an entry are indented. */
export function handoverLines(note: Handover | null, language: Language): readonly string[] {
  if (note === null) return [];
  const colon = language === "zh" ? "：" : ": ";
  const entries = HANDOVER_PARTS.flatMap((part) =>
    note[part].map((text) => `- ${HANDOVER_LABELS[language][part]}${colon}${indentRecord(text)}`),
  );
  return [`- ${note.ts} @${note.from} → @${note.to}`, ...entries.flatMap((entry) => entry.split("\n"))];
}

/** Reads the note in the lines of its section; null where a person wrote something else there. */
export function parseHandover(lines: readonly string[]): Handover | null {
  if (lines.length === 0) return null;
  const start = lines.findIndex((line) => line !== "");
  const [, ts, from, to] = HEAD.exec(lines[start] ?? "") ?? [];
  if (ts === undefined || from === undefined || to === undefined) return null;
  const parts: Record<HandoverPart, string[]> = { done: [], remaining: [], decisions: [], uncertain: [] };
  for (const [part, text] of entriesOf(lines.slice(start + 1))) parts[part].push(text);
  return { ts, from, to, ...parts };
}

function entriesOf(lines: readonly string[]): readonly (readonly [HandoverPart, string])[] {
  const chunks: { readonly part: HandoverPart; readonly lines: string[] }[] = [];
  let open = false;
  for (const line of lines) {
    const match = ENTRY.exec(line);
    const part = match === null ? null : handoverPartOf(match[1] ?? "");
    if (match !== null && part !== null) chunks.push({ part, lines: [match[2] ?? ""] });
    else if (open && line.startsWith("  ")) chunks.at(-1)?.lines.push(outdentLine(line));
    open = part !== null || (open && line.startsWith("  "));
  }
  return chunks.map((chunk) => [chunk.part, chunk.lines.join("\n")] as const);
}
