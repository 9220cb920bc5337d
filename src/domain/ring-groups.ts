/** Where the walk stands at one node: which of its edges comes next. */
interface Step {
  readonly id: string;
  readonly next: readonly string[];
  at: number;
}

/**
 * Returns the nodes that can be reached from themselves, each with the name of its group: two are in one group if each
 * can be reached from the other. Takes time and memory in proportion to nodes and edges (Tarjan), and no call for each
 * node, so that a chain of any length fits.
 * @param edges what each node leads to; edges to what is no node are passed over
 */
export function ringGroups(edges: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  const walk = new Walk(edges);
  for (const id of edges.keys()) walk.from(id);
  return walk.groups;
}

class Walk {
  readonly groups = new Map<string, string>();
  readonly #edges: ReadonlyMap<string, readonly string[]>;
  readonly #number = new Map<string, number>();
  /** Lowest number that can be reached and whose group is open. */
  readonly #low = new Map<string, number>();
  readonly #open: string[] = [];
  readonly #isOpen = new Set<string>();

  constructor(edges: ReadonlyMap<string, readonly string[]>) {
    this.#edges = edges;
  }

  from(start: string): void {
    if (this.#number.has(start)) return;
    const steps = [this.#enter(start)];
    for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
      const other = step.next[step.at];
      step.at += 1;
      if (other === undefined) {
        steps.pop();
        this.#leave(step, steps.at(-1)?.id);
      } else if (this.#edges.has(other)) {
        if (!this.#number.has(other)) steps.push(this.#enter(other));
        else if (this.#isOpen.has(other)) this.#lower(step.id, this.#number.get(other));
      }
    }
  }

  #enter(id: string): Step {
    this.#number.set(id, this.#number.size);
    this.#low.set(id, this.#number.size - 1);
    this.#open.push(id);
    this.#isOpen.add(id);
    return { id, next: this.#edges.get(id) ?? [], at: 0 };
  }

  #leave({ id, next }: Step, above: string | undefined): void {
    if (above !== undefined) this.#lower(above, this.#low.get(id));
    if (this.#low.get(id) !== this.#number.get(id)) return;
    const members: string[] = [];
    for (let member = this.#open.pop(); member !== undefined; member = this.#open.pop()) {
      this.#isOpen.delete(member);
      members.push(member);
      if (member === id) break;
    }
    if (members.length > 1 || next.includes(id)) for (const member of members) this.groups.set(member, id);
  }

  #lower(id: string, number = 0): void {
    this.#low.set(id, Math.min(this.#low.get(id) ?? number, number));
  }
}
