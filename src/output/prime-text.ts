import type { Handover, Priority } from "../domain/issue.ts";
import { oneLine, utf8Length } from "../domain/text.ts";
import { formatSpan } from "../domain/time.ts";
import { briefHandover } from "./handover-text.ts";

/** Most that `prime` prints, in bytes of UTF-8: 250 tokens of four bytes. */
export const PRIME_BYTES = 1000;
/** Longest name or message that is shown, in bytes of UTF-8. */
const SHOWN_BYTES = 96;
/** Hand-over notes that are shown, and the most and least of each, in bytes of UTF-8. */
const SHOWN_NOTES = 2;
const NOTE_BYTES = 240;
const LEAST_NOTE_BYTES = 40;
/** What a cut adds: an ellipsis and the line feed. */
const MARGIN_BYTES = 4;
/** Issues that wait for the operator and are named. */
const SHOWN_WAITING = 2;
/** Longest title or reason beside an id, in bytes of UTF-8. */
const REASON_BYTES = 48;
/** Leases that are named. */
const SHOWN_LEASES = 4;
/** A name that a command line takes as it stands. */
const PLAIN_NAME = /^[A-Za-z0-9._-]{1,32}$/;

/** What somebody should know who starts work: about themselves, and about the project. */
export interface PrimeFacts {
  readonly project: string;
  readonly operator: string | null;
  readonly held: readonly {
    readonly id: string;
    readonly live: boolean;
    /** In milliseconds; null while a process holds it. */
    readonly leftMs: number | null;
    /** Why it is BLOCKED; null where it is not. */
    readonly blocked: string | null;
  }[];
  /** What waits for the operator to take it, most urgent first. */
  readonly waiting: readonly {
    readonly id: string;
    readonly priority: Priority;
    readonly title: string;
    readonly ageMs: number;
  }[];
  /** Notes for the operator, the most urgent issue first. */
  readonly handovers: readonly { readonly id: string; readonly note: Handover }[];
  readonly counts: {
    readonly open: number;
    readonly inProgress: number;
    readonly blocked: number;
    readonly overdue: number;
    /** Unfinished ones that wait for others. */
    readonly waiting: number;
    /** Unfinished ones that the operator handles. */
    readonly yours: number;
  };
}

/** Renders what somebody should know who starts work, in at most {@link PRIME_BYTES}. */
export function primeText(facts: PrimeFacts): string {
  const { operator, counts } = facts;
  const who = operator === null ? "you have no name yet: sign with -o NAME" : `you are @${clipped(operator)}`;
  const others = counts.waiting === 0 ? "" : `, ${counts.waiting} waiting for others`;
  const head = `mai: ${who}; project ${clipped(facts.project)}.`;
  const rest = [
    ...(operator === null ? [] : [heldLine(facts)]),
    `Issues: ${counts.open} open, ${counts.inProgress} in progress, ${counts.blocked} blocked, ` +
      `${counts.overdue} overdue${others}; ${counts.yours} yours.`,
    ...verbLines(operator),
  ].join("\n");
  const waiting = waitingLines(facts);
  const left = PRIME_BYTES - utf8Length(`${[head, ...waiting, rest].join("\n")}\n`);
  return [head, ...waiting, ...handoverLines(facts.handovers, left), rest].join("\n");
}

/** Notes come first, shortened to what room is left; each that does not fit is at least counted. */
function handoverLines(handovers: PrimeFacts["handovers"], left: number): readonly string[] {
  const shown = handovers.slice(0, SHOWN_NOTES);
  const hidden = handovers.length - shown.length;
  const more = hidden === 0 ? [] : [`${hidden} more handed over to you: mai issue show ID`];
  const room = Math.floor((left - utf8Length(`${more.join("")}\n`)) / Math.max(1, shown.length));
  const lines = shown.map(({ id, note }) => {
    const start = `Handed over to you: ${clipped(id)} by @${clipped(note.from)}: `;
    return clipped(`${start}${oneLine(briefHandover(note))}`, Math.min(NOTE_BYTES, room - MARGIN_BYTES));
  });
  return room - MARGIN_BYTES < LEAST_NOTE_BYTES ? [] : [...lines, ...more];
}

/** Renders the same where the project cannot be read: what to type still helps. */
export function unreadablePrimeText(operator: string | null, problem: string): string {
  return [
    `mai: the project cannot be read: ${clipped(problem)}`,
    "See: mai doctor",
    ...verbLines(operator),
  ].join("\n");
}

/** What came with a note is told with that. */
function waitingLines({ waiting: all, handovers }: PrimeFacts): readonly string[] {
  const noted = new Set(handovers.map(({ id }) => id));
  const waiting = all.filter(({ id }) => !noted.has(id));
  const shown = waiting.slice(0, SHOWN_WAITING).map(({ id, priority, title, ageMs }) => {
    return `Waiting for you: ${clipped(id)} ${priority}, ${formatSpan(ageMs)} old: ${clipped(title, REASON_BYTES)}`;
  });
  const more = waiting.length - shown.length;
  return more === 0 ? shown : [...shown, `${more} more waiting for you: mai next --mine --peek`];
}

function heldLine({ held }: PrimeFacts): string {
  if (held.length === 0) return "You hold nothing.";
  const named = held.slice(0, SHOWN_LEASES).map(({ id, live, leftMs, blocked }) => {
    if (blocked !== null) return `${clipped(id)} (BLOCKED: ${clipped(blocked, REASON_BYTES)})`;
    if (!live) return `${clipped(id)} (stale: claim it again)`;
    return `${clipped(id)} (${leftMs === null ? "held by a process" : `${formatSpan(leftMs)} left`})`;
  });
  const more = held.length - named.length;
  return `You hold ${named.join(", ")}${more === 0 ? "" : ` and ${more} more`}.`;
}

/** What an ordinary issue needs; the operator stands in the first line, and every command takes the same. */
const VERBS = [
  ["issue amend ID TEXT", "say what you found"],
  ["issue check ID N", "tick item N"],
  ["issue run ID SIGNED -- CMD", "hold it while CMD runs"],
  ["issue block ID WHY", "you cannot go on now"],
  ["lock release ID", "give it back"],
  ["issue transfer ID NAME TEXT", "hand over"],
  ["issue complete ID RESULT", "accept work you asked for"],
  ["wait", "sleep until there is work"],
] as const;

function verbLines(operator: string | null): readonly string[] {
  const signed = `-o ${operator !== null && PLAIN_NAME.test(operator) ? operator : "NAME"}`;
  return [
    `Take or resume work: mai next ${signed}`,
    `Then, each with mai and ${signed}:`,
    ...VERBS.map(([verb, what]) => `  ${verb.replace("SIGNED", signed)}  ${what}`),
    "Work only on what you hold; stop when a write is refused.",
    "More: mai guide claim|handoff|review|plan|recover",
  ];
}

/** Cuts a text to so many bytes of UTF-8, and says so. */
function clipped(text: string, most: number = SHOWN_BYTES): string {
  let kept = "";
  let bytes = 0;
  for (const character of text.replace(/\s+/g, " ")) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > most) return `${kept}…`;
    kept += character;
  }
  return kept;
}
