import { afterAll, expect, test } from "bun:test";
import { removeVariants, variant } from "../support/variant.ts";
import { type Race, raceAfter } from "./races.ts";

afterAll(removeVariants);

const TIMEOUT_MS = 120_000;
const PROCESSES = 64;
/** Issues that the processes go for; REQ-001 is there already. */
const ISSUES = 16;
/** Issues that would make a ring. */
const RING = 8;

const id = (index: number) => `REQ-${String(index + 1).padStart(3, "0")}`;
const created = (count: number, ...more: readonly string[]) =>
  Array.from({ length: count }, (_, index) => [
    ...["issue", "new", "questions", `Issue ${index}`, "-o", "admin"],
    ...more,
  ]);

/** Alice may hold 3, and 5 of the queue may be held in all: 64 processes of alice and bob go for 16 issues. */
const LIMITED = [
  ...created(ISSUES - 1),
  ["config", "set", "agents.alice.max_in_progress", "3", "-o", "admin"],
  ["queue", "set", "questions", "--max-in-progress", "5", "-o", "admin"],
];
const CLAIMS = processes((index) => [
  ...["issue", "claim", id(index % ISSUES), "-o", index % 2 ? "bob" : "alice"],
  ...["--session", `s${index}`],
]);
/** Each issue of a ring is to wait for the next one, asked for by many: one of the edges has to be refused. */
const EDGES = processes((index) => [
  ...["issue", "depend", id(index % RING), "--on", id((index + 1) % RING), "-o", "admin"],
]);
/** While one process finishes REQ-001, others claim what waits for it, and make more wait. */
const WAITING = [...created(4, "--blocked-by", "REQ-001"), ...created(4)];
const FREEING = processes((index) => {
  if (index === PROCESSES / 2) return ["issue", "complete", "REQ-001", "done", "-o", "admin"];
  const wanted = id(1 + (index % 8));
  const isDepend = index % 8 >= 4 && index % 3 === 0;
  return isDepend
    ? ["issue", "depend", wanted, "--on", "REQ-001", "-o", "admin"]
    : ["issue", "claim", wanted, "-o", index % 2 ? "bob" : "alice", "--session", `s${index}`];
});

test(
  "64 processes go for 16 issues: exactly as many are held as the limits of agent and queue let",
  async () => {
    const result = await raceAfter(LIMITED, { lines: CLAIMS });
    const held = holders(result);
    expect(held).toHaveLength(5);
    expect(held.filter((name) => name === "alice").length).toBeLessThanOrEqual(3);
    expect(result.codes[0]).toBe(5);
    expect((result.codes[1] ?? 0) + (result.codes[2] ?? 0)).toBe(PROCESSES - 5);
    expect(typesOf(result).filter((type) => type === "issue.claimed")).toHaveLength(5);
    expect(result.mirrorsEqual).toBe(true);
  },
  TIMEOUT_MS,
);

test(
  "64 processes close a ring of 8 dependencies: 7 edges are made, all who ask for the last hear CYCLE",
  async () => {
    const result = await raceAfter(created(RING - 1), { lines: EDGES });
    expect(result.codes).toEqual({ 0: PROCESSES - RING, 1: PROCESSES / RING });
    expect(edgesOf(result)).toHaveLength(RING - 1);
    expect(typesOf(result).filter((type) => type === "issue.depends")).toHaveLength(RING - 1);
    expect(result.list(".mai/dependents")).toHaveLength(RING - 1);
    expect(result.mirrorsEqual).toBe(true);
  },
  TIMEOUT_MS,
);

test(
  "64 processes claim what waits while it is set free: nothing is claimed while it waits",
  async () => {
    const result = await raceAfter(WAITING, { lines: FREEING });
    expect(claimedWhileWaiting(result)).toEqual([]);
    expect(typesOf(result)).toContain("issue.completed");
    expect(result.mirrorsEqual).toBe(true);
  },
  TIMEOUT_MS,
);

test(
  "the same is lost by a program that looks at limits and cycles before it has the mutex, and at no blockers",
  async () => {
    const faulty = await variant(
      "limit-before-the-mutex",
      "cycle-check-before-the-mutex",
      "blockers-not-checked",
    );
    const claimed = await raceAfter(LIMITED, { lines: CLAIMS, binary: faulty });
    expect(holders(claimed).length).toBeGreaterThan(5);
    const ring = await raceAfter(created(RING - 1), { lines: EDGES.slice(0, RING), binary: faulty });
    expect(edgesOf(ring)).toHaveLength(RING);
    const freed = await raceAfter(WAITING, { lines: FREEING.slice(0, RING), binary: faulty });
    expect(claimedWhileWaiting(freed).length).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

function processes(line: (index: number) => readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: PROCESSES }, (_, index) => line(index));
}

function holders(result: Race): readonly string[] {
  const leases = result.list(".mai/locks").filter((path) => path.endsWith(".lock"));
  return leases.map((path) => result.read(path).split("|")[0] ?? "");
}

function edgesOf(result: Race): readonly string[] {
  return result.list(".mai/queues/questions").filter((path) => /\*\*依赖：\*\* REQ/.test(result.read(path)));
}

interface Event {
  readonly type: string;
  readonly issue?: string;
  readonly data?: { readonly blocked_by?: readonly string[] };
}

function eventsOf(result: Race): readonly Event[] {
  const lines = result.list(".mai/events").flatMap((path) => result.read(path).trimEnd().split("\n"));
  return lines.map((line) => JSON.parse(line));
}

function typesOf(result: Race): readonly string[] {
  return eventsOf(result).map(({ type }) => type);
}

/** Replays the events: which issues were claimed although REQ-001, which they waited for then, was unfinished. */
function claimedWhileWaiting(result: Race): readonly string[] {
  const waiting = new Set<string>();
  let isDone = false;
  const wrong: string[] = [];
  for (const { type, issue = "", data } of eventsOf(result)) {
    if (data?.blocked_by !== undefined) waiting.add(issue);
    if (type === "issue.completed") isDone = true;
    if (type === "issue.claimed" && waiting.has(issue) && !isDone) wrong.push(issue);
  }
  return wrong;
}
