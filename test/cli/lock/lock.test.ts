import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { utimesSync } from "node:fs";
import { Sandbox } from "../../support/sandbox.ts";

const LEASE = ".mai/locks/REQ-001.lock";
const PROCESSING = ".mai/processing/REQ-001.md";
const FILE = ".mai/queues/questions/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "bob");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
});
afterEach(() => box.remove());

function lines(directory: string): readonly string[] {
  return [...box.tree(directory).values()].join("").trimEnd().split("\n");
}

function lastEvent(): ReturnType<typeof JSON.parse> {
  return JSON.parse(lines(".mai/events").at(-1) ?? "");
}

describe("lock check", () => {
  test("shows holder, time of the claim, age and threshold, and writes nothing", async () => {
    box.age(LEASE, 10);
    const before = box.tree();
    const { json } = await box.ok("lock", "check", "REQ-001");
    expect(json).toMatchObject({
      issue_id: "REQ-001",
      status: "IN_PROGRESS",
      lock: {
        issue_id: "REQ-001",
        holder: "alice",
        threshold_seconds: 2700,
        stale: false,
        fence: 1,
        session: null,
      },
    });
    expect(json.lock.age_seconds).toBeWithin(595, 605);
    expect(json.lock.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/);
    expect((await box.run("lock", "check", "REQ-001")).stdout).toMatch(
      /^REQ-001 IN_PROGRESS, lease: @alice, 3[45]m left\n$/,
    );
    expect(box.tree()).toEqual(before);
  });

  test("shows a lease that went stale as stale", async () => {
    box.age(LEASE, 46);
    expect((await box.ok("lock", "check", "REQ-001")).json.lock.stale).toBe(true);
  });

  test("gives null where nobody holds the issue, and NOT_FOUND where there is none", async () => {
    await box.ok("issue", "new", "questions", "Two", "-o", "bob");
    expect((await box.ok("lock", "check", "REQ-002")).json.lock).toBeNull();
    expect((await box.json("lock", "check", "REQ-003")).json.error).toBe("NOT_FOUND");
  });

  test("a lease file of the Python tool reads as one without a token", async () => {
    box.write(LEASE, "alice|2026-11-22T17:17:31.116369");
    expect((await box.ok("lock", "check", "REQ-001")).json.lock).toMatchObject({
      holder: "alice",
      fence: null,
    });
  });

  test("a lease of the future has no age", async () => {
    const future = Date.now() / 1000 + 3600;
    utimesSync(box.path(LEASE), future, future);
    expect((await box.ok("lock", "check", "REQ-001")).json.lock).toMatchObject({
      age_seconds: 0,
      stale: false,
    });
  });

  test("an unregistered holder counts 17 minutes of heartbeat", async () => {
    box.write(LEASE, "ghost|2026-11-22T17:17:31.116369|fence=1");
    expect((await box.ok("lock", "check", "REQ-001")).json.lock).toMatchObject({
      threshold_seconds: 1530,
      stale: false,
    });
    box.age(LEASE, 26);
    expect((await box.ok("lock", "check", "REQ-001")).json.lock.stale).toBe(true);
  });
});

describe("lock renew", () => {
  const age = async (id: string) => (await box.ok("lock", "check", id)).json.lock.age_seconds;

  beforeEach(async () => {
    await box.ok("issue", "new", "questions", "Two", "-o", "bob");
    await box.ok("issue", "claim", "REQ-002", "-o", "alice");
    await box.ok("issue", "new", "questions", "Three", "-o", "bob");
    await box.ok("issue", "claim", "REQ-003", "-o", "bob");
    for (const id of ["REQ-001", "REQ-002", "REQ-003"]) box.age(`.mai/locks/${id}.lock`, 40);
  });

  test("without ids renews all of the operator's leases and no other, and leaves the tree byte for byte", async () => {
    const before = box.tree();
    const { json } = await box.ok("lock", "renew", "-o", "alice");
    expect(json).toMatchObject({
      renewed: [
        { issue_id: "REQ-001", ttl_minutes: 45 },
        { issue_id: "REQ-002", ttl_minutes: 45 },
      ],
      total: 2,
    });
    expect(await age("REQ-001")).toBeLessThan(30);
    expect(await age("REQ-002")).toBeLessThan(30);
    expect(await age("REQ-003")).toBeGreaterThan(2390);
    expect(box.tree()).toEqual(before);
  });

  test("with an id renews that lease alone", async () => {
    await box.ok("lock", "renew", "REQ-002", "-o", "alice");
    expect(await age("REQ-001")).toBeGreaterThan(2390);
    expect(await age("REQ-002")).toBeLessThan(30);
  });

  test("renews all that are named or none: a stranger's among them refuses with 2", async () => {
    const run = await box.json("lock", "renew", "REQ-001", "REQ-003", "-o", "alice");
    expect(run.json).toMatchObject({ error: "LOCK_HELD", holder: "bob" });
    expect(run.code).toBe(2);
    expect(await age("REQ-001")).toBeGreaterThan(2390);
  });

  test("renews a stale lease that nobody took over", async () => {
    box.age(LEASE, 60);
    await box.ok("lock", "renew", "REQ-001", "-o", "alice");
    expect((await box.ok("lock", "check", "REQ-001")).json.lock.stale).toBe(false);
  });

  test("refuses an issue without a lease and says how to take it; has nothing to do without leases", async () => {
    await box.ok("lock", "release", "REQ-001", "-o", "alice");
    const run = await box.json("lock", "renew", "REQ-001", "-o", "alice");
    expect(run.json).toMatchObject({
      error: "INVALID_STATE",
      hint: "Take it: mai issue claim REQ-001 -o alice",
    });
    expect((await box.ok("lock", "renew", "-o", "admin")).json).toMatchObject({
      renewed: [],
      idempotent: true,
    });
  });

  test("brings no lease to life on an issue that nobody works on any more", async () => {
    await box.ok("issue", "block", "REQ-001", "waiting", "-o", "alice");
    box.age(LEASE, 60);
    const lease = box.read(LEASE);
    await box.ok("issue", "unblock", "REQ-001", "-o", "bob");
    expect(box.exists(LEASE)).toBe(false);
    // As an earlier version left it.
    box.write(LEASE, lease);
    box.age(LEASE, 60);
    const { json } = await box.ok("lock", "renew", "-o", "alice");
    expect(json.renewed.map((entry: { issue_id: string }) => entry.issue_id)).toEqual(["REQ-002"]);
    expect(json.warnings).toEqual(["REQ-001 stays stale: the issue is OPEN."]);
    const named = await box.json("lock", "renew", "REQ-001", "-o", "alice");
    expect(named.json).toMatchObject({ error: "INVALID_STATE", status: "OPEN" });
  });

  test("refuses a process whose token is not the current one, with ids and without", async () => {
    box.age(LEASE, 60);
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    box.env = { ...box.env, MAI_ISSUE: "REQ-001", MAI_FENCE: "1" };
    for (const ids of [["REQ-001"], []])
      expect((await box.json("lock", "renew", ...ids, "-o", "alice")).json.error).toBe("STALE_FENCE");
    box.env = { ...box.env, MAI_FENCE: "2" };
    expect((await box.ok("lock", "renew", "-o", "alice")).json.total).toBe(2);
  });

  test("leaves the leases of other sessions alone", async () => {
    await box.ok("lock", "release", "REQ-002", "-o", "alice");
    await box.ok("issue", "claim", "REQ-002", "-o", "alice", "--session", "s1");
    expect((await box.ok("lock", "renew", "-o", "alice", "--session", "s2")).json.total).toBe(1);
    expect((await box.ok("lock", "renew", "-o", "alice", "--session", "s1")).json.total).toBe(2);
    expect((await box.json("lock", "renew", "REQ-002", "-o", "alice")).code).toBe(2);
  });

  test("--dry-run renews nothing, and without an operator it refuses", async () => {
    await box.ok("--dry-run", "lock", "renew", "-o", "alice");
    expect(await age("REQ-001")).toBeGreaterThan(2390);
    expect((await box.json("lock", "renew")).json.error).toBe("OPERATOR_REQUIRED");
  });
});

describe("renewal by a write", () => {
  test("amend of the holder starts the time again, amend of others does not, and the file keeps its bytes", async () => {
    const lease = box.read(LEASE);
    box.age(LEASE, 40);
    await box.ok("issue", "amend", "REQ-001", "x", "-o", "bob");
    expect((await box.ok("lock", "check", "REQ-001")).json.lock.age_seconds).toBeGreaterThan(2390);
    const { json } = await box.ok("issue", "amend", "REQ-001", "y", "-o", "alice");
    expect(json).toMatchObject({ holder: "alice", ttl_minutes: 45 });
    expect((await box.ok("lock", "check", "REQ-001")).json.lock.age_seconds).toBeLessThan(30);
    expect(box.read(LEASE)).toBe(lease);
  });
});

describe("lock release", () => {
  test("of one's own lease: lease and processing file go, OPEN, the issue belongs to whom it did before, record, log and event say why", async () => {
    const { json } = await box.ok("lock", "release", "REQ-001", "-o", "alice");
    expect(json).toMatchObject({
      status: "OPEN",
      previous_status: "IN_PROGRESS",
      owner: "default",
      holder: null,
      released_from: "alice",
      forced: false,
      idempotent: false,
    });
    expect([box.exists(LEASE), box.exists(PROCESSING)]).toEqual([false, false]);
    expect(box.read(FILE)).toContain("@alice: OPEN：释放 @alice 的租约\n");
    expect(box.read("async/questions/REQ-001.md")).toBe(box.read(FILE));
    expect(lines(".mai/history").at(-1)).toEndWith(
      "[ALICE] [lock_release] Issue REQ-001 lease of alice released [open]",
    );
    expect(lastEvent()).toMatchObject({
      type: "lease.released",
      actor: "alice",
      from: "IN_PROGRESS",
      to: "OPEN",
      data: { reason: "own" },
    });
  });

  test("again: nothing to do, byte for byte", async () => {
    await box.ok("lock", "release", "REQ-001", "-o", "alice");
    const before = box.tree();
    expect((await box.ok("lock", "release", "REQ-001", "-o", "alice")).json).toMatchObject({
      idempotent: true,
      released_from: null,
    });
    expect(box.tree()).toEqual(before);
  });

  test("of a BLOCKED issue leaves it BLOCKED, its reason included", async () => {
    await box.ok("issue", "block", "REQ-001", "no access", "-o", "alice");
    expect((await box.ok("lock", "release", "REQ-001", "-o", "alice")).json.status).toBe("BLOCKED");
    const run = await box.json("issue", "claim", "REQ-001", "-o", "bob");
    expect(run.json.error).toBe("ISSUE_BLOCKED");
    expect(run.json.message).toContain("no access");
    expect((await box.ok("issue", "block", "REQ-001", "no access", "-o", "bob")).json.idempotent).toBe(true);
  });

  test("of a stranger's stale lease by anybody gives lease.expired", async () => {
    box.age(LEASE, 46);
    expect((await box.ok("lock", "release", "REQ-001", "-o", "bob")).json).toMatchObject({
      status: "OPEN",
      forced: false,
    });
    expect(box.read(FILE)).toContain("@bob: OPEN：释放 @alice 的过期租约\n");
    expect(lastEvent()).toMatchObject({
      type: "lease.expired",
      actor: "bob",
      data: { holder: "alice", reason: "stale" },
    });
  });

  test("the next claim after a release gets the next token", async () => {
    await box.ok("lock", "release", "REQ-001", "-o", "alice");
    expect((await box.ok("issue", "claim", "REQ-001", "-o", "bob")).json.fence).toBe(2);
  });

  const REFUSALS = [
    ["without force, by a root too", ["-o", "admin"], 2, "LOCK_HELD"],
    ["without an operator", [], 1, "OPERATOR_REQUIRED"],
    ["with force by others than roots", ["-o", "bob", "--force", "--yes"], 3, "PERMISSION_DENIED"],
    ["with force that nobody answers for", ["-o", "admin", "--force"], 1, "NON_INTERACTIVE"],
  ] as const;
  for (const [what, options, code, error] of REFUSALS) {
    test(`of a stranger's live lease ${what}: ${error}, byte for byte`, async () => {
      const before = box.tree();
      const run = await box.json("lock", "release", "REQ-001", ...options);
      expect([run.code, run.json.error]).toEqual([code, error]);
      expect(box.tree()).toEqual(before);
    });
  }

  for (const options of [["--force", "--yes"], ["--yes"]]) {
    test(`with ${options.join(" ")} a root ends a live lease, recorded as forced`, async () => {
      const { json } = await box.ok("lock", "release", "REQ-001", "-o", "admin", ...options);
      expect(json).toMatchObject({ status: "OPEN", forced: true, released_from: "alice" });
      expect(box.read(FILE)).toContain("@admin: OPEN：释放 @alice 的租约（强制）\n");
      expect(lines(".mai/history").at(-1)).toContain("[ADMIN] [lock_force_release]");
      expect(lastEvent()).toMatchObject({ type: "lease.released", data: { holder: "alice", forced: true } });
    });
  }

  test("with --force on a terminal asks, and only a yes ends the lease", async () => {
    box.stdinIsTerminal = true;
    box.stderrIsTerminal = true;
    const before = box.tree();
    for (const answer of ["", "n\n", "maybe\n"]) {
      box.stdin = answer;
      const run = await box.run("lock", "release", "REQ-001", "-o", "admin", "--force");
      expect([run.code === 0, box.exists(LEASE)]).toEqual([answer !== "", true]);
    }
    expect(box.tree()).toEqual(before);
    box.stdin = "y\n";
    const run = await box.run("lock", "release", "REQ-001", "-o", "admin", "--force");
    expect(run).toMatchObject({ code: 0, stdout: "REQ-001 released by force from @alice: OPEN\n" });
    expect(run.stderr).toContain("@alice");
    expect(box.exists(LEASE)).toBe(false);
  });

  test("with --force is refused to others than roots before anybody is asked", async () => {
    box.stdinIsTerminal = true;
    box.stderrIsTerminal = true;
    box.stdin = "y\n";
    const run = await box.run("lock", "release", "REQ-001", "-o", "bob", "--force");
    expect(run.code).toBe(3);
    expect(run.stderr).not.toContain("[y/N]");
  });

  test("--force on a stale lease is a plain release: there is nobody to override", async () => {
    box.age(LEASE, 46);
    expect((await box.ok("lock", "release", "REQ-001", "-o", "bob", "--force")).json.forced).toBe(false);
  });

  test("--dry-run says what it would do and changes no byte", async () => {
    const before = box.tree();
    const { json } = await box.ok("--dry-run", "lock", "release", "REQ-001", "-o", "alice");
    expect(json).toMatchObject({ dry_run: true, status: "OPEN" });
    expect(box.tree()).toEqual(before);
  });
});

describe("stale takeover", () => {
  test("is recorded as such, and gives lease.expired before issue.claimed", async () => {
    box.age(LEASE, 46);
    expect((await box.ok("issue", "claim", "REQ-001", "-o", "bob")).json).toMatchObject({
      holder: "bob",
      fence: 2,
    });
    expect(box.read(FILE)).toContain("@bob: IN_PROGRESS：接管 @alice 的过期租约\n");
    const [expired, claimed] = lines(".mai/events")
      .slice(-2)
      .map((line) => JSON.parse(line));
    expect([expired.type, claimed.type]).toEqual(["lease.expired", "issue.claimed"]);
    expect(claimed.seq).toBe(expired.seq + 1);
    expect((await box.json("issue", "amend", "REQ-001", "x", "--fence", "1", "-o", "alice")).json.error).toBe(
      "STALE_FENCE",
    );
  });

  test("of one's own stale lease gets a new token", async () => {
    box.age(LEASE, 46);
    expect((await box.ok("issue", "claim", "REQ-001", "-o", "alice")).json).toMatchObject({
      idempotent: false,
      fence: 2,
    });
  });
});
