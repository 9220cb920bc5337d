import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

const FILE = (number: number) => `.mai/queues/questions/REQ-00${number}.md`;

/** Makes issues REQ-001, REQ-002 … of the root; each number names what it waits for. */
async function issues(...waits: readonly (readonly string[])[]): Promise<void> {
  for (const [index, ids] of waits.entries()) {
    const blockers = ids.flatMap((id) => ["--blocked-by", id]);
    await box.ok("issue", "new", "questions", `Title ${index + 1}`, "-o", "admin", ...blockers);
  }
}

function edit(path: string, from: string | RegExp, to: string): void {
  box.write(path, box.read(path).replace(from, to));
}

const complete = (id: string) => box.ok("issue", "complete", id, "done", "-o", "admin");

describe("mai issue new --blocked-by", () => {
  test("writes the field, tells it, and keeps the list of what waits for the other", async () => {
    await issues([], []);
    const made = await box.ok(
      ..."issue new questions Three -o admin --blocked-by req-001,REQ-002".split(" "),
    );
    expect(made.json).toMatchObject({ issue_id: "REQ-003", blocked_by: ["REQ-001", "REQ-002"] });
    expect(box.read(FILE(3))).toContain("\n**依赖：** REQ-001, REQ-002\n");
    expect(box.read("async/questions/REQ-003.md")).toBe(box.read(FILE(3)));
    expect(box.read(".mai/dependents/REQ-001")).toBe("REQ-003\n");
    const { json } = await box.ok("issue", "show", "REQ-003");
    expect(json.issue).toMatchObject({ blocked_by: ["REQ-001", "REQ-002"] });
    expect((await box.run("events", "--json", "--issue", "REQ-003")).stdout).toContain(
      '"blocked_by":["REQ-001","REQ-002"]',
    );
  });

  test("refuses an issue that is not there, and changes nothing", async () => {
    const before = box.tree();
    const run = await box.json("issue", "new", "questions", "One", "-o", "admin", "--blocked-by", "REQ-009");
    expect(run.json).toMatchObject({ ok: false, error: "NOT_FOUND" });
    expect(box.tree()).toEqual(before);
  });

  test("refuses the cycle that an id written by hand before its time would close", async () => {
    await issues([]);
    edit(FILE(1), "**队列", "**依赖：** REQ-002\n**队列");
    const run = await box.json("issue", "new", "questions", "Two", "-o", "admin", "--blocked-by", "REQ-001");
    expect(run.json).toMatchObject({ error: "CYCLE", cycle: ["REQ-002", "REQ-001", "REQ-002"] });
  });
});

describe("mai issue depend", () => {
  test("makes an issue wait, again changes nothing, and --remove takes every trace of the field away", async () => {
    await issues([], []);
    const untouched = box.read(FILE(2)).split("## 处理记录")[0];
    const run = await box.ok("issue", "depend", "REQ-002", "--on", "REQ-001", "-o", "admin");
    expect(run.json).toMatchObject({ blocked_by: ["REQ-001"], waits_for: ["REQ-001"], idempotent: false });
    expect(box.read(FILE(2))).toContain("@admin: AMENDED：依赖：REQ-001\n");
    const before = box.tree();
    const again = await box.ok("issue", "depend", "REQ-002", "--on", "req-001", "-o", "admin");
    expect(again.json).toMatchObject({ blocked_by: ["REQ-001"], idempotent: true });
    expect(box.tree()).toEqual(before);
    await box.ok("issue", "depend", "REQ-002", "--on", "REQ-001", "--remove", "-o", "admin");
    expect(box.read(FILE(2)).split("## 处理记录")[0]).toBe(untouched as string);
    expect(box.exists(".mai/dependents/REQ-001")).toBe(false);
    const events = (await box.run("events", "--json", "--type", "issue.depends")).stdout.trim().split("\n");
    expect(events.map((line) => JSON.parse(line).data)).toEqual([
      { added: ["REQ-001"], blocked_by: ["REQ-001"] },
      { removed: ["REQ-001"], blocked_by: [] },
    ]);
  });

  test("refuses a cycle of any length, shows it, and changes nothing", async () => {
    await issues([], ["REQ-001"], ["REQ-002"]);
    await complete("REQ-002");
    const before = box.tree();
    const run = await box.json("issue", "depend", "REQ-001", "--on", "REQ-003", "-o", "admin");
    expect(run.code).toBe(1);
    expect(run.json).toMatchObject({
      error: "CYCLE",
      message:
        "REQ-001 cannot wait for REQ-003: REQ-001 waits for REQ-003, which waits for REQ-002, which waits for REQ-001.",
      cycle: ["REQ-001", "REQ-003", "REQ-002", "REQ-001"],
    });
    expect(box.tree()).toEqual(before);
  });

  test("is for the handler too, whose lease it renews; somebody else's live lease refuses, a root may force", async () => {
    await issues([], []);
    await box.ok("issue", "claim", "REQ-002", "-o", "alice");
    box.age(".mai/locks/REQ-002.lock", 20);
    const own = await box.ok("issue", "depend", "REQ-002", "--on", "REQ-001", "-o", "alice");
    expect(own.json).toMatchObject({ status: "IN_PROGRESS", holder: "alice", ttl_minutes: 45 });
    const asked = ["issue", "depend", "REQ-002", "--on", "REQ-001", "--remove", "-o"];
    expect((await box.json(...asked, "bob")).json.error).toBe("PERMISSION_DENIED");
    expect((await box.json(...asked, "admin")).json.error).toBe("LOCK_HELD");
    expect((await box.ok(...asked, "admin", "--force")).json.blocked_by).toEqual([]);
    expect(box.read(FILE(2))).toContain("@admin: AMENDED：不再依赖：REQ-001（强制）\n");
  });

  test("takes away what leads nowhere, and what is no id at all", async () => {
    await issues([]);
    edit(FILE(1), "**队列", "**依赖：** the release, REQ-777\n**队列");
    expect((await box.json("issue", "claim", "REQ-001", "-o", "alice")).json).toMatchObject({
      error: "ISSUE_BLOCKED",
      blocked_by: ["the", "release", "REQ-777"],
      hint: expect.stringContaining("--remove"),
    });
    const words = ["--on", "the", "--on", "release", "--on", "REQ-777"];
    await box.ok("issue", "depend", "REQ-001", ...words, "--remove", "-o", "admin");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  });
});

describe("mai doctor", () => {
  test("builds the list of what waits anew from the issues, by hand edits and marks of a merge too", async () => {
    await issues([], ["REQ-001"], []);
    edit(FILE(3), "**队列", "**依赖：** REQ-001, REQ-002\n**队列");
    box.write(".mai/dependents/REQ-001", "<<<<<<< ours\nREQ-003\n=======\n");
    const { json } = await box.json("doctor", "--fix");
    expect(json.fixed.map(({ code, path }: Record<string, string>) => [code, path])).toContainEqual([
      "dependents_stale",
      ".mai/dependents/REQ-001",
    ]);
    expect(box.read(".mai/dependents/REQ-001")).toBe("REQ-002\nREQ-003\n");
    expect(box.read(".mai/dependents/REQ-002")).toBe("REQ-003\n");
    expect((await complete("REQ-001")).json.freed).toEqual(["REQ-002"]);
  });

  test("finds nothing where every command was run that touches dependencies", async () => {
    await issues([], ["REQ-001"], ["REQ-001", "REQ-002"]);
    await box.ok("issue", "depend", "REQ-003", "--on", "REQ-001", "--remove", "-o", "admin");
    await box.ok("issue", "edit", "REQ-001", "--queue", "reviews", "-o", "admin");
    await complete("REQ-001");
    await box.ok("issue", "discard", "REQ-002", "no", "-o", "admin");
    expect((await box.ok("doctor")).json.findings).toEqual([]);
  });
});

describe("an issue whose blockers are unfinished", () => {
  test("refuses claim and run and names the chain; next and wait pass it over", async () => {
    await issues([], ["REQ-001"], ["REQ-002"]);
    await box.ok("issue", "edit", "REQ-003", "--priority", "P0", "-o", "admin");
    const before = box.tree();
    for (const line of [
      ["issue", "claim", "REQ-003"],
      ["issue", "run", "REQ-003"],
    ]) {
      const command = line[1] === "run" ? ["--", "/bin/true"] : [];
      const { json, code } = await box.json(...line, "-o", "alice", ...command);
      expect(json).toMatchObject({
        error: "ISSUE_BLOCKED",
        retryable: true,
        blocked_by: ["REQ-002"],
        chain: ["REQ-003", "REQ-002", "REQ-001"],
      });
      expect(code).toBe(1);
    }
    expect(box.tree()).toEqual(before);
    expect((await box.ok("wait")).json.issue_id).toBe("REQ-001");
    expect((await box.json("wait", "--issue", "REQ-003", "--timeout", "0")).json.error).toBe("TIMEOUT");
    expect((await box.ok("next", "-o", "alice")).json.issue_id).toBe("REQ-001");
    expect((await box.json("next", "-o", "bob", "--any")).json.error).toBe("NOTHING_READY");
  });

  test("is freed by the last of them that is completed, confirmed or discarded, which says so", async () => {
    await issues([], [], [], ["REQ-001", "REQ-002"], ["REQ-002"], ["REQ-003"]);
    expect((await complete("REQ-001")).json.freed).toEqual([]);
    const confirmed = await box.ok("issue", "confirm", "REQ-002", "-o", "admin");
    expect(confirmed.json.freed).toEqual(["REQ-004", "REQ-005"]);
    const told = await box.run("issue", "discard", "REQ-003", "not needed", "-o", "admin");
    expect(told.stdout).toBe("REQ-003 discarded; it frees REQ-006\n");
    expect((await box.ok("issue", "confirm", "REQ-002", "-o", "admin")).json.freed).toEqual([]);
    await box.ok("issue", "claim", "REQ-004", "-o", "alice");
  });

  test("waits again when one of them is opened again; what is claimed already stays claimed", async () => {
    await issues([], ["REQ-001"], ["REQ-001"]);
    await complete("REQ-001");
    await box.ok("issue", "claim", "REQ-002", "-o", "alice");
    const reopened = await box.ok("issue", "reopen", "REQ-001", "not good", "-o", "admin");
    expect(reopened.json.blocks).toEqual(["REQ-002", "REQ-003"]);
    expect((await box.json("issue", "claim", "REQ-003", "-o", "bob")).json.error).toBe("ISSUE_BLOCKED");
    expect((await box.ok("issue", "claim", "REQ-002", "-o", "alice")).json.idempotent).toBe(true);
    await box.ok("issue", "amend", "REQ-002", "going on", "-o", "alice");
    await complete("REQ-001");
    await box.ok("issue", "claim", "REQ-003", "-o", "bob");
  });

  test("can be begun before them by a root who forces it, which is recorded", async () => {
    await issues([], ["REQ-001"]);
    expect((await box.json("issue", "claim", "REQ-002", "-o", "alice", "--force")).json.error).toBe(
      "ISSUE_BLOCKED",
    );
    await box.ok("issue", "claim", "REQ-002", "-o", "admin", "--force");
    expect(box.read(FILE(2))).toContain("@admin: IN_PROGRESS：（强制）\n");
    const event = JSON.parse((await box.run("events", "--json", "--type", "issue.claimed")).stdout);
    expect(event.data).toMatchObject({ forced: true, blocked_by: ["REQ-001"] });
  });

  test("a cycle made by hand hangs nothing: claim names it, next passes it over", async () => {
    await issues([], []);
    edit(FILE(1), "**队列", "**依赖：** REQ-002\n**队列");
    edit(FILE(2), "**队列", "**依赖：** REQ-001\n**队列");
    const { json } = await box.json("issue", "claim", "REQ-001", "-o", "alice");
    expect(json).toMatchObject({ error: "ISSUE_BLOCKED", chain: ["REQ-001", "REQ-002", "REQ-001"] });
    expect((await box.json("next", "-o", "alice")).json.error).toBe("NOTHING_READY");
    await box.ok("issue", "depend", "REQ-001", "--on", "REQ-002", "--remove", "-o", "admin");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  });

  test("counts a blocker that two queues have as finished only when both are, and one that cannot be read as not", async () => {
    await issues([], ["REQ-001"]);
    await complete("REQ-001");
    const done = box.read(FILE(1));
    box.write(".mai/queues/reviews/REQ-001.md", done.replace("✅ COMPLETED", "⭕ OPEN"));
    expect((await box.json("issue", "claim", "REQ-002", "-o", "alice")).json.error).toBe("ISSUE_BLOCKED");
    box.write(".mai/queues/reviews/REQ-001.md", done.replace("✅ COMPLETED", "odd"));
    const unreadable = await box.json("issue", "claim", "REQ-002", "-o", "alice");
    expect(unreadable.json.message).toContain("REQ-001 (cannot be read)");
    box.delete(".mai/queues/reviews/REQ-001.md");
    await box.ok("issue", "claim", "REQ-002", "-o", "alice");
  });
});
