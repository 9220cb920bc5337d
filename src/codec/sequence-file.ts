import { MaiError } from "../domain/errors.ts";
import { requireNoConflict } from "./conflict-markers.ts";
import { parseJsonObject } from "./json.ts";

/** Last numbers given out: per id prefix, and of the event stream. */
export interface Sequence {
  readonly seq: number;
  readonly ids: Readonly<Record<string, number>>;
}

/** Numbers of a project in which nothing was counted yet. */
export const EMPTY_SEQUENCE: Sequence = { seq: 0, ids: {} };

/**
 * Reads `sequence.json`. After a merge of two branches it may have a line of each: then the highest number counts.
 * @throws CORRUPT_FILE: guessing could give a number out twice
 */
export function parseSequence(text: string): Sequence {
  const whole = sequenceIn(text);
  if (whole !== null) return whole;
  const lines = text.trimEnd().split("\n").map(sequenceIn);
  if (lines.every((line) => line !== null)) return lines.reduce(highest);
  requireNoConflict(text, ".mai/sequence.json");
  throw new MaiError("CORRUPT_FILE", ".mai/sequence.json is not what mai wrote there.", {
    hint: "Mend it, or move it away: mai then starts after the highest numbers that it finds.",
    fields: { path: ".mai/sequence.json" },
  });
}

function sequenceIn(text: string): Sequence | null {
  const value = parseJsonObject(text);
  if (value === null || !isCount(value.seq) || !isCounts(value.ids)) return null;
  return { seq: value.seq, ids: Object.assign(Object.create(null), value.ids) };
}

function highest(one: Sequence, other: Sequence): Sequence {
  const ids: Record<string, number> = Object.assign(Object.create(null), one.ids);
  for (const [prefix, number] of Object.entries(other.ids)) ids[prefix] = Math.max(number, ids[prefix] ?? 0);
  return { seq: Math.max(one.seq, other.seq), ids };
}

/**
 * Writes `sequence.json`.
 * @throws CORRUPT_FILE as {@link requireCountable} does: what could not be read again is not written
 */
export function formatSequence(sequence: Sequence): string {
  for (const number of [sequence.seq, ...Object.values(sequence.ids)]) requireCountable(number);
  return `${JSON.stringify({ seq: sequence.seq, ids: sequence.ids })}\n`;
}

/**
 * Refuses a number that cannot be counted on from: no project gets there, but a damaged file can say so.
 * @throws CORRUPT_FILE
 */
export function requireCountable(number: number): void {
  if (isCount(number)) return;
  throw new MaiError("CORRUPT_FILE", ".mai/sequence.json counts up to the last number that there is.", {
    hint: "Set it to the highest number in use, or move it away: mai then starts after the highest that it finds.",
    fields: { path: ".mai/sequence.json" },
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: unknown): value is Record<string, number> {
  return typeof value === "object" && value !== null && Object.values(value).every(isCount);
}
