import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "bob");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
});
afterEach(() => box.remove());

const GATED = [
  ["claim", "REQ-001"],
  ["block", "REQ-001", "why"],
  ["unblock", "REQ-001"],
  ["transfer", "REQ-001", "bob"],
  ["complete", "REQ-001", "done"],
  ["confirm", "REQ-001"],
  ["reject", "REQ-001", "why"],
  ["discard", "REQ-001", "why"],
  ["edit", "REQ-001", "--priority", "P0"],
] as const;

describe("somebody else's live lease", () => {
  for (const line of GATED) {
    test(`refuses ${line[0]} of the creator with 2, and changes no byte`, async () => {
      const before = box.tree();
      const run = await box.json("issue", ...line, "-o", "bob");
      expect(run.code).toBe(2);
      expect(run.json).toMatchObject({ error: "LOCK_HELD", holder: "alice", retryable: true });
      expect(box.tree()).toEqual(before);
    });

    test(`refuses ${line[0]} --force of the creator with 3, and changes no byte`, async () => {
      const before = box.tree();
      const run = await box.json("issue", ...line, "--force", "-o", "bob");
      expect([run.code, run.json.error]).toEqual([3, "PERMISSION_DENIED"]);
      expect(run.json.hint).toContain("admin");
      expect(box.tree()).toEqual(before);
    });

    if (line[0] === "unblock") continue;
    test(`lets a root ${line[0]} with --force, recorded in file and event; the repeat changes no byte`, async () => {
      await box.ok("issue", ...line, "--force", "-o", "admin");
      expect(box.read(".mai/queues/questions/REQ-001.md")).toContain("（强制）\n");
      const [file = ""] = [...box.tree(".mai/events").keys()];
      const event = JSON.parse(box.read(file).trimEnd().split("\n").at(-1) ?? "");
      expect(event.data).toMatchObject({ forced: true, holder: "alice" });
      const after = box.tree();
      expect((await box.ok("issue", ...line, "--force", "-o", "admin")).json.idempotent).toBe(true);
      expect(box.tree()).toEqual(after);
    });
  }

  test("tells a root, and nobody else, that --force overrides it", async () => {
    const hint = async (operator: string) =>
      (await box.json("issue", "block", "REQ-001", "why", "-o", operator)).json.hint;
    expect(await hint("admin")).toContain("--force");
    expect(await hint("bob")).not.toContain("--force");
  });

  test("lets amend and escalate of others pass", async () => {
    await box.ok("issue", "amend", "REQ-001", "a thought", "-o", "bob");
    await box.ok("issue", "escalate", "REQ-001", "-o", "bob");
    expect(box.exists(".mai/locks/REQ-001.lock")).toBe(true);
  });

  test("reopen, amend and escalate know no --force", async () => {
    for (const line of [
      ["reopen", "REQ-001", "x"],
      ["amend", "REQ-001", "x"],
      ["escalate", "REQ-001"],
    ]) {
      expect((await box.json("issue", ...line, "--force", "-o", "admin")).code).toBe(64);
    }
  });
});

describe("fencing tokens", () => {
  const WRITES = [...GATED, ["amend", "REQ-001", "x"], ["escalate", "REQ-001"]] as const;
  for (const line of WRITES) {
    test(`${line[0]} --fence 0 is refused as STALE_FENCE after the first claim, and changes no byte`, async () => {
      const before = box.tree();
      const run = await box.json(
        "issue",
        ...line,
        "--fence",
        "0",
        "-o",
        "admin",
        ...(line[0] === "amend" || line[0] === "escalate" ? [] : ["--force"]),
      );
      expect([run.code, run.json.error]).toEqual([1, "STALE_FENCE"]);
      expect(run.json).toMatchObject({ fence: 1, given_fence: 0 });
      expect(box.tree()).toEqual(before);
    });
  }

  test("MAI_FENCE counts for the issue in MAI_ISSUE only, in any case of its letters", async () => {
    await box.ok("issue", "new", "questions", "Two", "-o", "bob");
    box.env = { ...box.env, MAI_ISSUE: "req-001", MAI_FENCE: "7" };
    expect((await box.json("issue", "amend", "REQ-001", "x", "-o", "alice")).json.error).toBe("STALE_FENCE");
    await box.ok("issue", "amend", "REQ-002", "x", "-o", "alice");
    await box.ok("issue", "amend", "REQ-001", "x", "--fence", "1", "-o", "alice");
  });

  test("MAI_FENCE refuses the renewal of a lease that another process of the same name took", async () => {
    box.age(".mai/locks/REQ-001.lock", 60);
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    box.env = { ...box.env, MAI_ISSUE: "REQ-001", MAI_FENCE: "1" };
    expect((await box.json("issue", "claim", "REQ-001", "-o", "alice")).json.error).toBe("STALE_FENCE");
    expect((await box.json("lock", "renew", "REQ-001", "-o", "alice")).json.error).toBe("STALE_FENCE");
  });
});

describe("sessions", () => {
  beforeEach(async () => {
    await box.ok("issue", "new", "questions", "Two", "-o", "bob");
    await box.ok("issue", "claim", "REQ-002", "-o", "alice", "--session", "s1");
  });

  test("a lease with a session is held against the same name in another session or in none", async () => {
    expect(box.read(".mai/locks/REQ-002.lock")).toEndWith("|fence=1|from=default|session=s1");
    const before = box.tree();
    for (const session of [["--session", "s2"], []]) {
      const run = await box.json("issue", "block", "REQ-002", "why", "-o", "alice", ...session);
      expect([run.code, run.json.error]).toEqual([2, "LOCK_HELD"]);
      expect(run.json.message).toContain("session s1");
    }
    expect(box.tree()).toEqual(before);
  });

  test("the same session goes on, by option or by environment", async () => {
    await box.ok("issue", "block", "REQ-002", "why", "-o", "alice", "--session", "s1");
    box.env = { ...box.env, MAI_SESSION: "s1" };
    await box.ok("issue", "unblock", "REQ-002", "-o", "alice");
  });
});
