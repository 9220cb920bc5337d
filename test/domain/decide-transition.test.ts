import { describe, expect, test } from "bun:test";
import { decideTransition } from "../../src/domain/decide-transition.ts";
import type { State } from "../../src/domain/issue.ts";
import type { Situation } from "../../src/domain/issue-change.ts";
import { TRANSITIONS, type TransitionName } from "../../src/domain/operations.ts";
import { changeIn, issueWith, leaseOf, record, refusalOf, situation } from "../support/situation.ts";

const NAMES = Object.keys(TRANSITIONS) as TransitionName[];

function decide(name: TransitionName, facts: Situation, text = "why") {
  const takesText = TRANSITIONS[name].text !== null;
  return decideTransition(facts, {
    name,
    text: takesText ? text : "",
    handler: name === "transfer" ? "bob" : null,
  });
}

/** What each operation makes of each state: a state, `same` for nothing to do, or an error code. Written from the specification. */
const TABLE: Record<TransitionName, Record<State, string>> = {
  block: {
    OPEN: "BLOCKED",
    IN_PROGRESS: "BLOCKED",
    BLOCKED: "BLOCKED",
    COMPLETED: "ALREADY_COMPLETED",
    DISCARDED: "ISSUE_DISCARDED",
  },
  unblock: {
    OPEN: "same",
    IN_PROGRESS: "same",
    BLOCKED: "OPEN",
    COMPLETED: "INVALID_STATE",
    DISCARDED: "INVALID_STATE",
  },
  transfer: {
    OPEN: "OPEN",
    IN_PROGRESS: "OPEN",
    BLOCKED: "OPEN",
    COMPLETED: "ALREADY_COMPLETED",
    DISCARDED: "ISSUE_DISCARDED",
  },
  complete: {
    OPEN: "COMPLETED",
    IN_PROGRESS: "COMPLETED",
    BLOCKED: "COMPLETED",
    COMPLETED: "same",
    DISCARDED: "ISSUE_DISCARDED",
  },
  confirm: {
    OPEN: "COMPLETED",
    IN_PROGRESS: "COMPLETED",
    BLOCKED: "COMPLETED",
    COMPLETED: "same",
    DISCARDED: "ISSUE_DISCARDED",
  },
  reject: {
    OPEN: "OPEN",
    IN_PROGRESS: "OPEN",
    BLOCKED: "OPEN",
    COMPLETED: "ALREADY_COMPLETED",
    DISCARDED: "ISSUE_DISCARDED",
  },
  reopen: {
    OPEN: "same",
    IN_PROGRESS: "INVALID_STATE",
    BLOCKED: "INVALID_STATE",
    COMPLETED: "OPEN",
    DISCARDED: "ISSUE_DISCARDED",
  },
  discard: {
    OPEN: "DISCARDED",
    IN_PROGRESS: "DISCARDED",
    BLOCKED: "DISCARDED",
    COMPLETED: "DISCARDED",
    DISCARDED: "same",
  },
};

describe("transition table", () => {
  for (const name of NAMES) {
    for (const [status, expected] of Object.entries(TABLE[name]) as [State, string][]) {
      test(`${name} of a ${status} issue: ${expected}`, () => {
        const facts = situation("root", { issue: issueWith({ status }) });
        if (/^[A-Z]+_[A-Z]+$/.test(expected) && expected !== "IN_PROGRESS") {
          expect(refusalOf(() => decide(name, facts)).code).toBe(expected as never);
          return;
        }
        const verdict = decide(name, facts);
        if (expected === "same") expect(verdict).toEqual({ kind: "settled", renew: false });
        else expect(changeIn(verdict).status).toBe(expected as State);
      });
    }
  }
});

/** What becomes of the lease, by the specification. */
const LEASES: Record<TransitionName, string> = {
  block: "renew",
  unblock: "renew",
  transfer: "release",
  complete: "release",
  confirm: "release",
  reject: "release",
  reopen: "keep",
  discard: "release",
};

describe("leases in the transition table", () => {
  for (const name of NAMES) {
    const status = name === "unblock" ? "BLOCKED" : name === "reopen" ? "COMPLETED" : "IN_PROGRESS";
    const issue = issueWith({ status });

    test(`${name} has the effect '${LEASES[name]}' on the lease`, () => {
      expect(changeIn(decide(name, situation("root", { issue }))).lease).toBe(LEASES[name] as never);
    });

    if (name === "reopen") {
      test("reopen never meets a lease, and says what is wrong with the state", () => {
        const facts = situation("quinn", {
          issue: issueWith({ status: "IN_PROGRESS" }),
          lease: leaseOf("alice"),
        });
        expect(refusalOf(() => decide(name, facts)).code).toBe("INVALID_STATE");
      });
      continue;
    }

    test(`${name} is refused by somebody else's live lease, with holder and time left`, () => {
      const refusal = refusalOf(() => decide(name, situation("quinn", { issue, lease: leaseOf("alice") })));
      expect(refusal.code).toBe("LOCK_HELD");
      expect(refusal.exitCode).toBe(2);
      expect(refusal.fields).toMatchObject({ holder: "alice", seconds_left: 44 * 60 });
    });

    test(`${name} goes past somebody else's stale lease`, () => {
      const lease = leaseOf("alice", { ageMs: 45 * 60_000 + 1 });
      expect(decide(name, situation("quinn", { issue, lease })).kind).toBe("change");
    });

    test(`${name} --force of a root goes past a live lease, and record and event say so`, () => {
      const change = changeIn(
        decide(name, situation("root", { issue, lease: leaseOf("alice"), force: true })),
      );
      expect(change.record.text).toEndWith("（强制）");
      expect(change.events[0]?.data).toMatchObject({ forced: true, holder: "alice" });
    });

    test(`${name} --force of a queue owner is refused and names the roots`, () => {
      const facts = situation("quinn", { issue, lease: leaseOf("alice"), force: true });
      const refusal = refusalOf(() => decide(name, facts));
      expect(refusal.code).toBe("PERMISSION_DENIED");
      expect(refusal.hint).toContain("root");
    });

    test(`${name} asks for the role before the lease`, () => {
      const facts = situation("stranger", { issue, lease: leaseOf("alice") });
      expect(refusalOf(() => decide(name, facts)).code).toBe("PERMISSION_DENIED");
    });

    test(`${name} asks for the lease before the state`, () => {
      const finished = issueWith({ status: "DISCARDED" });
      const facts = situation("quinn", { issue: finished, lease: leaseOf("alice") });
      expect(refusalOf(() => decide(name, facts)).code).toBe("LOCK_HELD");
    });

    test(`${name} refuses a fencing token that is not the current one`, () => {
      expect(refusalOf(() => decide(name, situation("root", { issue, fence: 0 }))).code).toBe("STALE_FENCE");
      expect(decide(name, situation("root", { issue, fence: 1 })).kind).toBe("change");
    });
  }
});

describe("repeats", () => {
  for (const name of NAMES) {
    const status = name === "unblock" ? "BLOCKED" : name === "reopen" ? "COMPLETED" : "IN_PROGRESS";

    test(`${name}: the newest record by the same operator with the same text is a repeat, whatever roles have become`, () => {
      const change = changeIn(decide(name, situation("root", { issue: issueWith({ status }) })));
      const issue = issueWith({
        status: change.status,
        records: [record("nobody-now", change.record.word, change.record.text)],
      });
      expect(decide(name, situation("nobody-now", { issue }))).toEqual({ kind: "settled", renew: false });
    });

    test(`${name}: the same by another operator is no repeat`, () => {
      const change = changeIn(decide(name, situation("root", { issue: issueWith({ status }) })));
      const records = [record("root", change.record.word, change.record.text)];
      const issue = issueWith({ status: change.status, records });
      expect(refusalOf(() => decide(name, situation("stranger", { issue }))).code).toBe("PERMISSION_DENIED");
    });
  }

  test("an unblock that a lease of then made IN_PROGRESS is a repeat after that lease went stale", () => {
    const issue = issueWith({ status: "IN_PROGRESS", records: [record("gone", "IN_PROGRESS", "解除阻塞")] });
    const lease = leaseOf("gone", { ageMs: 46 * 60_000 });
    expect(decide("unblock", situation("gone", { issue, lease })).kind).toBe("settled");
  });

  test("a second reason adds a record to a BLOCKED issue, the same reason by somebody else does not", () => {
    const issue = issueWith({ status: "BLOCKED", records: [record("hanna", "BLOCKED", "why")] });
    expect(decide("block", situation("root", { issue })).kind).toBe("settled");
    expect(changeIn(decide("block", situation("root", { issue }), "other")).record.text).toBe("other");
  });
});

describe("transfer", () => {
  const to = (handler: string, text = "") =>
    decideTransition(situation("hanna"), { name: "transfer", text, handler });

  for (const typed of ["code-reviewer", "@code-reviewer", "@Code Reviewer", " Code-Reviewer "]) {
    test(`takes ${JSON.stringify(typed)} for the agent code-reviewer`, () => {
      expect(changeIn(to(typed)).handler).toBe("code-reviewer");
    });
  }

  for (const handler of ["bob", "quinn", "default", "root"]) {
    test(`hands over to ${handler}, who is agent, queue owner or root`, () => {
      expect(changeIn(to(handler)).handler).toBe(handler);
    });
  }

  test("refuses a handler that is nobody, with the nearest name", () => {
    const refusal = refusalOf(() => to("alicce"));
    expect(refusal.code).toBe("INVALID_AGENT");
    expect(refusal.hint).toContain("Did you mean 'alice'?");
  });

  test("to the handler that an OPEN issue without a lease has, without a message, is nothing to do", () => {
    const facts = situation("root", { issue: issueWith({ handler: "bob" }) });
    const ask = (text: string) => decideTransition(facts, { name: "transfer", text, handler: "bob" });
    expect(ask("").kind).toBe("settled");
    expect(ask("please").kind).toBe("change");
  });
});

describe("reject", () => {
  const rejected = (parts: Parameters<typeof issueWith>[0]) =>
    changeIn(decide("reject", situation("carol", { issue: issueWith(parts) }))).handler;

  test("goes back to the handler while that is somebody else", () => {
    expect(rejected({ handler: "hanna" })).toBe("hanna");
  });

  test("goes back to the latest claimant before the reviewer", () => {
    const records = [
      record("bob", "OPEN", "转交给 @carol"),
      record("bob", "IN_PROGRESS"),
      record("alice", "IN_PROGRESS"),
    ];
    expect(rejected({ handler: "carol", records })).toBe("bob");
  });

  test("goes back to whom it was transferred, claimed or not", () => {
    const records = [
      record("alice", "OPEN", "转交给 @carol：done"),
      record("quinn", "OPEN", "Transferred to @alice: please"),
      record("bob", "IN_PROGRESS"),
    ];
    expect(rejected({ handler: "carol", records })).toBe("alice");
  });

  test("passes over an unblock, which is no claim", () => {
    const records = [record("quinn", "IN_PROGRESS", "解除阻塞"), record("bob", "IN_PROGRESS")];
    expect(rejected({ handler: "carol", records })).toBe("bob");
  });

  test("goes to the queue's owner when nobody else ever handled it", () => {
    expect(rejected({ handler: "carol", records: [record("carol", "IN_PROGRESS")] })).toBe("quinn");
  });
});

test("unblock becomes IN_PROGRESS at the very last millisecond of the lease, OPEN one later", () => {
  const issue = issueWith({ status: "BLOCKED" });
  const after = (ageMs: number) =>
    changeIn(
      decide(
        "unblock",
        situation("alice", { issue: { ...issue, handler: "alice" }, lease: leaseOf("alice", { ageMs }) }),
      ),
    ).status;
  expect(after(45 * 60_000)).toBe("IN_PROGRESS");
  expect(after(45 * 60_000 + 1)).toBe("OPEN");
});

test("only complete and confirm write a decision", () => {
  const conclusions = NAMES.filter((name) => {
    const status = name === "unblock" ? "BLOCKED" : name === "reopen" ? "COMPLETED" : "OPEN";
    return changeIn(decide(name, situation("root", { issue: issueWith({ status }) }))).conclusion !== null;
  });
  expect(conclusions).toEqual(["complete", "confirm"]);
});
