import { STATES, type State } from "./issue.ts";

/** Numbers of issues: in each state, overdue, and together. */
export interface IssueCounts {
  readonly states: Readonly<Record<State, number>>;
  readonly overdue: number;
  readonly total: number;
}

/** Counts issues. */
export function countIssues(
  issues: Iterable<{ readonly issue: { readonly status: State }; readonly overdue: boolean }>,
): IssueCounts {
  const states = noStates();
  let overdue = 0;
  let total = 0;
  for (const entry of issues) {
    states[entry.issue.status] += 1;
    if (entry.overdue) overdue += 1;
    total += 1;
  }
  return { states, overdue, total };
}

/** Adds counts up. */
export function sumCounts(all: readonly IssueCounts[]): IssueCounts {
  const states = noStates();
  for (const state of STATES) {
    for (const counts of all) states[state] += counts.states[state];
  }
  return {
    states,
    overdue: all.reduce((sum, counts) => sum + counts.overdue, 0),
    total: all.reduce((sum, counts) => sum + counts.total, 0),
  };
}

/** Returns how many issues are neither completed nor discarded. */
export function unfinished({ states }: IssueCounts): number {
  return states.OPEN + states.IN_PROGRESS + states.BLOCKED;
}

function noStates(): Record<State, number> {
  return { OPEN: 0, IN_PROGRESS: 0, BLOCKED: 0, COMPLETED: 0, DISCARDED: 0 };
}
