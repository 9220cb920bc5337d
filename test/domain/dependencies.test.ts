import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  cyclesAmong,
  cycleThrough,
  type Dependent,
  freedBy,
  refuseWaiting,
  unfinishedBlockers,
  waitingChain,
} from "../../src/domain/dependencies.ts";
import { graphAround } from "../../src/domain/issue-graph.ts";
import type { Blocker, BlockerLookup, Surroundings } from "../../src/domain/surroundings.ts";
import { graphText } from "../../src/output/graph-text.ts";
import { NOTHING_AROUND } from "../support/situation.ts";

/** Issues by id: what each waits for, and its state where that is not OPEN. */
type Web = Readonly<Record<string, readonly string[] | Partial<Blocker>>>;

function lookAt(web: Web): BlockerLookup {
  return (id) => {
    const entry = web[id];
    const known = { id, status: "OPEN" as const, handler: "bob", title: null, blockedBy: [] };
    if (entry === undefined) return { ...known, status: "MISSING", handler: null };
    return Array.isArray(entry) ? { ...known, blockedBy: entry } : { ...known, ...entry };
  };
}

function issue(id: string, ...blockedBy: readonly string[]): Dependent {
  return { id, blockedBy };
}

describe("an issue waits", () => {
  test("for what is unfinished, is not there or cannot be read; COMPLETED and DISCARDED hold nothing up", () => {
    const look = lookAt({
      A: { status: "COMPLETED" },
      B: { status: "DISCARDED" },
      C: { status: "BLOCKED" },
      D: { status: "UNREADABLE" },
    });
    const waits = unfinishedBlockers(issue("X", "A", "B", "C", "D", "E"), look);
    expect(waits.map(({ id, status }) => [id, status])).toEqual([
      ["C", "BLOCKED"],
      ["D", "UNREADABLE"],
      ["E", "MISSING"],
    ]);
  });

  test("along a chain down to where work has to begin", () => {
    const look = lookAt({ A: [], B: ["A"], C: { blockedBy: ["B"], status: "COMPLETED" }, D: ["C", "B"] });
    expect(waitingChain(issue("X", "D"), look)).toEqual(["X", "D", "B", "A"]);
  });

  test("the refusal names blockers with states, and the chain", () => {
    const look = lookAt({ A: { status: "IN_PROGRESS", handler: "alice" }, B: ["A"] });
    const refusal = refuseWaiting(issue("X", "B", "Z"), look, "hint");
    expect(refusal.message).toBe(
      "X waits for B (OPEN, @bob), Z (not there); X waits for B, which waits for A.",
    );
    expect(refusal.fields).toEqual({ issue_id: "X", blocked_by: ["B", "Z"], chain: ["X", "B", "A"] });
  });

  test("a cycle made by hand ends the chain where it closes, and is found once", () => {
    const web = { A: ["B"], B: ["C"], C: ["A"], D: ["D"], E: ["A"] };
    expect(waitingChain(issue("E", "A"), lookAt(web))).toEqual(["E", "A", "B", "C", "A"]);
    const issues = Object.entries(web).map(([id, blockedBy]) => ({ id, blockedBy }));
    expect(cyclesAmong(issues)).toEqual([
      ["A", "B", "C", "A"],
      ["D", "D"],
    ]);
  });
});

describe("finishing an issue frees", () => {
  test("what waits for it and nothing else, and is unfinished itself", () => {
    const web: Web = {
      A: [],
      B: ["A"],
      C: ["A", "X"],
      D: { blockedBy: ["A"], status: "COMPLETED" },
      X: [],
      Y: { status: "COMPLETED" },
      E: ["A", "Y"],
    };
    const around: Surroundings = {
      ...NOTHING_AROUND,
      blocker: lookAt(web),
      dependents: () => ["B", "C", "D", "E", "gone"].map(lookAt(web)),
    };
    expect(freedBy("A", around).map(({ id }) => id)).toEqual(["B", "E"]);
  });
});

describe("a cycle", () => {
  test.each([
    ["of one", "A", ["A"], ["A", "A"]],
    ["of two", "A", ["B"], ["A", "B", "A"]],
    ["through finished issues too", "A", ["C"], ["A", "C", "B", "A"]],
  ] as const)("%s is shown from the issue back to itself", (_, id, on, cycle) => {
    const look = lookAt({ A: [], B: { blockedBy: ["A"], status: "COMPLETED" }, C: ["B"] });
    expect(cycleThrough(id, on, look)).toEqual([...cycle]);
  });

  test("is found in any web, or there is none, and 10,000 issues in a row are no trouble", () => {
    const ids = Array.from({ length: 8 }, (_, index) => `N${index}`);
    const edge = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 24 }), (edges) => {
        const web: Record<string, string[]> = Object.fromEntries(ids.map((id) => [id, []]));
        for (const [from, on] of edges) {
          const cycle = cycleThrough(from, [on], lookAt(web));
          expect(cycle === null).toBe(from !== on && !reaches(web, on, from));
          for (const [index, id] of (cycle ?? []).slice(0, -2).entries())
            if (index > 0) expect(web[id]).toContain(cycle?.[index + 1]);
          if (cycle === null) web[from]?.push(on);
        }
        expect(cyclesAmong(Object.entries(web).map(([id, on]) => issue(id, ...on)))).toEqual([]);
      }),
      { numRuns: 300 },
    );
    const row = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`R${index}`, [`R${index + 1}`]]),
    );
    expect(cycleThrough("R10000", ["R0"], lookAt(row))).toHaveLength(10_002);
  });
});

/** Whether one can go from one to the other: by what everybody can reach, made larger until it stays. */
function reaches(web: Readonly<Record<string, readonly string[]>>, from: string, to: string): boolean {
  let reached = new Set([from]);
  for (;;) {
    const wider = new Set([...reached, ...[...reached].flatMap((id) => web[id] ?? [])]);
    if (wider.size === reached.size) return reached.has(to);
    reached = wider;
  }
}

describe("a chain of 20,000 issues", () => {
  const length = 20_000;
  const chain = Array.from({ length }, (_, at) =>
    issue(`N-${at}`, ...(at + 1 < length ? [`N-${at + 1}`] : [])),
  );
  const edges = new Map(chain.map(({ id, blockedBy }) => [id, blockedBy]));
  let looks = 0;
  const look: BlockerLookup = (id) => {
    looks += 1;
    return { id, status: "OPEN", handler: null, title: null, blockedBy: edges.get(id) ?? [] };
  };

  test("has no cycle, and none is found by walking it again for each issue", () => {
    expect(cyclesAmong(chain)).toEqual([]);
  });

  test("closed to a ring is one cycle with every issue", () => {
    const ring = [...chain.slice(0, -1), issue(`N-${length - 1}`, "N-0")];
    expect(cyclesAmong(ring).map((cycle) => new Set(cycle).size)).toEqual([length]);
  });

  test("is walked once by the question whether it would close", () => {
    looks = 0;
    expect(cycleThrough(`N-${length - 1}`, ["N-0"], look)).toHaveLength(length + 1);
    expect(looks).toBeLessThanOrEqual(length);
  });

  test("is drawn with bounded indentation, each issue once", () => {
    const lines = graphText(
      graphAround(
        "N-0",
        chain.map(({ id }) => look(id)),
        look,
      ),
    ).split("\n");
    expect(lines).toHaveLength(length);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
  });
});
