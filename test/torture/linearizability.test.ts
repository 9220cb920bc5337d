import { afterAll, expect, test } from "bun:test";
import type { MutantName } from "../support/mutants.ts";
import { mustBeCaught, secondsSince, settle } from "../support/report.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { runCrowd } from "./actors.ts";
import { faultsOf } from "./history-faults.ts";
import { type Answer, type IssueTold, NEW_ISSUE, stepIssue } from "./issue-model.ts";
import { isLinearizable, type Operation } from "./linearizable.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

afterAll(removeVariants);

test(
  "64 processes, killed, stopped and in PID namespaces, are told what one after the other would be told",
  async () => {
    const started = performance.now();
    const run = await runCrowd({
      actors: 64,
      operations: sized(25, 200),
      issues: sized(32, 200),
      killed: 0.1,
      stopped: 0.02,
    });
    const bad = faultsOf(run);
    const killed = run.history.filter(
      ({ told, endMs }) => told.kind !== "back-date" && endMs === Number.POSITIVE_INFINITY,
    );
    settle("linearizability", {
      name: `${killed.length} of them killed`,
      cases: run.history.length,
      bad: bad.map((what) => ({ at: "a history", what })),
      seconds: secondsSince(started),
    });
    expect(killed.length).toBeGreaterThan(20);
  },
  TEST_TIMEOUT_MS,
);

/** Faults that the checker must see in what the processes were told. */
const MUST_CATCH = [
  ["meeting", "no-lock"],
  ["decide-before-lock"],
  ["fence-does-not-grow"],
] as const satisfies readonly (readonly MutantName[])[];

/** Nobody completes an issue, so that its lease changes hands often: a fault of claims must not be a matter of luck. */
const CHANGING_HANDS = ["claim", "claim", "amend", "show", "back-date", "back-date"] as const;

for (const faults of MUST_CATCH) {
  test(
    `the checker catches a program with the faults ${faults.join(" and ")}`,
    async () => {
      const binary = await variant(...faults);
      const run = await runCrowd({
        ...{ actors: 24, operations: 8, issues: 3, killed: 0, stopped: 0 },
        ...{ kinds: CHANGING_HANDS, binary },
      });
      mustBeCaught("linearizability", faults.join(" and "), faultsOf(run).length > 0);
    },
    TEST_TIMEOUT_MS,
  );
}

test("isLinearizable() accepts two claims at once of which one is refused, in either order", () => {
  const won = told("claim", "alice", { ok: true, idempotent: false, fence: 1, holder: "alice" });
  const lost = told("claim", "bob", { ok: false, error: "LOCK_HELD", holder: "alice" });
  expect(isLinearizable([at(0, 10, won), at(5, 15, lost)], NEW_ISSUE, stepIssue)).toBe(true);
  expect(isLinearizable([at(5, 15, won), at(0, 10, lost)], NEW_ISSUE, stepIssue)).toBe(true);
});

test("isLinearizable() refuses two winners, and a refusal that was over before the winner began", () => {
  const won = told("claim", "alice", { ok: true, idempotent: false, fence: 1, holder: "alice" });
  const too = told("claim", "bob", { ok: true, idempotent: false, fence: 2, holder: "bob" });
  const lost = told("claim", "bob", { ok: false, error: "LOCK_HELD", holder: "alice" });
  expect(isLinearizable([at(0, 10, won), at(5, 15, too)], NEW_ISSUE, stepIssue)).toBe(false);
  expect(isLinearizable([at(0, 4, lost), at(5, 15, won)], NEW_ISSUE, stepIssue)).toBe(false);
});

test("isLinearizable() lets a killed claim have happened or not, but not half", () => {
  const killed = told("claim", "alice", null);
  const sees = (answer: Partial<Answer>) =>
    told("show", "bob", {
      ok: true,
      holder: null,
      stale: false,
      status: "OPEN",
      records: 1,
      fence: null,
      ...answer,
    });
  const after = { holder: "alice", status: "IN_PROGRESS", records: 2, fence: 1 };
  const history = (answer: Partial<Answer>) => [
    at(0, Number.POSITIVE_INFINITY, killed),
    at(5, 9, sees(answer)),
  ];
  expect(isLinearizable(history({}), NEW_ISSUE, stepIssue)).toBe(true);
  expect(isLinearizable(history(after), NEW_ISSUE, stepIssue)).toBe(true);
  expect(isLinearizable(history({ ...after, records: 1 }), NEW_ISSUE, stepIssue)).toBe(false);
});

function told(kind: IssueTold["kind"], agent: string, answer: Answer | null): IssueTold {
  return { kind, agent, answer };
}

function at(startMs: number, endMs: number, what: IssueTold): Operation<IssueTold> {
  return { startMs, endMs, told: what };
}
