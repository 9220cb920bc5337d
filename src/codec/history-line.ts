import type { HistoryDraft } from "../domain/events.ts";
import { oneLine } from "../domain/text.ts";

/** An audit line as read back; `status` is null where the line has none. */
export interface HistoryEntry {
  readonly ts: string;
  readonly actor: string;
  readonly event: string;
  readonly summary: string;
  readonly status: string | null;
}

const LINE = /^\[([^\]]*)\] \[([^\]]*)\] \[([^\]]*)\] (.*?)(?: \[([^[\]]*)\])?$/;

/** Writes one audit line with its line feed: `[ts] [ALICE] [event] summary [status]`, whatever the text holds. */
export function formatHistoryLine(entry: HistoryDraft, ts: string): string {
  const summary = oneLine(entry.summary);
  const actor = inBrackets(entry.actor).toUpperCase();
  return `[${ts}] [${actor}] [${inBrackets(entry.event)}] ${summary}${statusPart(entry, summary)}\n`;
}

/** Reads one audit line; null when it is none. */
export function parseHistoryLine(line: string): HistoryEntry | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [, ts = "", actor = "", event = "", summary = "", status] = match;
  return { ts, actor, event, summary, status: status || null };
}

/** A summary that ends like a status gets an empty one behind it, so that it cannot pass for one. */
function statusPart(entry: HistoryDraft, summary: string): string {
  if (entry.status !== undefined) return ` [${inBrackets(entry.status)}]`;
  return / \[[^[\]]*\]$/.test(summary) ? " []" : "";
}

function inBrackets(text: string): string {
  return oneLine(text).replace(/[[\]]/g, "");
}
