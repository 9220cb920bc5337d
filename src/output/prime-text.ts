import { formatSpan } from "../domain/time.ts";
import { alignColumns } from "./columns.ts";

/** Most that `prime` prints, in bytes of UTF-8: 250 tokens of four bytes. */
export const PRIME_BYTES = 1000;
/** Longest name or message that is shown, in bytes of UTF-8. */
const SHOWN_BYTES = 96;
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
  }[];
  readonly counts: {
    readonly open: number;
    readonly inProgress: number;
    readonly blocked: number;
    readonly overdue: number;
    /** Unfinished ones that the operator handles. */
    readonly yours: number;
  };
}

/** Renders what somebody should know who starts work, in at most {@link PRIME_BYTES}. */
export function primeText(facts: PrimeFacts): string {
  const { operator, counts } = facts;
  const who = operator === null ? "you have no name yet: sign with -o NAME" : `you are @${clipped(operator)}`;
  return [
    `mai: ${who}; project ${clipped(facts.project)}.`,
    ...(operator === null ? [] : [heldLine(facts)]),
    `Issues: ${counts.open} open, ${counts.inProgress} in progress, ${counts.blocked} blocked, ` +
      `${counts.overdue} overdue; ${counts.yours} yours.`,
    ...verbLines(operator),
  ].join("\n");
}

/** Renders the same where the project cannot be read: what to type still helps. */
export function unreadablePrimeText(operator: string | null, problem: string): string {
  return [
    `mai: the project cannot be read: ${clipped(problem)}`,
    "See: mai doctor",
    ...verbLines(operator),
  ].join("\n");
}

function heldLine({ held }: PrimeFacts): string {
  if (held.length === 0) return "You hold nothing.";
  const named = held.slice(0, SHOWN_LEASES).map(({ id, live, leftMs }) => {
    if (!live) return `${clipped(id)} (stale: claim it again)`;
    return `${clipped(id)} (${leftMs === null ? "held by a process" : `${formatSpan(leftMs)} left`})`;
  });
  const more = held.length - named.length;
  return `You hold ${named.join(", ")}${more === 0 ? "" : ` and ${more} more`}.`;
}

function verbLines(operator: string | null): readonly string[] {
  const signed = `-o ${operator !== null && PLAIN_NAME.test(operator) ? operator : "NAME"}`;
  const verbs = alignColumns([
    [`  mai next ${signed}`, "resume or take work"],
    [`  mai issue amend ID "TEXT" ${signed}`, "say what you found"],
    [`  mai issue block ID "WHY" ${signed}`, "you cannot go on"],
    [`  mai issue transfer ID NAME "TEXT" ${signed}`, "hand over"],
    [`  mai issue complete ID "RESULT" ${signed}`, "accept the work"],
  ]);
  return [
    ...verbs,
    "Rule: work only on what you hold; stop when a write is refused.",
    "More: mai guide claim|handoff|review|recover",
  ];
}

function clipped(text: string): string {
  let kept = "";
  let bytes = 0;
  for (const character of text.replace(/\s+/g, " ")) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > SHOWN_BYTES) return `${kept}…`;
    kept += character;
  }
  return kept;
}
