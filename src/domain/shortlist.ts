import { compareIssues, type OrderKey } from "./issue.ts";

/** Keeps the first few of many issues by the order of lists, whatever order they come in. */
export class Shortlist<Entry> {
  readonly #limit: number;
  #kept: { readonly key: OrderKey; readonly entry: Entry }[] = [];
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

  /** Counts an issue, and makes its entry only if it may be among the first. */
  add(key: OrderKey, entry: () => Entry): void {
    this.#total += 1;
    if (this.#limit === 0) return;
    if (this.#bound !== null && compareIssues(this.#bound, key) <= 0) return;
    this.#kept.push({ key, entry: entry() });
    // Sorting rarely: as often as the list has been filled once more.
    if (this.#kept.length >= this.#limit * 2) this.#settle();
  }

  /** Returns the first ones, in order. */
  entries(): readonly Entry[] {
    this.#settle();
    return this.#kept.map(({ entry }) => entry);
  }

  #settle(): void {
    this.#kept = this.#kept.toSorted((a, b) => compareIssues(a.key, b.key)).slice(0, this.#limit);
    if (this.#kept.length === this.#limit) this.#bound = this.#kept.at(-1)?.key ?? null;
  }
}
