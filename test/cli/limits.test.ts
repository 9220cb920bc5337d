import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (const title of ["One", "Two", "Three"])
    await box.ok("issue", "new", "questions", title, "-o", "admin");
});
afterEach(() => box.remove());

const limit = (key: string, value: string) =>
  box.ok("config", "set", `${key}.max_in_progress`, value, "-o", "admin");
const claim = (id: string, who: string, ...more: readonly string[]) =>
  box.json("issue", "claim", id, "-o", who, ...more);
const LEASE = (number: number) => `.mai/locks/REQ-00${number}.lock`;

describe("an agent's max_in_progress", () => {
  test("refuses one more claim, names what is held, and changes nothing; no force passes it", async () => {
    await limit("agents.alice", "2");
    await claim("REQ-001", "alice", "--session", "a");
    await claim("REQ-002", "alice", "--session", "b");
    const before = box.tree();
    const run = await claim("REQ-003", "alice");
    expect(run.code).toBe(1);
    expect(run.json).toMatchObject({
      error: "LIMIT_REACHED",
      message: "@alice holds REQ-001, REQ-002; its limit max_in_progress is 2.",
      held: ["REQ-001", "REQ-002"],
      limit: { of: "agent", name: "alice", max_in_progress: 2 },
      retryable: true,
    });
    expect((await box.json("issue", "run", "REQ-003", "-o", "alice", "--", "/bin/true")).json.error).toBe(
      "LIMIT_REACHED",
    );
    expect(box.tree()).toEqual(before);
    await box.ok("agent", "add", "carol", "--max-in-progress", "0", "-o", "admin");
    await box.ok("config", "set", "root", "admin,carol", "-o", "admin");
    expect((await claim("REQ-001", "carol", "--force")).json.error).toBe("LIMIT_REACHED");
    expect((await claim("REQ-001", "alice", "--session", "a")).json.idempotent).toBe(true);
  });

  test("counts what is BLOCKED with a live lease, so that unblock never passes it; a given-back lease does not count", async () => {
    await limit("agents.alice", "1");
    await claim("REQ-001", "alice");
    await box.ok("issue", "block", "REQ-001", "no access", "-o", "alice");
    expect((await claim("REQ-002", "alice")).json.held).toEqual(["REQ-001"]);
    expect((await box.ok("issue", "unblock", "REQ-001", "-o", "alice")).json.status).toBe("IN_PROGRESS");
    await box.ok("lock", "release", "REQ-001", "-o", "alice");
    expect((await claim("REQ-002", "alice")).code).toBe(0);
  });

  test("does not count stale leases, and no write brings one back to life past the limit", async () => {
    await limit("agents.alice", "1");
    await claim("REQ-001", "alice");
    box.age(LEASE(1), 46);
    expect((await claim("REQ-002", "alice")).code).toBe(0);
    expect(box.exists(LEASE(1))).toBe(false);
    await box.ok("lock", "release", "REQ-002", "-o", "alice");
    await claim("REQ-001", "alice");
    await limit("agents.alice", "2");
    await claim("REQ-002", "alice");
    await limit("agents.alice", "1");
    box.age(LEASE(1), 46);
    const amended = await box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice");
    expect(amended.json).toMatchObject({ holder: null, ttl_minutes: null });
    expect((await box.json("lock", "renew", "REQ-001", "-o", "alice")).json.error).toBe("LIMIT_REACHED");
    const renewed = await box.ok("lock", "renew", "-o", "alice");
    expect(renewed.json.renewed).toEqual([expect.objectContaining({ issue_id: "REQ-002" })]);
    expect(renewed.json.warnings).toEqual([expect.stringContaining("REQ-001 stays stale")]);
    box.age(LEASE(2), 46);
    const both = await box.json("lock", "renew", "REQ-001", "REQ-002", "-o", "alice");
    expect(both.json.error).toBe("LIMIT_REACHED");
    expect((await box.ok("lock", "renew", "REQ-002", "-o", "alice")).code).toBe(0);
  });

  test("next gives what is held, else says that the limit is reached", async () => {
    await limit("agents.alice", "1");
    await box.ok("next", "-o", "alice");
    expect((await box.ok("next", "-o", "alice")).json).toMatchObject({ issue_id: "REQ-001", reason: "held" });
    await box.ok("issue", "block", "REQ-001", "stuck", "-o", "alice");
    const { json } = await box.json("next", "-o", "alice");
    expect(json).toMatchObject({ error: "LIMIT_REACHED", held: ["REQ-001"] });
    await box.ok("issue", "complete", "REQ-001", "done", "-o", "admin", "--force");
    expect((await box.ok("next", "-o", "alice")).json.issue_id).toBe("REQ-002");
  });
});

describe("a queue's max_in_progress", () => {
  test("holds for all together; next and wait take another queue", async () => {
    await box.ok("queue", "set", "questions", "--max-in-progress", "1", "-o", "admin");
    await box.ok("issue", "new", "reviews", "Four", "-o", "admin");
    await claim("REQ-001", "bob");
    const { json } = await claim("REQ-002", "alice");
    expect(json).toMatchObject({
      error: "LIMIT_REACHED",
      message: "In questions there is held REQ-001 (@bob); its limit max_in_progress is 1.",
      limit: { of: "queue", name: "questions", max_in_progress: 1 },
    });
    expect((await box.ok("wait")).json.issue_id).toBe("REQ-004");
    expect((await box.json("wait", "--issue", "REQ-002", "--timeout", "0")).json.error).toBe("TIMEOUT");
    expect((await box.ok("next", "-o", "alice")).json.issue_id).toBe("REQ-004");
    await box.ok("lock", "release", "REQ-004", "-o", "alice");
    expect((await box.json("next", "-o", "alice", "--queue", "questions")).json.error).toBe("NOTHING_READY");
    expect((await claim("REQ-001", "admin", "--force")).code).toBe(0);
  });

  test("refuses a held issue that would move into the queue, and lets one in that nobody holds", async () => {
    await box.ok("queue", "set", "reviews", "--max-in-progress", "0", "-o", "admin");
    await claim("REQ-001", "admin");
    const move = ["issue", "edit", "REQ-001", "--queue", "reviews", "-o", "admin"];
    expect((await box.json(...move)).json.error).toBe("LIMIT_REACHED");
    await box.ok("lock", "release", "REQ-001", "-o", "admin");
    await box.ok(...move);
  });

  test("refuses to take back the move of a held issue out of a queue that is full by now", async () => {
    await claim("REQ-001", "admin");
    await box.ok("issue", "edit", "REQ-001", "--queue", "reviews", "-o", "admin");
    await limit("queues.questions", "0");
    expect((await box.json("undo", "-o", "admin", "--issue", "REQ-001")).json.error).toBe("LIMIT_REACHED");
    await limit("queues.questions", "1");
    await box.ok("undo", "-o", "admin", "--issue", "REQ-001");
  });
});

describe("the settings of limits", () => {
  test("are given with agent add and queue create, told by list, and taken away with none", async () => {
    const added = await box.ok("agent", "add", "carol", "--max-in-progress", "3", "-o", "admin");
    expect(added.json).toMatchObject({ agent: "carol", max_in_progress: 3 });
    expect((await box.ok("agent", "list")).json.agents).toContainEqual({
      ...{ name: "carol", heartbeat_minutes: 30, max_in_progress: 3 },
    });
    const other = await box.json("agent", "add", "carol", "--max-in-progress", "4", "-o", "admin");
    expect(other.json).toMatchObject({
      error: "ALREADY_EXISTS",
      hint: expect.stringContaining("max_in_progress 4"),
    });
    const made = await box.ok(..."queue create ops --owner alice --max-in-progress 2 -o admin".split(" "));
    expect(made.json.max_in_progress).toBe(2);
    expect((await box.ok("queue", "create", "ops", "--owner", "alice", "-o", "admin")).json.idempotent).toBe(
      true,
    );
    const differs = await box.json(
      ..."queue create ops --owner alice --max-in-progress none -o admin".split(" "),
    );
    expect(differs.json.hint).toBe("Change it: mai queue set ops --max-in-progress none");
    await box.ok("queue", "set", "ops", "--max-in-progress", "none", "-o", "admin");
    await limit("agents.carol", "none");
    expect((await box.ok("config", "get", "agents.carol.max_in_progress")).json.value).toBeNull();
    expect((await box.ok("config", "get", "agents.alice.max_in_progress")).json.value).toBeNull();
  });

  test("stand in the team file, where none takes them away, and applying what is shown changes nothing", async () => {
    box.write("mai.toml", "[agents.alice]\nmax_in_progress = 2\n[queues.questions]\nmax_in_progress = 5\n");
    await box.ok("config", "apply", "mai.toml", "-o", "admin");
    expect((await box.ok("config", "get", "queues.questions.max_in_progress")).json.value).toBe(5);
    box.write("mai.toml", '[agents.alice]\nmax_in_progress = "none"\n');
    await box.ok("config", "apply", "mai.toml", "-o", "admin");
    const { stdout } = await box.run("config", "show", "--toml");
    expect(stdout).toContain('max_in_progress = "none"');
    box.write("mai.toml", stdout);
    expect((await box.ok("config", "apply", "mai.toml", "-o", "admin")).json.idempotent).toBe(true);
  });

  test("a project that says nothing about limits has no trace of them in its settings", () => {
    expect(box.read(".mai/config.json")).not.toContain("max_in_progress");
  });
});
