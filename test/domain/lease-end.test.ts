import { describe, expect, test } from "bun:test";
import type { EventDraft, EventType } from "../../src/domain/events.ts";
import { leaseTaker } from "../../src/domain/lease-end.ts";

const event = (type: EventType, actor: string, data: EventDraft["data"] = {}): EventDraft => ({
  ...{ type, actor, data },
});
const CLAIM = event("issue.claimed", "alice", { fence: 3 });
const taker = (...events: readonly EventDraft[]) => leaseTaker(events, { holder: "alice", fence: 3 });

describe("leaseTaker()", () => {
  test.each([
    event("lease.released", "alice", { reason: "own" }),
    event("issue.transferred", "alice"),
    event("issue.completed", "alice", { forced: true }),
    event("issue.undone", "alice", { undone_type: "issue.claimed" }),
  ])("finds nobody where its holder gave it back: %p", (end) => {
    expect(taker(CLAIM, end)).toBeNull();
    expect(taker(end)).toBeNull();
    expect(taker(CLAIM, end, event("issue.claimed", "bob", { fence: 4 }))).toBeNull();
  });

  test.each([
    event("lease.released", "admin", { reason: "forced", forced: true }),
    event("lease.expired", "admin"),
    event("issue.claimed", "admin", { fence: 4 }),
    event("issue.discarded", "admin"),
  ])("finds who ended it: %p", (end) => {
    expect(taker(CLAIM, event("issue.amended", "zoe"), end)).toEqual({ by: "admin" });
    expect(taker(CLAIM, end, event("lease.released", "alice"))).toEqual({ by: "admin" });
  });

  test("takes force and a new claim for another process, although it bears the holder's name", () => {
    expect(taker(CLAIM, event("lease.released", "alice", { forced: true }))).toEqual({ by: "alice" });
    expect(taker(CLAIM, event("issue.claimed", "alice", { fence: 4 }))).toEqual({ by: "alice" });
  });

  test("looks at nothing before the claim, and knows nobody where no event ends the lease", () => {
    expect(taker(event("lease.expired", "admin"), CLAIM)).toEqual({ by: null });
    expect(taker(CLAIM, event("issue.amended", "zoe"), event("issue.undone", "zoe"))).toEqual({ by: null });
    expect(taker()).toEqual({ by: null });
  });
});
