import type { EventDraft, EventType } from "./events.ts";
import { TRANSITIONS, type Transition } from "./operations.ts";

/** Events that end a lease, whoever makes them. */
const ENDINGS: ReadonlySet<EventType> = new Set([
  "issue.claimed",
  "lease.expired",
  "lease.released",
  ...Object.values<Transition>(TRANSITIONS)
    .filter(({ lease }) => lease === "release")
    .map(({ event }) => event),
]);

/** Whose lease it was, and the fencing token of its claim. */
interface EndedLease {
  readonly holder: string;
  readonly fence: number;
}

/**
 * Tells who took a lease from its holder: somebody, or nobody that an event names (its file is gone); null where the
 * holder gave it back.
 * @param events those of its issue since a moment before the lease was held
 */
export function leaseTaker(
  events: readonly EventDraft[],
  lease: EndedLease,
): { readonly by: string | null } | null {
  const claim = events.findLastIndex(
    ({ type, data }) => type === "issue.claimed" && data?.fence === lease.fence,
  );
  const end = events.slice(claim + 1).find(endsLease);
  if (end === undefined) return { by: null };
  return isGivenBack(end, lease.holder) ? null : { by: end.actor };
}

function endsLease({ type, data }: EventDraft): boolean {
  return ENDINGS.has(type) || (type === "issue.undone" && data?.undone_type === "issue.claimed");
}

function isGivenBack({ type, actor, data }: EventDraft, holder: string): boolean {
  if (type === "issue.claimed" || type === "lease.expired") return false;
  return actor === holder && !(type === "lease.released" && data?.forced === true);
}
