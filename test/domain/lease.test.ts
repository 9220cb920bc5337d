import { describe, expect, test } from "bun:test";
import { decideAmend } from "../../src/domain/decide-amend.ts";
import { decideClaim } from "../../src/domain/decide-claim.ts";
import type { State } from "../../src/domain/issue.ts";
import { isOwnLease, surelyLiveMs } from "../../src/domain/lease.ts";
import { renewsLease } from "../../src/domain/lease-gate.ts";
import { changeIn, issueWith, leaseOf, record, refusalOf, situation } from "../support/situation.ts";

const MINUTE_MS = 60_000;
const WORKING = issueWith({ status: "IN_PROGRESS", handler: "alice" });

describe("when a lease is live", () => {
  test("it lives to the very millisecond of heartbeat times 1.5, and is stale one later", () => {
    expect(leaseOf("alice", { ageMs: 45 * MINUTE_MS }).live).toBe(true);
    expect(leaseOf("alice", { ageMs: 45 * MINUTE_MS + 1 }).live).toBe(false);
  });

  test("a heartbeat of 1 minute gives 90 seconds", () => {
    expect(leaseOf("alice", { ageMs: 90_000, heartbeatMinutes: 1 }).live).toBe(true);
    expect(leaseOf("alice", { ageMs: 90_001, heartbeatMinutes: 1 }).live).toBe(false);
  });

  test("a holder that is not registered counts 17 minutes of heartbeat", () => {
    expect(leaseOf("ghost", { ageMs: 25.5 * MINUTE_MS, heartbeatMinutes: null }).live).toBe(true);
    expect(leaseOf("ghost", { ageMs: 25.5 * MINUTE_MS + 1, heartbeatMinutes: null }).live).toBe(false);
  });

  test("a negative age counts as none", () => {
    expect(leaseOf("alice", { ageMs: -5 * MINUTE_MS })).toMatchObject({ ageMs: 0, live: true });
  });

  test("a held lease lives while its file is flocked, whatever its age", () => {
    expect(leaseOf("alice", { ageMs: 9e9, hold: true, flocked: true }).live).toBe(true);
    expect(leaseOf("alice", { ageMs: 0, hold: true, flocked: false }).live).toBe(false);
  });
});

describe("the age up to which a lease lives whoever holds it", () => {
  test("is that of the shortest heartbeat in the team", () => {
    expect(surelyLiveMs([30, 1, 60])).toBe(90_000);
  });

  test("is that of a holder who is not registered where every heartbeat is longer", () => {
    expect(surelyLiveMs([30, 60])).toBe(25.5 * MINUTE_MS);
    expect(surelyLiveMs([])).toBe(25.5 * MINUTE_MS);
  });
});

describe("whose a lease is", () => {
  const cases = [
    [null, null, true],
    [null, "s1", true],
    ["s1", "s1", true],
    ["s1", "s2", false],
    ["s1", null, false],
  ] as const;
  for (const [session, asks, own] of cases) {
    test(`a lease of session ${session} is ${own ? "" : "not "}one's own in session ${asks}`, () => {
      const lease = leaseOf("alice", session === null ? {} : { session });
      expect(isOwnLease(lease, { operator: "alice", session: asks })).toBe(own);
    });
  }

  test("another name is another holder, session or not", () => {
    expect(isOwnLease(leaseOf("alice"), { operator: "bob", session: null })).toBe(false);
  });
});

describe("claim", () => {
  const CLAIMS: Record<State, string> = {
    OPEN: "IN_PROGRESS",
    IN_PROGRESS: "IN_PROGRESS",
    BLOCKED: "ISSUE_BLOCKED",
    COMPLETED: "ALREADY_COMPLETED",
    DISCARDED: "ISSUE_DISCARDED",
  };
  for (const [status, expected] of Object.entries(CLAIMS) as [State, string][]) {
    test(`of a ${status} issue without a lease: ${expected}`, () => {
      const facts = situation("alice", { issue: issueWith({ status }) });
      if (expected === "IN_PROGRESS") expect(changeIn(decideClaim(facts)).status).toBe("IN_PROGRESS");
      else expect(refusalOf(() => decideClaim(facts)).code).toBe(expected as never);
    });
  }

  test("succeeds one millisecond after the lease ends, and not at the last one of its life", () => {
    const at = (ageMs: number) => situation("bob", { issue: WORKING, lease: leaseOf("alice", { ageMs }) });
    expect(refusalOf(() => decideClaim(at(45 * MINUTE_MS))).code).toBe("LOCK_HELD");
    expect(changeIn(decideClaim(at(45 * MINUTE_MS + 1))).handler).toBe("bob");
  });

  test("a takeover is recorded as such: lease.expired, then issue.claimed with the next token", () => {
    const lease = leaseOf("alice", { ageMs: 46 * MINUTE_MS });
    const change = changeIn(decideClaim(situation("bob", { issue: WORKING, lease })));
    expect(change.record).toEqual({ word: "IN_PROGRESS", text: "接管 @alice 的过期租约" });
    expect(change.events.map(({ type }) => type)).toEqual(["lease.expired", "issue.claimed"]);
    expect(change.events[0]?.data).toEqual({ holder: "alice" });
    expect(change.lease).toEqual({ fence: 2, holder: "bob", session: null, from: "quinn" });
  });

  test("one's own stale lease is claimed anew, with the next token", () => {
    const lease = leaseOf("alice", { ageMs: 46 * MINUTE_MS });
    expect(changeIn(decideClaim(situation("alice", { issue: WORKING, lease }))).lease).toMatchObject({
      fence: 2,
    });
  });

  test("the token grows past that of the lease file, whatever the issue file says", () => {
    const lease = { ...leaseOf("alice", { ageMs: 46 * MINUTE_MS }), fence: 7 };
    expect(changeIn(decideClaim(situation("bob", { issue: WORKING, lease }))).lease).toMatchObject({
      fence: 8,
    });
  });

  test("one's own live lease is renewed and nothing else, on a BLOCKED issue too", () => {
    for (const status of ["IN_PROGRESS", "BLOCKED"] as const) {
      const facts = situation("alice", { issue: { ...WORKING, status }, lease: leaseOf("alice") });
      expect(decideClaim(facts)).toEqual({ kind: "settled", renew: true });
    }
  });

  test("another session of the same name is refused, and so is one without a session", () => {
    for (const session of ["s2", null]) {
      const lease = leaseOf("alice", { session: "s1" });
      const facts = situation("alice", { issue: WORKING, lease, claimant: { operator: "alice", session } });
      expect(refusalOf(() => decideClaim(facts))).toMatchObject({ code: "LOCK_HELD" });
    }
  });

  test("a stale token refuses even the renewal of one's own lease", () => {
    const issue = { ...WORKING, fence: 2 };
    const facts = situation("alice", { issue, lease: leaseOf("alice"), fence: 1 });
    expect(refusalOf(() => decideClaim(facts)).code).toBe("STALE_FENCE");
  });

  test("a root's --force is recorded, and names whom it overrode", () => {
    const facts = situation("root", { issue: WORKING, lease: leaseOf("alice"), force: true });
    const change = changeIn(decideClaim(facts));
    expect(change.record.text).toBe("（强制）");
    expect(change.events[0]).toMatchObject({
      type: "issue.claimed",
      data: { forced: true, holder: "alice" },
    });
  });

  test("the refusal of a BLOCKED issue gives the reason and, to who may, the command that unblocks", () => {
    const issue = issueWith({ status: "BLOCKED", records: [record("hanna", "BLOCKED", "no access")] });
    const refusal = refusalOf(() => decideClaim(situation("hanna", { issue })));
    expect(refusal.message).toContain("no access");
    expect(refusal.hint).toContain("mai issue unblock REQ-001 -o hanna");
    const stranger = refusalOf(() => decideClaim(situation("alice", { issue })));
    expect(stranger.hint).toContain("@hanna unblocks it");
    expect(stranger.hint).not.toContain("mai issue unblock");
  });
});

describe("renewal by a write", () => {
  const renews = (operator: string, parts: Parameters<typeof situation>[1]) => {
    const facts = situation(operator, parts);
    return renewsLease(facts, changeIn(decideAmend(facts, "still at it")));
  };

  test("a write of the holder renews, a write of somebody else does not", () => {
    expect(renews("alice", { issue: WORKING, lease: leaseOf("alice") })).toBe(true);
    expect(renews("bob", { issue: WORKING, lease: leaseOf("alice") })).toBe(false);
  });

  test("a write of the holder renews a stale lease that nobody took over", () => {
    const lease = leaseOf("alice", { ageMs: 46 * MINUTE_MS });
    expect(renews("alice", { issue: WORKING, lease })).toBe(true);
  });

  test("nobody is made the holder of an issue that is not worked on", () => {
    const lease = leaseOf("alice", { ageMs: 46 * MINUTE_MS });
    expect(renews("alice", { issue: { ...WORKING, status: "COMPLETED" }, lease })).toBe(false);
  });

  test("amend never meets a lease, and refuses only a DISCARDED issue", () => {
    expect(
      changeIn(decideAmend(situation("bob", { issue: WORKING, lease: leaseOf("alice") }), "x")).status,
    ).toBe("IN_PROGRESS");
    const issue = issueWith({ status: "DISCARDED" });
    expect(refusalOf(() => decideAmend(situation("bob", { issue }), "x")).code).toBe("ISSUE_DISCARDED");
  });
});
