import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

const LEASE = ".mai/locks/REQ-001.lock";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("agent", "add", "cy", "-o", "admin");
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
});
afterEach(() => box.remove());

async function handler(): Promise<string> {
  return (await box.json("issue", "show", "REQ-001")).json.issue.handler;
}

/** What `next` gives somebody: an id, or the code of its refusal. */
async function next(name: string, ...more: readonly string[]): Promise<string> {
  const { json } = await box.json("next", "-o", name, ...more);
  return json.issue_id ?? json.error;
}

/** Lets the lease of the issue end without anybody noticing. */
function expire(): void {
  box.age(LEASE, 60);
}

describe("a lease that ends gives the work back", () => {
  test.each([
    ["the guardian", ["lock", "guardian"]],
    ["its holder", ["lock", "release", "REQ-001", "-o", "alice"]],
    ["somebody else", ["lock", "release", "REQ-001", "-o", "bob"]],
  ])("to nobody where nobody had it: released by %s", async (_who, argv) => {
    expect(await next("alice")).toBe("REQ-001");
    expect(box.read(LEASE)).toMatch(/^alice\|[^|]+\|fence=1\|from=default$/);
    expire();
    await box.ok(...argv);
    expect(await handler()).toBe("default");
    expect(await next("cy")).toBe("REQ-001");
  });

  test("to whom it was assigned by name, for whom alone it stays", async () => {
    await box.ok("issue", "transfer", "REQ-001", "bob", "-o", "admin");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    expire();
    expect(await next("cy")).toBe("NOTHING_READY");
    await box.ok("lock", "guardian");
    expect(await handler()).toBe("bob");
    expect(await next("cy")).toBe("NOTHING_READY");
    expect(await next("bob")).toBe("REQ-001");
  });

  test("also when it was taken over in between: the second crash strands it no more than the first", async () => {
    await next("alice");
    for (const name of ["bob", "cy", "bob"]) {
      expire();
      expect(await next(name)).toBe("REQ-001");
      expect(box.read(LEASE)).toEndWith("|from=default");
    }
    expire();
    await box.ok("lock", "guardian");
    expect(await handler()).toBe("default");
  });

  test("when a root takes it by force, and when its BLOCKED issue is unblocked after its end", async () => {
    await next("alice");
    await box.ok("issue", "claim", "REQ-001", "--force", "-o", "admin");
    expect(box.read(LEASE)).toEndWith("|from=default");
    await box.ok("issue", "block", "REQ-001", "no access", "-o", "admin");
    expire();
    await box.ok("issue", "unblock", "REQ-001", "-o", "admin");
    expect(await handler()).toBe("default");
  });

  test("whoever blocked it may unblock it after their lease has ended", async () => {
    await next("alice");
    await box.ok("issue", "block", "REQ-001", "no access", "-o", "alice");
    expire();
    await box.ok("lock", "guardian");
    expect(await handler()).toBe("default");
    expect((await box.json("issue", "unblock", "REQ-001", "-o", "bob")).json.error).toBe("PERMISSION_DENIED");
    await box.ok("issue", "unblock", "REQ-001", "-o", "alice");
    expect(await next("cy")).toBe("REQ-001");
  });

  test("a former holder who asks first goes on, whatever else is more urgent", async () => {
    await next("alice");
    await box.ok("issue", "new", "questions", "Now", "--priority", "P0", "-o", "admin");
    expire();
    const { json } = await box.ok("next", "-o", "alice");
    expect(json).toMatchObject({ issue_id: "REQ-001", reason: "resumed", fence: 2 });
    expect(json.why).toBe("Your lease had ended; you hold it again.");
  });

  test("a release that is undone by a transfer's undo keeps whom it belongs to", async () => {
    await next("alice");
    await box.ok("issue", "transfer", "REQ-001", "bob", "-o", "alice");
    await box.ok("undo", "-o", "alice");
    expect(box.read(LEASE)).toEndWith("|from=default");
  });
});

describe("a lease that does not say whom the work belonged to", () => {
  /** As the Python tool and older versions wrote it. */
  function withoutFrom(): void {
    box.write(LEASE, box.read(LEASE).replace(/\|from=[^|]*/, ""));
    expire();
  }

  test("goes back to the queue's owner where no record names anybody", async () => {
    await next("alice");
    withoutFrom();
    expect(await next("cy")).toBe("REQ-001");
    withoutFrom();
    await box.ok("lock", "guardian");
    expect(await handler()).toBe("default");
  });

  test("goes back to whom the newest transfer names", async () => {
    await box.ok("issue", "transfer", "REQ-001", "none", "-o", "admin");
    await box.ok("issue", "transfer", "REQ-001", "bob", "-o", "admin");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    withoutFrom();
    expect(await next("cy")).toBe("NOTHING_READY");
    await box.ok("lock", "guardian");
    expect(await handler()).toBe("bob");
  });

  test("keeps its handler after a rejection", async () => {
    await next("alice");
    await box.ok("issue", "reject", "REQ-001", "no tests", "--force", "-o", "admin");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    withoutFrom();
    await box.ok("lock", "guardian");
    expect(await handler()).toBe("alice");
  });

  test("goes back likewise where its file is gone", async () => {
    await next("alice");
    box.delete(LEASE);
    expect(await next("cy")).toBe("REQ-001");
  });

  test("a name that cannot be a handler counts as none", async () => {
    await next("alice");
    box.write(LEASE, `${box.read(LEASE).replace(/\|from=.*/, "")}|from=a]b`);
    expire();
    await box.ok("lock", "guardian");
    expect(await handler()).toBe("default");
  });
});

describe("work that was given back", () => {
  test("does not come again to whoever gave it back, until somebody else has touched it", async () => {
    await next("bob");
    await box.ok("lock", "release", "REQ-001", "-o", "bob");
    const { json } = await box.json("next", "-o", "bob");
    expect(json).toMatchObject({
      error: "NOTHING_READY",
      message: "There is nothing for @bob to work on. REQ-001 is free, but you gave it back.",
      passed_over: [{ issue_id: "REQ-001", why: "given_back" }],
    });
    expect((await box.run("wait", "-o", "bob", "--timeout", "1ms")).code).toBe(124);
    expect((await box.json("issue", "list", "--ready", "-o", "bob")).json.total).toBe(0);
    expect((await box.json("issue", "list", "--ready", "-o", "cy")).json.total).toBe(1);
    await box.ok("issue", "amend", "REQ-001", "my own remark", "-o", "bob");
    expect(await next("bob")).toBe("NOTHING_READY");
    await box.ok("issue", "amend", "REQ-001", "the access is there now", "-o", "admin");
    expect(await next("bob")).toBe("REQ-001");
  });

  test("goes to others, and to the same one who claims it by its id", async () => {
    await next("bob");
    await box.ok("lock", "release", "REQ-001", "-o", "bob");
    expect((await box.run("wait", "--issue", "REQ-001", "-o", "bob", "--timeout", "1ms")).code).toBe(0);
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    expire();
    await box.ok("lock", "guardian", "-o", "bob");
    expect(await next("bob")).toBe("REQ-001");
  });

  test("counts as touched when somebody blocks it and takes that back", async () => {
    await next("bob");
    await box.ok("lock", "release", "REQ-001", "-o", "bob");
    await box.ok("issue", "block", "REQ-001", "later", "-o", "admin");
    await box.ok("undo", "-o", "admin");
    expect(await next("bob")).toBe("REQ-001");
  });
});

describe("mai next", () => {
  test("--mine takes only what is assigned to NAME, --any also what is assigned to others", async () => {
    expect(await next("alice", "--mine")).toBe("NOTHING_READY");
    await box.ok("issue", "transfer", "REQ-001", "bob", "-o", "admin");
    expect(await next("alice")).toBe("NOTHING_READY");
    const { json } = await box.ok("next", "-o", "alice", "--any");
    expect(json).toMatchObject({ reason: "any", why: "Assigned to @bob; taken because of --any." });
    expect(await next("alice", "--mine")).toBe("REQ-001");
    expect((await box.run("next", "-o", "alice", "--mine", "--any")).code).toBe(64);
  });

  test("--peek shows what it would give, and changes nothing", async () => {
    const before = box.tree();
    const { json } = await box.ok("next", "-o", "alice", "--peek");
    expect(json).toMatchObject({ issue_id: "REQ-001", peek: true, why: "Unassigned." });
    expect((await box.run("next", "-o", "alice", "--peek")).stdout).toContain("not claimed: --peek");
    expect(box.tree()).toEqual(before);
    expect((await box.json("next", "-o", "alice", "--peek", "--wait")).json.error).toBe("USAGE");
  });
});
