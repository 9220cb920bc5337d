import { numberFaults } from "./event-numbers.ts";

/** An event as a join needs it; `data` may name the number of another event. */
export interface NumberedEvent {
  readonly seq: number;
  readonly ts: string;
  readonly type: string;
  readonly issue?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** An event, the file that holds it and its time in milliseconds since 1970. */
export interface PlacedEvent<Event extends NumberedEvent> {
  readonly path: string;
  readonly atMs: number;
  readonly event: Event;
}

/** Keys of `data` that hold the number of another event. */
const NAMED_NUMBERS = ["noted_seq", "undone_seq"] as const;

/**
 * Gives the events of two merged branches numbers that are unique and without gaps. Numbers below the first repeated one
 * stay; from there on events are ordered by time, then by their old number. The result does not depend on the order of
 * the lines, so both directions of a merge agree. An event that another join has renumbered counts once.
 * @param counted last number that was given out on either branch
 * @returns the events in their new order; null where no number repeats, or where events are missing
 */
export function joinEvents<Event extends NumberedEvent>(
  events: readonly PlacedEvent<Event>[],
  counted: number,
): readonly PlacedEvent<Event>[] | null {
  const { gaps, repeats, first } = numberFaults(events.map(({ event }) => event.seq));
  const from = repeats[0];
  if (from === undefined || gaps.length > 0) return null;
  const kept = events.filter(({ event }) => event.seq < from);
  const later = events.filter(({ event }) => event.seq >= from);
  const reaches = (some: typeof later) => first + kept.length + some.length - 1 >= counted;
  const joined = [withoutCopies(later), withTwins(later)].find(reaches)?.toSorted(inOrder);
  if (joined === undefined) return null;
  const numbers = joined.map(({ event }, index) => ({ event, seq: from + index }));
  return [
    ...kept.toSorted((a, b) => a.event.seq - b.event.seq),
    ...joined.map((placed, index) => ({
      ...placed,
      event: renamed({ ...placed.event, seq: from + index }, numbersNamed(placed.event, numbers)),
    })),
  ];
}

interface Renumbered {
  readonly event: NumberedEvent;
  readonly seq: number;
}

/** Of several copies the first counts: another join has moved the others. */
function withoutCopies<Event extends NumberedEvent>(events: readonly PlacedEvent<Event>[]) {
  return [...Map.groupBy(events, identity).values()].map((copies) => copies.reduce(lower));
}

/** One change can say the same twice: then the events of one branch are more than the different ones. */
function withTwins<Event extends NumberedEvent>(events: readonly PlacedEvent<Event>[]) {
  const key = (placed: PlacedEvent<Event>) => `${placed.event.seq} ${identity(placed)}`;
  return [...Map.groupBy(events, key).values()].map((copies) => copies.reduce(lower));
}

function lower<Event extends NumberedEvent>(one: PlacedEvent<Event>, other: PlacedEvent<Event>) {
  return other.event.seq < one.event.seq ? other : one;
}

/** What an event says, without numbers: keys have the order in which mai writes them. */
function identity({ event }: PlacedEvent<NumberedEvent>): string {
  const data = { ...event.data, noted_seq: undefined, undone_seq: undefined };
  return JSON.stringify({ ...event, seq: 0, data });
}

function inOrder(a: PlacedEvent<NumberedEvent>, b: PlacedEvent<NumberedEvent>): number {
  return a.atMs - b.atMs || a.event.seq - b.event.seq || (identity(a) < identity(b) ? -1 : 1);
}

/** Returns the new number of the event that this one takes back, by key of `data`. */
function numbersNamed(
  event: NumberedEvent,
  numbers: readonly Renumbered[],
): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const key of NAMED_NUMBERS) {
    const named = event.data?.[key];
    const target = numbers.find((one) => one.event.seq === named && isTakenBackBy(one.event, event));
    if (target !== undefined) found[key] = target.seq;
  }
  return found;
}

function isTakenBackBy(target: NumberedEvent, event: NumberedEvent): boolean {
  if (event.type === "log.undone")
    return target.type === "log.noted" && target.data?.line === event.data?.line;
  return target.type === event.data?.undone_type && target.issue === event.issue;
}

function renamed<Event extends NumberedEvent>(event: Event, named: Readonly<Record<string, number>>): Event {
  return Object.keys(named).length === 0 ? event : { ...event, data: { ...event.data, ...named } };
}
