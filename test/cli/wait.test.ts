import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

const MINUTE_MS = 60_000;

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

async function create(queue = "questions"): Promise<void> {
  await box.ok("issue", "new", queue, "One", "-o", "admin");
}

/** Starts a wait and gives it the time to fall asleep. */
async function asleep(...argv: readonly string[]): Promise<Promise<Awaited<ReturnType<Sandbox["json"]>>>[]> {
  const waiting = box.json("wait", "--timeout", "20s", ...argv);
  await Bun.sleep(30);
  return [waiting];
}

describe("mai wait", () => {
  test("returns at once when an issue can be claimed already, and writes nothing", async () => {
    await create();
    const before = box.tree();
    const { json } = await box.ok("wait", "--timeout", "0");
    expect(json).toMatchObject({ issue_id: "REQ-001", queue: "questions", status: "OPEN" });
    expect(box.tree()).toEqual(before);
  });

  test("exits 124 when the time is up, and an issue that somebody holds is none", async () => {
    await create();
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    const run = await box.json("wait", "--timeout", "50ms");
    expect(run.code).toBe(124);
    expect(run.json).toMatchObject({ ok: false, error: "TIMEOUT", retryable: true, exit_code: 124 });
  });

  test("wakes when an issue is made in its queue, not for another queue", async () => {
    const [waiting] = await asleep("--queue", "reviews");
    await create("questions");
    await create("reviews");
    expect((await waiting)?.json).toMatchObject({ issue_id: "REQ-002", queue: "reviews" });
  });

  test("wakes when an issue is handed to the handler", async () => {
    await create();
    const [waiting] = await asleep("--handler", "@bob");
    await box.ok("issue", "transfer", "REQ-001", "bob", "yours", "-o", "admin");
    expect((await waiting)?.json).toMatchObject({ issue_id: "REQ-001", issue: { owner: "bob" } });
  });

  test("wakes when a lease goes stale although nobody commits anything", async () => {
    await create();
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    const [waiting] = await asleep();
    box.clock.nowMs += 46 * MINUTE_MS;
    expect((await waiting)?.json).toMatchObject({ issue_id: "REQ-001", status: "IN_PROGRESS" });
  });

  test("wakes without reports of the file system", async () => {
    box.alterSystem = (system) => ({ ...system, watchDirectory: () => () => undefined });
    const [waiting] = await asleep();
    await create();
    expect((await waiting)?.json).toMatchObject({ issue_id: "REQ-001" });
  });

  test("a SIGTERM ends it like a SIGINT, with exit 130", async () => {
    let stop: () => void = () => undefined;
    box.alterSystem = (system) => ({
      ...system,
      onSignal: (signal, take) => {
        if (signal === "SIGTERM") stop = take;
        return () => undefined;
      },
    });
    const [waiting] = await asleep();
    stop();
    expect((await waiting)?.json).toMatchObject({ error: "INTERRUPTED", exit_code: 130, signal: "SIGTERM" });
  });
});

describe("mai wait --issue", () => {
  test("waits until the issue is in the state", async () => {
    await create();
    const [waiting] = await asleep("--issue", "req-001", "--until", "completed");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    await box.ok("issue", "transfer", "REQ-001", "admin", "-o", "alice");
    await box.ok("issue", "complete", "REQ-001", "done", "-o", "admin");
    expect((await waiting)?.json).toMatchObject({ issue_id: "REQ-001", status: "COMPLETED" });
  });

  test("without a state it waits until the issue can be claimed", async () => {
    await create();
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    const [waiting] = await asleep("--issue", "REQ-001");
    await box.ok("lock", "release", "REQ-001", "-o", "alice");
    expect((await waiting)?.json).toMatchObject({ issue_id: "REQ-001", status: "OPEN" });
  });

  test("ends with an error as soon as the state can never come, and for an issue that is none", async () => {
    await create();
    const [waiting] = await asleep("--issue", "REQ-001", "--until", "COMPLETED");
    await box.ok("issue", "discard", "REQ-001", "no", "-o", "admin");
    expect((await waiting)?.json).toMatchObject({ error: "ISSUE_DISCARDED", exit_code: 1 });
    expect((await box.ok("wait", "--issue", "REQ-001", "--until", "DISCARDED")).code).toBe(0);
    expect((await box.json("wait", "--issue", "REQ-009", "--until", "OPEN")).json.error).toBe("NOT_FOUND");
  });

  test("excludes a queue and a handler", async () => {
    expect((await box.json("wait", "--issue", "REQ-001", "--queue", "questions")).code).toBe(64);
    expect((await box.json("wait", "--issue", "REQ-001", "--handler", "alice")).code).toBe(64);
  });
});
