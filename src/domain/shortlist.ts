import { compareIssues, type OrderKey } from "./issue.ts";

/** An issue that may be shown, with what lists sort by. */
interface Kept<Issue> extends OrderKey {
  readonly issue: Issue;
}

/** Keeps the first few of many issues by the order of lists, whatever order they come in. */
export class Shortlist<Issue extends Pick<OrderKey, "priority" | "id">> {
  readonly #limit: number;
  #kept: Kept<Issue>[] = [];
  /** What an issue has to come before, once the list was full. */
  #bound: OrderKey | null = null;
  #total = 0;

  constructor(limit: number) {
    this.#limit = Math.max(0, limit);
  }

  /** Number of issues that were counted, kept or not. */
  get total(): number {
    return this.#total;
  }

  /** Counts an issue, and keeps it if it may be among the first. @param createdMs asked only where that may matter */
  add(issue: Issue, createdMs: (issue: Issue) => number): void {
    this.#total += 1;
    const { priority, id } = issue;
    if (this.#limit === 0 || (this.#bound !== null && this.#bound.priority < priority)) return;
    const kept = { priority, createdMs: createdMs(issue), id, issue };
    if (this.#bound !== null && compareIssues(this.#bound, kept) <= 0) return;
    this.#kept.push(kept);
    // Sorting rarely: as often as the list has been filled once more.
    if (this.#kept.length >= this.#limit * 2) this.#settle();
  }

  /** Returns the first ones, in order, with when each was created. */
  entries(): readonly { readonly issue: Issue; readonly createdMs: number }[] {
    this.#settle();
    return this.#kept;
  }

  #settle(): void {
    this.#kept = this.#kept.toSorted(compareIssues).slice(0, this.#limit);
    if (this.#kept.length === this.#limit) this.#bound = this.#kept.at(-1) ?? null;
  }
}
