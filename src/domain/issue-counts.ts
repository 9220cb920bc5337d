import { STATES, type State } from "./issue.ts";

/** Numbers of issues: in each state, overdue, and together. */
export interface IssueCounts {
  readonly states: Readonly<Record<State, number>>;
  readonly overdue: number;
  readonly total: number;
}

/** Counts issues one after the other, and keeps none of them. */
export class IssueCounter {
  readonly #states = noStates();
  #overdue = 0;
  #total = 0;

  add(entry: { readonly issue: { readonly status: State }; readonly overdue: boolean }): void {
    this.#states[entry.issue.status] += 1;
    if (entry.overdue) this.#overdue += 1;
    this.#total += 1;
  }

  counts(): IssueCounts {
    return { states: { ...this.#states }, overdue: this.#overdue, total: this.#total };
  }
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
