import { cyclesAmong, isDone } from "./dependencies.ts";
import { compareIds } from "./issue.ts";
import type { Blocker, BlockerLookup } from "./surroundings.ts";

/** Issues and what they wait for. */
export interface IssueGraph {
  /** In the order of their ids. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Rings that somebody's hand made; each ends as it begins. */
  readonly cycles: readonly (readonly string[])[];
}

/** One issue; `waits` tells whether something that it waits for is unfinished. */
export interface GraphNode extends Blocker {
  readonly waits: boolean;
}

/** `from` has to be finished before `to` can be claimed. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** Draws every unfinished issue that waits for others, with those; finished ones end the drawing. */
export function graphOf(unfinished: readonly Blocker[], look: BlockerLookup): IssueGraph {
  const waiting = unfinished.filter(({ blockedBy }) => blockedBy.length > 0);
  const ids = waiting.flatMap(({ id, blockedBy }) => [id, ...blockedBy]);
  return drawn(new Set(ids), withKnown(unfinished, look));
}

/** Draws one issue with all that it waits for, however far, and all unfinished ones that wait for it. */
export function graphAround(id: string, unfinished: readonly Blocker[], look: BlockerLookup): IssueGraph {
  const known = withKnown(unfinished, look);
  const above = reached(id, (at) => known(at).blockedBy);
  const waiting = new Map<string, string[]>();
  for (const { id: waiter, blockedBy } of unfinished) {
    for (const blocker of blockedBy) {
      const others = waiting.get(blocker) ?? [];
      others.push(waiter);
      waiting.set(blocker, others);
    }
  }
  const below = reached(id, (at) => waiting.get(at) ?? []);
  return drawn(new Set([...above, ...below]), known);
}

function withKnown(unfinished: readonly Blocker[], look: BlockerLookup): BlockerLookup {
  const known = new Map(unfinished.map((issue) => [issue.id, issue]));
  return (id) => known.get(id) ?? look(id);
}

function reached(start: string, next: (id: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set([start]);
  // A set is walked in the order of its making, what is added on the way included.
  for (const id of seen) for (const other of next(id)) seen.add(other);
  return seen;
}

function drawn(ids: ReadonlySet<string>, look: BlockerLookup): IssueGraph {
  const blockers = [...ids].toSorted(compareIds).map(look);
  const nodes = blockers.map((issue) => ({
    ...issue,
    waits: !isDone(issue) && issue.blockedBy.some((id) => !isDone(look(id))),
  }));
  const edges = nodes.flatMap(({ id: to, blockedBy }) =>
    blockedBy.filter((from) => ids.has(from)).map((from) => ({ from, to })),
  );
  return { nodes, edges, cycles: cyclesAmong(blockers) };
}
