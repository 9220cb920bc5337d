import { MaiError } from "../domain/errors.ts";
import { isPlainName } from "../domain/names.ts";
import type { SummaryRound } from "../domain/summary-round.ts";
import { parseJsonObject } from "./json.ts";

/** A round, and the file's object and end, which keep what mai does not know. */
export interface SummaryStatusFile {
  readonly round: SummaryRound;
  readonly file: Readonly<Record<string, unknown>>;
  /** Text behind the object: the Python tool ends its file without a line feed. */
  readonly end: string;
}

const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads `daily-summary/status.json`; null where it tells of no round.
 * @param path names the file in errors
 * @throws CORRUPT_FILE: its date and its names become file names
 */
export function parseSummaryStatus(text: string, path: string): SummaryStatusFile | null {
  const file = parseJsonObject(text);
  if (file !== null && Object.keys(file).length === 0) return null;
  const { date, triggered_at: triggeredAt, participants, status } = file ?? {};
  if (file === null || !isDate(date) || !isNames(participants) || !isMap(status)) throw corrupt(path);
  const round: SummaryRound = {
    date,
    triggeredAt: typeof triggeredAt === "string" ? triggeredAt : "",
    participants,
    status: new Map(
      Object.entries(status).map(([name, word]) => [name, word === "written" ? "written" : "pending"]),
    ),
  };
  return { round, file, end: text.endsWith("\n") ? "\n" : "" };
}

/** Writes a round as the Python tool does; `before` is the file that it replaces. */
export function formatSummaryStatus(round: SummaryRound, before: SummaryStatusFile | null): string {
  const { date, triggeredAt, participants } = round;
  const status = Object.fromEntries(round.status);
  const file = { ...before?.file, date, triggered_at: triggeredAt, participants, status };
  return JSON.stringify(file, null, 2) + (before?.end ?? "");
}

function isDate(value: unknown): value is string {
  return typeof value === "string" && DATE.test(value);
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string" && isPlainName(name));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function corrupt(path: string): MaiError {
  return new MaiError("CORRUPT_FILE", `${path} is no round of daily summaries.`, {
    hint: "Mend it by hand, or drop the round: mai daily-summary reset",
    fields: { path },
  });
}
