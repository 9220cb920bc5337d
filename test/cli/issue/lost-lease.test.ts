import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

const LEASE = ".mai/locks/REQ-001.lock";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  box.clock.nowMs = Date.parse("2026-04-30T10:42:00+08:00");
  await box.ok("agent", "add", "ana", "-o", "admin");
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
  await box.ok("next", "-o", "bob");
});
afterEach(() => box.remove());

/** What an operator is warned of. */
async function warnings(...argv: readonly string[]): Promise<readonly string[]> {
  return (await box.json(...argv)).json.warnings;
}

async function lose(): Promise<void> {
  box.age(LEASE, 60);
  await box.ok("lock", "guardian");
  box.clock.nowMs += 60_000;
}

const LOST = "Your lease on REQ-001 ended at 10:42; @ana has held it since 10:43.";

describe("somebody who lost the lease", () => {
  test.each([
    ["amend", ["issue", "amend", "REQ-001", "still on it"]],
    ["check", ["issue", "check", "REQ-001", "1"]],
    ["block", ["issue", "block", "REQ-001", "no access"]],
    ["escalate", ["issue", "escalate", "REQ-001"]],
    ["transfer", ["issue", "transfer", "REQ-001", "admin"]],
    ["claim", ["issue", "claim", "REQ-001"]],
  ])("is told by %s, refused or not: when it ended, who has it, since when", async (_name, argv) => {
    await lose();
    await box.ok("next", "-o", "ana");
    expect(await warnings(...argv, "-o", "bob")).toEqual([LOST]);
    expect((await box.run(...argv, "-o", "bob")).stderr).toContain(LOST);
  });

  test("is told also when it was taken over, and when nobody has it", async () => {
    box.age(LEASE, 60);
    await box.ok("issue", "claim", "REQ-001", "-o", "ana");
    expect(await warnings("issue", "amend", "REQ-001", "one", "-o", "bob")).toEqual([
      "Your lease on REQ-001 ended at 10:42; @ana has held it since 10:42.",
    ]);
    box.clock.nowMs += 24 * 3_600_000;
    await box.ok("lock", "release", "REQ-001", "-o", "ana");
    expect(await warnings("issue", "amend", "REQ-001", "two", "-o", "bob")).toEqual([
      "Your lease on REQ-001 ended at 2026-04-30 10:42; nobody holds it now.",
    ]);
  });

  test("is not warned who ended it, has it again, never had it, or handed it on", async () => {
    const amend = ["issue", "amend", "REQ-001"];
    expect(await warnings(...amend, "mine", "-o", "bob")).toEqual([]);
    await lose();
    expect(await warnings(...amend, "hers", "-o", "ana")).toEqual([]);
    await box.ok("next", "-o", "bob");
    expect(await warnings(...amend, "mine again", "-o", "bob")).toEqual([]);
    await box.ok("lock", "release", "REQ-001", "-o", "bob");
    await box.ok("next", "-o", "ana");
    expect(await warnings(...amend, "given back", "-o", "bob")).toEqual([]);
    await box.ok("issue", "transfer", "REQ-001", "admin", "-o", "ana");
    expect(await warnings(...amend, "handed on", "-o", "ana")).toEqual([]);
  });
});

test("PERMISSION_DENIED and STALE_FENCE name who holds the issue, and since when", async () => {
  await lose();
  await box.ok("next", "-o", "ana");
  const told = { holder: "ana", held_since: expect.stringContaining("T10:43:00") };
  const denied = (await box.json("issue", "transfer", "REQ-001", "bob", "-o", "bob")).json;
  expect(denied).toMatchObject({ error: "PERMISSION_DENIED", ...told });
  expect(denied.message).toEndWith(" @ana has held it since 10:43.");
  const stale = (await box.json("issue", "amend", "REQ-001", "x", "--fence", "1", "-o", "bob")).json;
  expect(stale).toMatchObject({ error: "STALE_FENCE", ...told });
  expect(stale.message).toEndWith(" @ana has held it since 10:43.");
});
