import { afterAll, beforeAll, expect, test } from "bun:test";
import { requireBinary, requireTool } from "../support/binary.ts";
import { counted, mustBeCaught } from "../support/report.ts";
import { removeVariants, variant } from "../support/variant.ts";
import type { StreamEvent } from "../support/work.ts";
import { faultsIn, workerLoop } from "./worker-loop.ts";

const LIMIT_MS = 240_000;
/** Loops that a faulty program may survive: on one busy processor its workers seldom meet. */
const LOOPS_OF_A_FAULT = 5;

beforeAll(() => {
  requireBinary();
  requireTool("setsid", "util-linux");
  requireTool("pgrep", "procps");
});
afterAll(removeVariants);

test(
  "8 workers, 60 issues, 40 kills: all are completed, each was worked on by one agent at a time",
  async () => {
    const started = performance.now();
    const result = await workerLoop({ workers: 8, issues: 60, kills: 40, limitMs: LIMIT_MS });
    expect(result.faults).toEqual([]);
    expect(result.completed).toBe(60);
    expect(result.kills).toBeGreaterThan(10);
    counted("workers in a loop", result.completed, started);
  },
  LIMIT_MS + 60_000,
);

test(
  "the same loop finds out a program without the lock",
  async () => {
    const binary = await variant("meeting", "no-lock");
    let isCaught = false;
    for (let loop = 0; loop < LOOPS_OF_A_FAULT && !isCaught; loop += 1) {
      const { faults } = await workerLoop({ workers: 8, issues: 16, kills: 0, limitMs: 10_000, binary });
      isCaught = faults.length > 0;
    }
    mustBeCaught("workers in a loop", "meeting and no-lock", isCaught);
  },
  LIMIT_MS,
);

test("the ledger tells work of two at once, work without a claim, and lost numbers", () => {
  const event = (seq: number, actor: string, type: string): StreamEvent => ({
    ...{ seq, actor, type, issue: "REQ-001", from: null, to: null, data: null },
  });
  const sound = [
    event(1, "admin", "issue.created"),
    event(2, "a", "issue.claimed"),
    event(3, "guardian", "lease.expired"),
    event(4, "b", "issue.claimed"),
    event(5, "b", "issue.amended"),
    event(6, "b", "issue.transferred"),
    event(7, "admin", "issue.completed"),
  ];
  expect(faultsIn(sound)).toEqual([]);
  expect(faultsIn(sound.filter(({ type }) => type !== "lease.expired"))).not.toEqual([]);
  expect(faultsIn([...sound.slice(0, 4), event(5, "a", "issue.amended")])).toHaveLength(1);
  expect(faultsIn([...sound.slice(0, 1), event(2, "b", "issue.transferred")])).toHaveLength(1);
  // An orphan's remark before the next claim takes nothing from anybody; its hand-over would.
  expect(faultsIn([...sound.slice(0, 3), event(4, "a", "issue.amended")])).toEqual([]);
  expect(faultsIn([...sound.slice(0, 3), event(4, "a", "issue.transferred")])).toHaveLength(1);
});
