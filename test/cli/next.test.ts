import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

async function create(title: string, ...more: readonly string[]): Promise<void> {
  await box.ok("issue", "new", "questions", title, "-o", "admin", ...more);
}

describe("mai next", () => {
  test("claims the most urgent issue and says why; asked again it gives the same one, and nothing is logged", async () => {
    await create("Later");
    await create("Now", "--priority", "P0", "--body", "the whole story");
    const { json } = await box.ok("next", "-o", "alice");
    expect(json).toMatchObject({
      ok: true,
      issue_id: "REQ-002",
      status: "IN_PROGRESS",
      holder: "alice",
      owner: "alice",
      fence: 1,
      ttl_minutes: 45,
      reason: "unassigned",
      why: "Unassigned; the most urgent of 2.",
      description: "the whole story",
      idempotent: false,
    });
    expect(box.read(".mai/locks/REQ-002.lock")).toStartWith("alice|");
    const before = box.tree();
    expect((await box.ok("next", "-o", "alice")).json).toMatchObject({
      issue_id: "REQ-002",
      reason: "held",
      idempotent: true,
    });
    expect(box.tree()).toEqual(before);
  });

  test("takes over work whose lease ended and that nobody was assigned, and says from whom", async () => {
    await create("One");
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    box.age(".mai/locks/REQ-001.lock", 46);
    const { json } = await box.ok("next", "-o", "alice");
    expect(json).toMatchObject({
      issue_id: "REQ-001",
      fence: 2,
      reason: "unassigned",
      taken_over_from: "bob",
    });
    expect(json.why).toBe("Unassigned. The lease of @bob ended.");
    const events = (await box.run("events", "--issue", "REQ-001")).stdout;
    expect(events).toMatch(/lease\.expired.*@alice.*\n.*issue\.claimed/);
  });

  test("without work it exits 1 and leaves the tree as it was", async () => {
    const before = box.tree();
    const run = await box.json("next", "-o", "alice");
    expect(run.code).toBe(1);
    expect(run.json).toMatchObject({ error: "NOTHING_READY", retryable: true });
    expect(box.tree()).toEqual(before);
  });

  test("leaves a file that cannot be read out, with a warning", async () => {
    await create("Broken", "--priority", "P0");
    await create("Sound");
    const path = ".mai/queues/questions/REQ-001.md";
    box.write(path, box.read(path).replace("OPEN", "OPENISH"));
    const { json } = await box.ok("next", "-o", "alice");
    expect(json.issue_id).toBe("REQ-002");
    expect(json.warnings).toEqual([expect.stringContaining("REQ-001.md")]);
  });

  test("keeps to one queue, and refuses one that is none", async () => {
    await create("One");
    expect((await box.json("next", "-o", "alice", "--queue", "reviews")).json.error).toBe("NOTHING_READY");
    expect((await box.json("next", "-o", "alice", "--queue", "review")).json.error).toBe("INVALID_QUEUE");
    expect((await box.ok("next", "-o", "alice", "--queue", "questions")).json.issue_id).toBe("REQ-001");
  });

  test("somebody who is nobody hears that, and how to become somebody", async () => {
    await create("One");
    const { json, code } = await box.json("next", "-o", "stranger");
    expect(code).toBe(3);
    expect(json).toMatchObject({
      error: "PERMISSION_DENIED",
      hint: expect.stringContaining("mai agent add"),
    });
  });

  test("a dry run tells which and takes nothing", async () => {
    await create("One");
    const before = box.tree();
    expect((await box.ok("--dry-run", "next", "-o", "alice", "--wait")).json).toMatchObject({
      issue_id: "REQ-001",
      dry_run: true,
    });
    expect(box.tree()).toEqual(before);
  });
});

describe("mai next --wait", () => {
  test("sleeps until there is work, and has it claimed then", async () => {
    const waiting = box.json("next", "-o", "alice", "--wait", "--timeout", "20s");
    await Bun.sleep(30);
    await create("One");
    expect((await waiting).json).toMatchObject({ ok: true, issue_id: "REQ-001", holder: "alice" });
  });

  test("of two that wake one gets it, the other sleeps on until its time is up", async () => {
    const waiting = ["alice", "bob"].map((name) =>
      box.json("next", "-o", name, "--wait", "--timeout", "1500ms"),
    );
    await Bun.sleep(30);
    await create("One");
    const codes = (await Promise.all(waiting)).map(({ code }) => code);
    expect(codes.sort()).toEqual([0, 124]);
  });
});
