import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (const [id, holder] of [
    ["REQ-001", "alice"],
    ["REQ-002", "alice"],
    ["REQ-003", "bob"],
  ] as const) {
    await box.ok("issue", "new", "questions", id, "-o", "bob");
    await box.ok("issue", "claim", id, "-o", holder);
  }
  await box.ok("issue", "block", "REQ-002", "no access", "-o", "alice");
});
afterEach(() => box.remove());

const lease = (id: string) => `.mai/locks/${id}.lock`;
const eventsOf = () =>
  [...box.tree(".mai/events").values()]
    .join("")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("one round", () => {
  test("releases every stale lease and leaves live ones: OPEN, BLOCKED stays, the work goes back", async () => {
    box.age(lease("REQ-001"), 46);
    box.age(lease("REQ-002"), 46);
    box.age(lease("REQ-003"), 44);
    const { json } = await box.ok("lock", "guardian", "-o", "warden");
    expect(json).toMatchObject({
      total_locks: 3,
      stale_released: 2,
      released: [
        { issue_id: "REQ-001", holder: "alice", status: "OPEN" },
        { issue_id: "REQ-002", holder: "alice", status: "BLOCKED" },
      ],
    });
    expect(["REQ-001", "REQ-002", "REQ-003"].map((id) => box.exists(lease(id)))).toEqual([
      false,
      false,
      true,
    ]);
    expect(box.exists(".mai/processing/REQ-001.md")).toBe(false);
    expect(box.read(".mai/queues/questions/REQ-001.md")).toContain(
      "@warden: OPEN：@alice 的租约已过期，由 guardian 释放\n",
    );
    expect(box.read(".mai/queues/questions/REQ-001.md")).toContain("**处理方：** @default\n");
    expect(eventsOf().slice(-2)).toMatchObject([
      {
        type: "lease.expired",
        issue: "REQ-001",
        actor: "warden",
        from: "IN_PROGRESS",
        to: "OPEN",
        data: { reason: "guardian" },
      },
      { type: "lease.expired", issue: "REQ-002", from: "BLOCKED", to: "BLOCKED" },
    ]);
    const history = [...box.tree(".mai/history").values()].join("").trimEnd().split("\n").slice(-2);
    expect(history[0]).toContain(
      "[WARDEN] [lock_release] Issue REQ-001 lease of alice released by the guardian",
    );
  });

  test("with nothing stale changes no byte, and neither does a second round", async () => {
    box.age(lease("REQ-001"), 46);
    await box.ok("lock", "guardian");
    const before = box.tree();
    expect((await box.ok("lock", "guardian")).json).toMatchObject({
      total_locks: 2,
      stale_released: 0,
      idempotent: true,
    });
    expect(box.tree()).toEqual(before);
  });

  test("takes no operator: anybody who can write the files may", async () => {
    box.age(lease("REQ-001"), 46);
    expect((await box.run("lock", "guardian")).stdout).toBe(
      "REQ-001 released from @alice: OPEN\nleases: 3, stale ones released: 1\n",
    );
  });

  test("removes the stale lease of an issue that was deleted by hand", async () => {
    box.write(".mai/locks/REQ-777.lock", "alice|2026-11-22T17:17:31.116369");
    box.age(lease("REQ-777"), 46);
    expect((await box.ok("lock", "guardian")).json.released).toEqual([
      { issue_id: "REQ-777", holder: "alice", status: null },
    ]);
    expect(box.exists(lease("REQ-777"))).toBe(false);
  });

  test("leaves the lease of an issue that cannot be read, names it in a warning, and goes on", async () => {
    const path = ".mai/queues/questions/REQ-001.md";
    box.write(path, box.read(path).replace("IN_PROGRESS", "PONDERING"));
    const broken = box.read(path);
    box.age(lease("REQ-001"), 46);
    box.age(lease("REQ-003"), 46);
    const { json } = await box.ok("lock", "guardian");
    expect(json.released.map((entry: { issue_id: string }) => entry.issue_id)).toEqual(["REQ-003"]);
    expect(json.warnings[0]).toContain(`stale lease of REQ-001 stays: ${path}`);
    expect([box.read(path), box.exists(lease("REQ-001"))]).toEqual([broken, true]);
  });

  test("--dry-run says what it would release and changes no byte", async () => {
    box.age(lease("REQ-001"), 46);
    const before = box.tree();
    expect((await box.ok("--dry-run", "lock", "guardian")).json).toMatchObject({
      dry_run: true,
      stale_released: 1,
    });
    expect(box.tree()).toEqual(before);
  });
});

describe("--watch", () => {
  test("prints one JSON object a round, waits the interval, and ends on SIGINT with 130 and an error line", async () => {
    const waits: number[] = [];
    box.age(lease("REQ-001"), 46);
    box.onPause = (ms) => {
      waits.push(ms);
      if (waits.length === 2) box.age(lease("REQ-003"), 46);
      return waits.length === 4 ? "SIGINT" : null;
    };
    const run = await box.run("--json", "lock", "guardian", "--watch", "--interval", "2.5");
    const documents = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(documents.map((entry) => entry.stale_released)).toEqual([1, 1, 0, undefined]);
    expect(documents.at(-1)).toMatchObject({
      ok: false,
      error: "INTERRUPTED",
      exit_code: 130,
      signal: "SIGINT",
    });
    expect([run.code, run.stderr]).toEqual([130, ""]);
    expect(waits).toEqual([0, 2500, 2500, 2500]);
  });

  test("in text tells of releases alone, and of a warning once", async () => {
    const path = ".mai/queues/questions/REQ-002.md";
    box.write(path, "no issue");
    box.age(lease("REQ-001"), 46);
    box.age(lease("REQ-002"), 46);
    let rounds = 0;
    box.onPause = () => (++rounds === 4 ? "SIGINT" : null);
    const run = await box.run("lock", "guardian", "--watch");
    expect(run.stdout).toBe("REQ-001 released from @alice: OPEN\nleases: 3, stale ones released: 1\n");
    expect(run.stderr.match(/WARNING/g)).toHaveLength(1);
    expect(run.code).toBe(130);
  });

  test("keeps one object a line on a terminal too", async () => {
    box.stdoutIsTerminal = true;
    let rounds = 0;
    box.onPause = () => (++rounds === 3 ? "SIGINT" : null);
    const run = await box.run("--json", "lock", "guardian", "--watch");
    const documents = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(documents.map(({ ok }) => ok)).toEqual([true, true, false]);
  });

  test("outlives a round in which the project is busy, and says so", async () => {
    box.env = { ...box.env, MAI_LOCK_TIMEOUT: "0" };
    let rounds = 0;
    box.onPause = () => (++rounds === 3 ? "SIGINT" : null);
    box.alterSystem = (system) => ({
      ...system,
      tryFlock: (fd, how) => rounds !== 1 && system.tryFlock(fd, how),
    });
    const run = await box.run("--json", "lock", "guardian", "--watch");
    const [busy, done] = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(busy).toMatchObject({ ok: false, error: "BUSY", retryable: true });
    expect(done).toMatchObject({ ok: true, total_locks: 3 });
  });

  test("ends quietly when its reader went away", async () => {
    box.stdoutIsClosed = true;
    box.onPause = () => null;
    expect(await box.run("lock", "guardian", "--watch")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  for (const options of [
    ["--interval", "5"],
    ["--watch", "--interval", "0"],
    ["--watch", "--interval", "86401"],
  ]) {
    test(`${options.join(" ")} is a wrong command line`, async () => {
      expect((await box.json("lock", "guardian", ...options)).code).toBe(64);
    });
  }

  for (const [signal, code, last] of [
    ["SIGINT", 130, [{ error: "INTERRUPTED", signal: "SIGINT" }]],
    ["SIGTERM", 0, []],
  ] as const) {
    test(`of a real process ends on ${signal} with ${code}`, async () => {
      const main = join(import.meta.dir, "../../../src/main.ts");
      const child = Bun.spawn(["bun", main, "--json", "lock", "guardian", "--watch", "--interval", "600"], {
        cwd: box.cwd,
        env: { ...process.env, ...box.env },
        stdout: "pipe",
        stderr: "pipe",
      });
      const reader = child.stdout.getReader();
      const first = new TextDecoder().decode((await reader.read()).value);
      expect(JSON.parse(first)).toMatchObject({ ok: true, total_locks: 3 });
      child.kill(signal);
      const rest = new TextDecoder().decode((await reader.read()).value).split("\n");
      const documents = rest.filter((line) => line !== "").map((line) => JSON.parse(line));
      expect(documents).toMatchObject([...last]);
      expect(await child.exited).toBe(code);
    });
  }
});

describe("a lease that a process holds", () => {
  const HOLD = ".mai/locks/REQ-001.hold";
  let holder: ReturnType<typeof Bun.spawn> | null = null;
  afterEach(() => holder?.kill("SIGKILL"));

  /** Has another process flock the hold file, and waits until it has. */
  async function hold(): Promise<void> {
    box.write(".mai/locks/REQ-001.lock", `${box.read(".mai/locks/REQ-001.lock")}|hold`);
    box.write(HOLD, "");
    const child = Bun.spawn(
      ["flock", "--exclusive", "--no-fork", box.path(HOLD), "sh", "-c", "echo held; exec sleep 600"],
      {
        stdout: "pipe",
      },
    );
    holder = child;
    await child.stdout.getReader().read();
  }

  test("lives while the process does, whatever its age; then it is stale at once, however young", async () => {
    await hold();
    box.age(lease("REQ-001"), 6000);
    expect((await box.ok("lock", "check", "REQ-001")).json.lock).toMatchObject({ stale: false, hold: true });
    expect((await box.json("issue", "claim", "REQ-001", "-o", "bob")).json).toMatchObject({
      error: "LOCK_HELD",
      seconds_left: null,
    });
    expect((await box.ok("lock", "guardian")).json.stale_released).toBe(0);

    holder?.kill("SIGKILL");
    await holder?.exited;
    box.age(lease("REQ-001"), 0);
    expect((await box.ok("lock", "check", "REQ-001")).json.lock.stale).toBe(true);
    expect((await box.json("lock", "renew", "REQ-001", "-o", "alice")).json.error).toBe("INVALID_STATE");
    expect((await box.ok("issue", "claim", "REQ-001", "-o", "bob")).json).toMatchObject({
      holder: "bob",
      fence: 2,
    });
    expect(box.read(lease("REQ-001"))).toEndWith("|fence=2|from=default");
  });

  test("is told without a time left while it lives", async () => {
    await hold();
    const run = await box.run("lock", "check", "REQ-001");
    expect(run.stdout).toBe("REQ-001 IN_PROGRESS, lease: @alice, held by a process\n");
    expect((await box.ok("issue", "amend", "REQ-001", "x", "-o", "alice")).json).toMatchObject({
      holder: "alice",
      ttl_minutes: null,
    });
  });

  test("whose hold file is missing is stale", async () => {
    box.write(".mai/locks/REQ-001.lock", `${box.read(".mai/locks/REQ-001.lock")}|hold`);
    expect((await box.ok("lock", "guardian")).json.stale_released).toBe(1);
  });
});
