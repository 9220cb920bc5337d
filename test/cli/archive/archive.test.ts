import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";
import { findings } from "./findings.ts";

const DAY_MS = 86_400_000;
/** Noon in the sandbox's zone. */
const APRIL_30 = Date.parse("2026-04-30T12:00:00+08:00");
const ROOT = ["-o", "admin"] as const;

let box: Sandbox;
beforeEach(async () => {
  box = new Sandbox();
  box.clock.nowMs = APRIL_30;
  await box.ok("init", ...ROOT);
  for (const name of ["alice", "bob"]) await box.ok("agent", "add", name, ...ROOT);
});
afterEach(() => box.remove());

/** REQ-001 completed on April 30, REQ-002 discarded on May 2, REQ-003 still open, BLK-001 completed on May 9. */
async function workedProject(): Promise<void> {
  await box.ok("issue", "new", "questions", "First", "-o", "alice");
  await box.ok("issue", "new", "reviews", "Second", "-o", "alice");
  await box.ok("issue", "new", "questions", "Third", "--ref", "REQ-001", "-o", "alice");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  await box.ok("issue", "complete", "REQ-001", "Approved", "-o", "alice");
  box.clock.nowMs += 2 * DAY_MS;
  await box.ok("issue", "discard", "REQ-002", "not needed", "-o", "alice");
  box.clock.nowMs += 7 * DAY_MS;
  await box.ok("issue", "new", "blockers", "Late", "-o", "bob");
  await box.ok("issue", "complete", "BLK-001", "gone", "-o", "bob");
}

const archive = (date: string) => box.ok("archive", "--before", date, ...ROOT);
const ids = (json: { issues: readonly { id: string }[] }) => json.issues.map(({ id }) => id);

describe("mai archive --before", () => {
  test("takes what was finished and left alone before the day, with its decisions, out of queues and mirror", async () => {
    await workedProject();
    const { json } = await archive("2026-05-09");
    expect(json).toMatchObject({ issues: ["REQ-001", "REQ-002"], total: 2, remaining: 0, idempotent: false });
    expect(box.names(".mai/archive/queues/questions")).toEqual(["REQ-001.md"]);
    expect(box.names(".mai/archive/decisions")).toEqual(["REQ-001.md"]);
    for (const gone of [
      ".mai/decisions/REQ-001.md",
      "async/questions/REQ-001.md",
      "async/decisions/REQ-001.md",
    ])
      expect([gone, box.exists(gone)]).toEqual([gone, false]);
    expect(ids((await box.ok("issue", "list", "--all")).json)).toEqual(["REQ-003", "BLK-001"]);
    expect(ids((await box.ok("issue", "list", "--archived")).json)).toEqual(["REQ-001", "REQ-002"]);
    expect(ids((await box.ok("issue", "list", "reviews", "--archived")).json)).toEqual(["REQ-002"]);
    expect(await findings(box)).toEqual([]);
  });

  test("an issue that was last changed on that very day stays, one of the day before goes", async () => {
    await workedProject();
    expect((await archive("2026-04-30")).json).toMatchObject({ issues: [], idempotent: true });
    expect((await archive("2026-05-01")).json.issues).toEqual(["REQ-001"]);
    expect((await archive("2026-05-02")).json.issues).toEqual([]);
    expect((await archive("2026-05-03")).json.issues).toEqual(["REQ-002"]);
  });

  test("a remark after the completion counts as a change", async () => {
    await workedProject();
    await box.ok("issue", "amend", "REQ-001", "still talking", "-o", "bob");
    expect((await archive("2026-05-09")).json.issues).toEqual(["REQ-002"]);
  });

  test("show tells that it is archived, and all else as before", async () => {
    await workedProject();
    const before = (await box.ok("issue", "show", "req-001")).json;
    await archive("2026-05-09");
    const { json } = await box.ok("issue", "show", "questions/REQ-001");
    expect(json).toEqual({ ...before, issue: { ...before.issue, archived: true } });
    expect((await box.run("issue", "show", "REQ-001")).stdout).toContain("COMPLETED (archived)");
    expect((await box.ok("issue", "status", "REQ-001")).json.issue_id).toBe("REQ-001");
  });

  test("references to an archived issue hold, old ones and new ones", async () => {
    await workedProject();
    await archive("2026-05-09");
    await box.ok("issue", "new", "questions", "Fourth", "--ref", "REQ-002", "-o", "bob");
    expect((await box.run("escalation", "gen", "REQ-003")).stdout).toContain("First");
    expect(await findings(box)).toEqual([]);
  });

  test("an archived issue that others wait for is finished, and reopening it holds them up again", async () => {
    await workedProject();
    await box.ok("issue", "depend", "REQ-003", "--on", "REQ-001", ...ROOT);
    await archive("2026-05-09");
    await box.ok("issue", "reopen", "REQ-001", "again", ...ROOT);
    expect((await box.json("issue", "claim", "REQ-003", "-o", "bob")).json.error).toBe("ISSUE_BLOCKED");
    await box.ok("issue", "complete", "REQ-001", "now", ...ROOT);
    box.clock.nowMs += 3 * DAY_MS;
    expect((await archive("2026-05-12")).json.issues).toContain("REQ-001");
    await box.ok("issue", "claim", "REQ-003", "-o", "bob");
  });

  test("takes a root, or the owner of the directory where nobody signs", async () => {
    await workedProject();
    const before = box.tree();
    expect((await box.json("archive", "--before", "2026-05-09", "-o", "alice")).json.error).toBe(
      "PERMISSION_DENIED",
    );
    expect((await box.json("archive", "--restore", "-o", "alice")).json.error).toBe("PERMISSION_DENIED");
    expect(box.tree()).toEqual(before);
    expect((await box.ok("archive", "--before", "2026-05-09")).json.total).toBe(2);
  });

  test("a dry run names what would go and changes nothing", async () => {
    await workedProject();
    const before = box.tree();
    const run = await box.run("--dry-run", "archive", "--before", "2026-05-09", ...ROOT);
    expect(run.stdout).toBe("[dry-run] 2 issues archived: REQ-001 REQ-002\n4 logs archived\n");
    expect(box.tree()).toEqual(before);
  });

  test("wrong command lines are USAGE", async () => {
    for (const rest of [
      [],
      ["--restore", "--before", "2026-05-09"],
      ["REQ-001"],
      ["REQ-001", "--before", "2026-05-09"],
    ])
      expect([rest, (await box.json("archive", ...rest, ...ROOT)).json.error]).toEqual([rest, "USAGE"]);
    expect((await box.json("archive", "--before", "2026-02-31", ...ROOT)).json.error).toBe("USAGE");
  });

  test("what is odd stays, with a warning, and the rest goes", async () => {
    await workedProject();
    for (const number of [4, 5, 6, 7, 8])
      await box.ok("issue", "new", "questions", `Odd ${number}`, "-o", "alice");
    for (const number of [4, 5, 6, 7, 8])
      await box.ok("issue", "discard", `REQ-00${number}`, "x", "-o", "alice");
    box.write(".mai/locks/REQ-004.lock", "alice|2026-05-01T00:00:00.000+08:00|fence=1");
    box.write(".mai/queues/reports/REQ-005.md", box.read(".mai/queues/questions/REQ-005.md"));
    box.write(".mai/queues/questions/REQ-006.md", "no issue at all\n");
    box.move(".mai/queues/questions/REQ-007.md", ".mai/queues/questions/REQ-017.md");
    box.write(".mai/archive/queues/reports/REQ-008.md", box.read(".mai/queues/questions/REQ-008.md"));
    const run = await archive("2026-05-20");
    expect(run.json.issues).toEqual(["BLK-001", "REQ-001", "REQ-002"]);
    expect(run.json.kept.map((kept: { issue_id: string }) => kept.issue_id)).toEqual([
      "REQ-004",
      "REQ-005",
      "REQ-006",
      "REQ-008",
      "REQ-017",
      "REQ-005",
    ]);
    expect(run.json.warnings.join("\n")).toMatch(/questions\/REQ-004 stays: .*locks\/REQ-004\.lock/);
    expect(run.json.warnings.join("\n")).toContain(
      "questions/REQ-008 stays: the archive has an issue of the same id",
    );
    expect((await archive("2026-05-20")).json.idempotent).toBe(true);
  });
});

describe("an archived issue", () => {
  beforeEach(async () => {
    await workedProject();
    await archive("2026-05-09");
  });

  test.each([
    ["amend", ["a remark"], "INVALID_STATE"],
    ["edit", ["--title", "Other"], "INVALID_STATE"],
    ["discard", ["why not"], "INVALID_STATE"],
    ["claim", [], "ALREADY_COMPLETED"],
    ["block", ["stuck"], "ALREADY_COMPLETED"],
  ] as const)("refuses %s and stays as it is", async (verb, rest, error) => {
    const before = box.tree();
    const { json } = await box.json("issue", verb, "REQ-001", ...rest, ...ROOT);
    expect(json.error).toBe(error);
    expect(box.tree()).toEqual(before);
  });

  test("a repeat of what finished it is a repeat", async () => {
    const before = box.tree();
    const { json } = await box.ok("issue", "complete", "REQ-001", "Approved", "-o", "alice");
    expect(json.idempotent).toBe(true);
    expect(box.tree()).toEqual(before);
  });

  test("reopen brings it back with its decisions, in one change", async () => {
    const { json } = await box.ok("issue", "reopen", "REQ-001", "it broke", ...ROOT);
    expect(json).toMatchObject({ issue_id: "REQ-001", status: "OPEN", previous_status: "COMPLETED" });
    expect(box.exists(".mai/archive/queues/questions/REQ-001.md")).toBe(false);
    expect(box.read("async/questions/REQ-001.md")).toBe(box.read(".mai/queues/questions/REQ-001.md"));
    expect(box.read("async/decisions/REQ-001.md")).toContain("Approved");
    const { stdout } = await box.run("events", "--issue", "REQ-001", "--limit", "3", "--json");
    const types = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type);
    expect(types).toEqual(["issue.archived", "issue.restored", "issue.reopened"]);
    expect(await findings(box)).toEqual([]);
  });

  test("a discarded one cannot be reopened", async () => {
    expect((await box.json("issue", "reopen", "REQ-002", "again", ...ROOT)).json.error).toBe(
      "ISSUE_DISCARDED",
    );
  });

  test("a stale lease that somebody put there goes, and the issue stays where it is", async () => {
    box.write(".mai/locks/REQ-001.lock", "alice|2026-05-01T00:00:00.000+08:00|fence=1");
    box.age(".mai/locks/REQ-001.lock", 10_000_000);
    await box.ok("lock", "guardian");
    expect(box.exists(".mai/locks/REQ-001.lock")).toBe(false);
    expect(box.exists(".mai/archive/queues/questions/REQ-001.md")).toBe(true);
  });

  test("its id is not given again, whatever became of sequence.json", async () => {
    const next = async (queue: string) =>
      (await box.ok("issue", "new", queue, "New", "-o", "bob")).json.issue_id;
    await archive("2026-05-20");
    box.delete(".mai/sequence.json");
    expect(await next("blockers")).toBe("BLK-002");
    const sequence = JSON.parse(box.read(".mai/sequence.json"));
    box.write(".mai/sequence.json", JSON.stringify({ ...sequence, ids: { ...sequence.ids, REQ: 0 } }));
    expect(await next("questions")).toBe("REQ-004");
  });

  test("its queue can be removed; it still shows, and restoring brings the folder back", async () => {
    await box.ok("queue", "remove", "reviews", ...ROOT);
    expect((await box.ok("issue", "show", "REQ-002")).json.issue.queue).toBe("reviews");
    expect(ids((await box.ok("issue", "list", "reviews", "--archived")).json)).toEqual(["REQ-002"]);
    await box.ok("archive", "--restore", "REQ-002", ...ROOT);
    expect(ids((await box.ok("issue", "list", "reviews", "--all")).json)).toEqual(["REQ-002"]);
  });
});
