/** The zone of the machine, as the C library knows it. */
export interface LocalZone {
  /** Minutes east of UTC at an instant given in milliseconds since 1970. */
  offsetMinutesAt(epochMs: number): number;
  /** Instant of a local date and time, in milliseconds since 1970; `utcMs` is that date and time read as UTC. */
  epochMsOfLocal(utcMs: number): number;
}

/** Tells the time and the zone; injected, so that tests own both. */
export interface Clock extends LocalZone {
  /** Milliseconds since 1970. */
  nowMs(): number;
}

const MINUTE_MS = 60_000;
/** The form that mai writes: all but a few timestamps have it, and the engine reads it as it stands. */
const WRITTEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/;
const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?[ \t]*(Z|[+-]\d\d:?\d\d)?$/i;

/** Writes an instant as RFC 3339 with milliseconds and a numeric offset, never `Z`. */
export function formatTimestamp(epochMs: number, zone: LocalZone): string {
  const offset = zone.offsetMinutesAt(epochMs);
  const local = new Date(epochMs + offset * MINUTE_MS).toISOString().slice(0, 23);
  return local + formatOffset(offset);
}

/** Reads a timestamp in any form that older files hold; without an offset it is local time. Returns null when it is none. */
export function parseTimestamp(text: string, zone: LocalZone): number | null {
  const writtenMs = WRITTEN.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(writtenMs) ? parseOtherTimestamp(text, zone) : writtenMs;
}

function parseOtherTimestamp(text: string, zone: LocalZone): number | null {
  const match = TIMESTAMP.exec(text.trim());
  if (match === null) return null;
  const [, date, time, fraction, offset] = match;
  const fields = `${date}T${(time ?? "").padEnd(8, ":00")}.${(fraction ?? "0").padEnd(3, "0").slice(0, 3)}Z`;
  const utcMs = Date.parse(fields);
  if (Number.isNaN(utcMs)) return null;
  if (offset === undefined) return zone.epochMsOfLocal(utcMs);
  return utcMs - parseOffset(offset) * MINUTE_MS;
}

/** Returns the local date of an instant as `YYYY-MM-DD`: the name of history and summary files. */
export function localDate(epochMs: number, zone: LocalZone): string {
  return utcDate(epochMs + zone.offsetMinutesAt(epochMs) * MINUTE_MS);
}

/** Returns the UTC date of an instant as `YYYY-MM-DD`: the name of event files. */
export function utcDate(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Writes a span for people: `45s`, `12m`, `3h 20m`, `2d 4h`. Spans under a second count as one. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(1, Math.round(Math.abs(ms) / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours}h` : `${hours}h ${minutes % 60}m`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days}d` : `${days}d ${hours % 24}h`;
}

function formatOffset(minutes: number): string {
  const size = Math.abs(minutes);
  const hours = String(Math.floor(size / 60)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${hours}:${String(size % 60).padStart(2, "0")}`;
}

function parseOffset(text: string): number {
  if (text.toUpperCase() === "Z") return 0;
  const digits = text.replace(":", "");
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return digits.startsWith("-") ? -minutes : minutes;
}
