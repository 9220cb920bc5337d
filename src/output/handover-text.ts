import { HANDOVER_PARTS, type Handover, type HandoverPart } from "../domain/issue.ts";

const PART_NAMES = {
  done: "done",
  remaining: "remaining",
  decisions: "decision",
  uncertain: "uncertain",
} as const satisfies Record<HandoverPart, string>;

/** What matters most to whoever takes over, for where there is little room. */
const BRIEF_ORDER = [
  "remaining",
  "uncertain",
  "decisions",
  "done",
] as const satisfies readonly HandoverPart[];

/** Renders a hand-over note: from whom, then an entry a line; further lines of an entry are indented. */
export function handoverTextLines(note: Handover): readonly string[] {
  const entries = HANDOVER_PARTS.flatMap((part) =>
    note[part].map((text) => `  ${PART_NAMES[part].padEnd(9)}  ${text.replaceAll("\n", "\n             ")}`),
  );
  return [`Handed over by @${note.from} to @${note.to}, ${note.ts}:`, ...entries];
}

/** Renders a note in one line, what is left first. */
export function briefHandover(note: Handover): string {
  const parts = BRIEF_ORDER.filter((part) => note[part].length > 0);
  return parts.map((part) => `${PART_NAMES[part]}: ${note[part].join("; ")}`).join(". ");
}

/** Returns the JSON of a note, null where there is none. */
export function handoverJson(note: Handover | null): Record<string, unknown> | null {
  if (note === null) return null;
  const { from, to, ts, done, remaining, decisions, uncertain } = note;
  return { from, to, ts, done, remaining, decisions, uncertain };
}
