import type { EventDraft } from "../domain/events.ts";

/** Longest text of an event that a line shows, in characters. */
const SHOWN_TEXT = 60;

/** Renders an event in one line: number, time, type, issue, who, from where to where, and what else it says. */
export function eventText(event: EventDraft & { readonly seq: number; readonly ts: string }): string {
  const { seq, ts, type, issue, queue, actor, from, to, data } = event;
  const moved = from !== undefined && to !== undefined ? [from === to ? to : `${from} -> ${to}`] : [];
  const place = issue ?? queue;
  const details = Object.entries(data ?? {}).map(([key, value]) => `${key}=${shown(value)}`);
  return [seq, ts, type, ...(place === undefined ? [] : [place]), `@${actor}`, ...moved, ...details].join(
    "  ",
  );
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value.replace(/[\n\t]+/g, " ") : JSON.stringify(value);
  const characters = [...text];
  return characters.length <= SHOWN_TEXT ? text : `${characters.slice(0, SHOWN_TEXT - 1).join("")}…`;
}
