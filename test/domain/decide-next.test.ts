import { describe, expect, test } from "bun:test";
import { type Candidate, decideNext } from "../../src/domain/decide-next.ts";
import type { Issue } from "../../src/domain/issue.ts";
import type { TakeScope } from "../../src/domain/takeable.ts";
import { issueWith, leaseOf, NOTHING_AROUND, TEAM } from "../support/situation.ts";

const HOUR_MS = 3_600_000;

function candidate(parts: Partial<Issue>, facts: Partial<Omit<Candidate, "issue">> = {}): Candidate {
  return {
    issue: issueWith({ handler: "default", ...parts }),
    lease: null,
    createdMs: 0,
    overdue: false,
    ...facts,
  };
}

/** Asks for alice; returns id and reason. */
function nextOf(
  candidates: readonly Candidate[],
  { operator = "alice", session = null as string | null, scope = "usual" as TakeScope } = {},
): string | null {
  const choice = decideNext(candidates, {
    claimant: { operator, session },
    team: TEAM,
    scope,
    around: NOTHING_AROUND,
    whole: (issue) => issue as Issue,
    isEscalation: () => false,
  });
  return choice === null ? null : `${choice.candidate.issue.id} ${choice.reason}`;
}

const OPEN_P0 = candidate({ id: "REQ-009", priority: "P0" });

describe("decideNext() resumes", () => {
  const own = { id: "REQ-001", status: "IN_PROGRESS", handler: "alice" } as const;

  test("own live work before the most urgent of all else", () => {
    expect(nextOf([OPEN_P0, candidate(own, { lease: leaseOf("alice") })])).toBe("REQ-001 held");
  });

  test("what they held until the lease ended, before what is more urgent, but after what they hold", () => {
    const stale = candidate(own, { lease: leaseOf("alice", { ageMs: HOUR_MS, from: "default" }) });
    expect(nextOf([OPEN_P0, stale])).toBe("REQ-001 resumed");
    const held = candidate({ ...own, id: "REQ-002" }, { lease: leaseOf("alice") });
    expect(nextOf([stale, held])).toBe("REQ-002 held");
  });

  test("not what is blocked, nor what a process of the same name is working on", () => {
    const blocked = candidate({ ...own, status: "BLOCKED" }, { lease: leaseOf("alice") });
    const running = candidate(own, { lease: leaseOf("alice", { hold: true, flocked: true }) });
    expect(nextOf([blocked, running])).toBeNull();
  });

  test("only work of its own session", () => {
    const other = candidate(own, { lease: leaseOf("alice", { session: "one" }) });
    expect(nextOf([other], { session: "two" })).toBeNull();
    expect(nextOf([other], { session: "one" })).toBe("REQ-001 held");
  });
});

describe("decideNext() claims", () => {
  test("by priority, then overdue first, then the oldest, then by number", () => {
    const inOrder = [
      candidate({ id: "REQ-500", priority: "P0" }, { createdMs: 9 }),
      candidate({ id: "REQ-400", priority: "P1" }, { createdMs: 8, overdue: true }),
      candidate({ id: "REQ-300", priority: "P1" }, { createdMs: 1 }),
      candidate({ id: "REQ-200", priority: "P1" }, { createdMs: 2 }),
      candidate({ id: "REQ-999" }, { createdMs: 3 }),
      candidate({ id: "REQ-1000" }, { createdMs: 3 }),
    ];
    for (let first = 0; first < inOrder.length; first += 1) {
      const left = inOrder.slice(first);
      expect(nextOf(left.toReversed())).toBe(`${left[0]?.issue.id} unassigned`);
    }
  });

  test("what is assigned, what lies in an own queue, what nobody handles; of others only with any", () => {
    const theirs = candidate({ handler: "bob" });
    expect(nextOf([candidate({ handler: "alice" })])).toBe("REQ-001 assigned");
    expect(nextOf([theirs], { operator: "quinn" })).toBe("REQ-001 own_queue");
    expect(nextOf([candidate({ handler: "" })])).toBe("REQ-001 unassigned");
    expect(nextOf([theirs])).toBeNull();
    expect(nextOf([theirs], { scope: "any" })).toBe("REQ-001 any");
  });

  test("what somebody left behind, but nothing that is live, blocked or finished", () => {
    const ended = leaseOf("bob", { ageMs: HOUR_MS, from: "default" });
    const silent = { status: "IN_PROGRESS", handler: "bob" } as const;
    expect(nextOf([candidate(silent, { lease: ended })])).toBe("REQ-001 unassigned");
    expect(nextOf([candidate(silent, { lease: { ...ended, from: "alice" } })])).toBe("REQ-001 assigned");
    expect(nextOf([candidate(silent, { lease: { ...ended, from: "carol" } })])).toBeNull();
    expect(nextOf([candidate({ status: "IN_PROGRESS" }, { lease: leaseOf("bob") })])).toBeNull();
    expect(nextOf([candidate({ status: "BLOCKED" })])).toBeNull();
    expect(nextOf([candidate({ status: "COMPLETED" })])).toBeNull();
    expect(nextOf([candidate({ status: "DISCARDED" })])).toBeNull();
  });

  test("nothing for somebody who may claim nothing", () => {
    expect(nextOf([candidate({})], { operator: "stranger", scope: "any" })).toBeNull();
  });
});
