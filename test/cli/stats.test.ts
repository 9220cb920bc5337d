import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

const MINUTE_MS = 60_000;

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

describe("mai stats", () => {
  test("tells of a real project what its events say, and writes nothing", async () => {
    await box.ok("issue", "new", "questions", "One", "-o", "bob");
    box.clock.nowMs += 5 * MINUTE_MS;
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    box.clock.nowMs += 130 * MINUTE_MS;
    await box.ok("issue", "transfer", "REQ-001", "bob", "done", "-o", "alice");
    box.clock.nowMs += 10 * MINUTE_MS;
    await box.ok("issue", "complete", "REQ-001", "fine", "-o", "bob");
    const before = box.tree();
    const { json } = await box.ok("stats");
    expect(json.total).toEqual({
      created: 1,
      claimed: 1,
      completed: 1,
      discarded: 0,
      median_seconds_to_claim: 300,
      seconds_in_state: { open: 900, in_progress: 7800, blocked: 0 },
      sla_misses: 1,
    });
    expect(json.agents).toContainEqual({
      name: "alice",
      claimed: 1,
      completed: 1,
      events: 2,
      last_seen_seconds: 600,
      silent: false,
    });
    expect((await box.ok("stats", "--since", "10m")).json.total).toMatchObject({ claimed: 0, completed: 1 });
    const { stdout } = await box.run("stats");
    expect(stdout).toContain("time to claim: 5m (median)");
    expect(stdout).toMatch(/in progress {2}█{12} {2}2h 10m/);
    expect(stdout).not.toContain("default");
    expect(box.tree()).toEqual(before);
  });

  test("refuses a span that is none", async () => {
    expect((await box.json("stats", "--since", "yesterday")).json).toMatchObject({ error: "USAGE" });
  });
});
