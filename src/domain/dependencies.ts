import { MaiError } from "./errors.ts";
import { isFinished, type State } from "./issue.ts";
import { ringGroups } from "./ring-groups.ts";
import type { Blocker, BlockerLookup, Surroundings } from "./surroundings.ts";
import { handlerText } from "./unassigned.ts";

/** Blockers named in a refusal; the rest is counted. */
const NAMED_BLOCKERS = 5;
/** Issues of a chain or a cycle that are told in a sentence; JSON has them all. */
const SHOWN_CHAIN = 12;

/** An issue as far as waiting for others goes. */
export interface Dependent {
  readonly id: string;
  readonly blockedBy: readonly string[];
}

/** Tells whether a blocker holds nothing up any more: completed, or dropped for good. */
export function isDone({ status }: Blocker): boolean {
  return isKnown(status) && isFinished(status);
}

/** Returns what an issue waits for: its blockers that are not finished, in the order of its file. */
export function unfinishedBlockers(issue: Dependent, look: BlockerLookup): readonly Blocker[] {
  return issue.blockedBy.map(look).filter((blocker) => !isDone(blocker));
}

/** Returns what waits for an issue and is not finished itself. */
export function waitingFor(id: string, around: Surroundings): readonly Blocker[] {
  return around.dependents(id).filter(({ status }) => isKnown(status) && !isFinished(status));
}

/** Returns what waits for this issue and for nothing else that is unfinished: finishing it sets these free. */
export function freedBy(id: string, around: Surroundings): readonly Blocker[] {
  return waitingFor(id, around).filter((dependent) =>
    unfinishedBlockers(dependent, around.blocker).every((blocker) => blocker.id === id),
  );
}

/**
 * Follows what an issue waits for down to the one that waits for nothing: where work has to begin. Of several
 * blockers the first counts. The last id repeats an earlier one where somebody's hand made a cycle.
 */
export function waitingChain(issue: Dependent, look: BlockerLookup): readonly string[] {
  const chain = new Set([issue.id]);
  for (let next = unfinishedBlockers(issue, look)[0]; next !== undefined; ) {
    if (chain.has(next.id)) return [...chain, next.id];
    chain.add(next.id);
    next = unfinishedBlockers(next, look)[0];
  }
  return [...chain];
}

/**
 * Returns the cycle that would come to be if an issue waited for these: from the issue over what it waits for back
 * to itself; null for none. Finished issues count, since they may be opened again.
 */
export function cycleThrough(
  id: string,
  blockers: readonly string[],
  look: BlockerLookup,
): readonly string[] | null {
  const cameFrom = new Map<string, string>();
  const pending = blockers.map((blocker) => ({ at: blocker, from: id })).toReversed();
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    const { at, from } = step;
    if (at === id) return [...pathTo(from, id, cameFrom), id];
    if (cameFrom.has(at)) continue;
    cameFrom.set(at, from);
    for (const next of look(at).blockedBy) pending.push({ at: next, from: at });
  }
  return null;
}

/**
 * Refuses what would make issues wait for each other.
 * @throws CYCLE with the whole cycle
 */
export function requireNoCycle(id: string, blockers: readonly string[], look: BlockerLookup): void {
  const cycle = cycleThrough(id, blockers, look);
  if (cycle === null) return;
  const [, on = id] = cycle;
  const hint =
    on === id
      ? "An issue cannot wait for itself."
      : `Take one of these away first: mai issue depend ${on} --on ${cycle[2] ?? id} --remove -o NAME`;
  throw new MaiError("CYCLE", `${id} cannot wait for ${on}: ${chainText(cycle)}.`, {
    hint,
    fields: { issue_id: id, cycle },
  });
}

/** Returns cycles among issues such that each issue of one is in one of them; made by hand, since mai makes none. */
export function cyclesAmong(issues: readonly Dependent[]): readonly (readonly string[])[] {
  const edges = new Map(issues.map(({ id, blockedBy }) => [id, blockedBy]));
  const look: BlockerLookup = (id) => ({
    ...{ id, status: "OPEN", handler: null, title: null },
    blockedBy: edges.get(id) ?? [],
  });
  const seen = new Set<string>();
  const group = ringGroups(edges);
  // Only what stands in one ring with others can be reached from itself; chains, however long, are not walked again.
  const inside: BlockerLookup = (id) => {
    const blocker = look(id);
    return { ...blocker, blockedBy: blocker.blockedBy.filter((other) => group.get(other) === group.get(id)) };
  };
  return [...group.keys()].sort().flatMap((id) => {
    const cycle = seen.has(id) ? null : cycleThrough(id, inside(id).blockedBy, inside);
    for (const member of cycle ?? []) seen.add(member);
    return cycle === null ? [] : [cycle];
  });
}

/** Returns the refusal of work on an issue whose blockers are unfinished; it names the chain. */
export function refuseWaiting(issue: Dependent, look: BlockerLookup, hint: string): MaiError {
  const blockers = unfinishedBlockers(issue, look);
  const chain = waitingChain(issue, look);
  const named = blockers.slice(0, NAMED_BLOCKERS).map(blockerText).join(", ");
  const more = blockers.length > NAMED_BLOCKERS ? ` and ${blockers.length - NAMED_BLOCKERS} more` : "";
  const whole = chain.length > 2 ? `; ${chainText(chain)}` : "";
  return new MaiError("ISSUE_BLOCKED", `${issue.id} waits for ${named}${more}${whole}.`, {
    hint,
    fields: { issue_id: issue.id, blocked_by: blockers.map(({ id }) => id), chain },
  });
}

/** Names a blocker with how it stands. */
export function blockerText({ id, status, handler }: Blocker): string {
  if (status === "MISSING") return `${id} (not there)`;
  if (status === "UNREADABLE") return `${id} (cannot be read)`;
  return `${id} (${status}${handler === null || handler === "" ? "" : `, ${handlerText(handler)}`})`;
}

function isKnown(status: Blocker["status"]): status is State {
  return status !== "MISSING" && status !== "UNREADABLE";
}

function pathTo(from: string, start: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const path = [from];
  for (let at = from; at !== start; ) {
    at = cameFrom.get(at) ?? start;
    path.push(at);
  }
  return path.reverse();
}

function chainText(ids: readonly string[]): string {
  const [first = "", ...others] = ids.slice(0, SHOWN_CHAIN);
  const waits = others.map((id) => `waits for ${id}`).join(", which ");
  return `${first} ${waits}${ids.length > SHOWN_CHAIN ? " and so on" : ""}`;
}
