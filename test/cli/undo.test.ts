import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "admin", "--accept", "tests pass");
  await box.ok("issue", "new", "reviews", "Two", "-o", "admin", "--ref", "REQ-001", "--label", "api");
});
afterEach(() => box.remove());

const FIELDS = [
  ...["title", "status", "priority", "handler", "creator", "queue", "ref", "created", "sla_deadline"],
  ...["description", "context", "labels", "blocked_by", "acceptance", "handover"],
];

/** What an issue says of itself and who holds it; records grow and fences never shrink. */
async function stateOf(id: string): Promise<Record<string, unknown>> {
  const { issue, lock } = (await box.ok("issue", "show", id)).json;
  return { ...Object.fromEntries(FIELDS.map((name) => [name, issue[name]])), holder: lock?.holder ?? null };
}

async function recordsOf(id: string): Promise<readonly string[]> {
  return (await box.ok("issue", "show", id)).json.issue.timeline.map((line: string) =>
    line.replace(/^\[.*?\] /, ""),
  );
}

function events(): readonly Record<string, unknown>[] {
  const names = box.names(".mai/events");
  return names.flatMap((name) =>
    box
      .read(`.mai/events/${name}`)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
}

const CLAIMED = [["issue", "claim", "REQ-001", "-o", "alice"]];
const HANDED = [["issue", "transfer", "REQ-001", "alice", "-o", "admin"]];
const BLOCKED = [...CLAIMED, ["issue", "block", "REQ-001", "no certificate", "-o", "alice"]];
const NOTED = ["issue", "transfer", "REQ-001", "bob", "--done", "parser", "--remaining", "tests: see /x"];
const DONE = [["issue", "complete", "REQ-001", "good", "--force", "-o", "admin"]];

/** Each operation that can be taken back: what goes before it, and the operation. */
const UNDOABLE: Readonly<Record<string, readonly [readonly (readonly string[])[], readonly string[]]>> = {
  claim: [[], ["issue", "claim", "REQ-001", "-o", "alice"]],
  block: [CLAIMED, ["issue", "block", "REQ-001", "stuck", "-o", "alice"]],
  "block without a lease": [HANDED, ["issue", "block", "REQ-001", "stuck", "-o", "alice"]],
  "block once more, for another reason": [
    BLOCKED,
    ["issue", "block", "REQ-001", "no key either", "-o", "alice"],
  ],
  unblock: [BLOCKED, ["issue", "unblock", "REQ-001", "-o", "alice"]],
  transfer: [CLAIMED, ["issue", "transfer", "REQ-001", "bob", "yours", "-o", "alice"]],
  "transfer of a blocked issue": [BLOCKED, ["issue", "transfer", "REQ-001", "bob", "-o", "alice"]],
  "transfer with a note": [CLAIMED, [...NOTED, "-o", "alice"]],
  "transfer with a note that takes the place of another": [
    [
      [...NOTED, "-o", "admin"],
      ["issue", "claim", "REQ-001", "-o", "bob"],
    ],
    ["issue", "transfer", "REQ-001", "alice", "--done", "oops", "-o", "bob"],
  ],
  complete: [[], ["issue", "complete", "REQ-001", "good", "--force", "-o", "admin"]],
  "complete what one holds": [
    [["issue", "claim", "REQ-001", "-o", "admin"]],
    ["issue", "complete", "REQ-001", "good", "--force", "-o", "admin"],
  ],
  confirm: [[], ["issue", "confirm", "REQ-001", "--force", "-o", "admin"]],
  reject: [HANDED, ["issue", "reject", "REQ-001", "not yet", "-o", "admin"]],
  reopen: [DONE, ["issue", "reopen", "REQ-001", "broken", "-o", "admin"]],
  amend: [CLAIMED, ["issue", "amend", "REQ-001", "seen", "-o", "bob"]],
  discard: [[], ["issue", "discard", "REQ-001", "no", "-o", "admin"]],
  "discard a completed issue": [DONE, ["issue", "discard", "REQ-001", "no", "-o", "admin"]],
  "edit of every field": [
    [],
    [
      ...["issue", "edit", "REQ-002", "--title", "Deux", "--body", "# all\n**new**", "--priority", "P0"],
      ...["--queue", "decisions", "-o", "admin"],
    ],
  ],
  "edit that adds a reference": [[], ["issue", "edit", "REQ-001", "--ref", "REQ-002", "-o", "admin"]],
  "edit that changes a reference": [[], ["issue", "edit", "REQ-002", "--ref", "REQ-002", "-o", "admin"]],
  label: [[], ["issue", "label", "REQ-002", "+ui", "-api", "-o", "admin"]],
  check: [[], ["issue", "check", "REQ-001", "1", "-o", "admin"]],
};

describe("mai undo gives an issue back what it was before", () => {
  test.each(Object.entries(UNDOABLE))("%s", async (_name, [before, operation]) => {
    for (const line of before) await box.ok(...line);
    const id = operation.find((word) => word.startsWith("REQ-")) ?? "";
    const earlier = await stateOf(id);
    await box.ok(...operation);
    expect(await stateOf(id)).not.toEqual({ ...earlier, records: null });
    const seq = events().length;
    const { json } = await box.ok("undo", "-o", operation.at(-1) ?? "");
    expect(await stateOf(id)).toEqual(earlier);
    expect(json).toMatchObject({ issue_id: id, undone: { seq }, status: earlier.status, idempotent: false });
    expect(events().at(-1)).toMatchObject({ type: "issue.undone", issue: id, data: { undone_seq: seq } });
    expect((await box.ok("doctor")).json.findings).toEqual([]);
  });

  test("a new issue is discarded, since no number is given out twice", async () => {
    await box.ok("issue", "new", "questions", "Three", "-o", "alice");
    expect((await box.ok("undo", "-o", "alice")).json).toMatchObject({
      issue_id: "REQ-003",
      status: "DISCARDED",
    });
    expect((await box.ok("issue", "new", "questions", "Four", "-o", "alice")).json.issue_id).toBe("REQ-004");
  });

  test("an escalation by taking back the issue that it made", async () => {
    await box.ok("issue", "escalate", "REQ-001", "-o", "admin");
    const refused = await box.json("undo", "--issue", "REQ-001", "-o", "admin");
    expect(refused.json).toMatchObject({ error: "INVALID_STATE", type: "issue.escalated" });
    expect((await box.ok("undo", "-o", "admin")).json).toMatchObject({
      issue_id: "REQ-003",
      status: "DISCARDED",
    });
  });

  test("with a lease of its own, whose token is a new one: who kept the old one is told", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    await box.ok("issue", "transfer", "REQ-001", "bob", "-o", "alice");
    expect((await box.ok("undo", "-o", "alice")).json).toMatchObject({
      holder: "alice",
      fence: 2,
      status: "IN_PROGRESS",
    });
    const stale = await box.json("issue", "amend", "REQ-001", "x", "-o", "alice", "--fence", "1");
    expect(stale.json.error).toBe("STALE_FENCE");
  });

  test("but not into a queue that was removed since", async () => {
    await box.ok("queue", "create", "ops", "--owner", "admin", "-o", "admin");
    await box.ok("issue", "edit", "REQ-001", "--queue", "ops", "-o", "admin");
    await box.ok("issue", "edit", "REQ-001", "--queue", "questions", "-o", "admin");
    await box.ok("queue", "remove", "ops", "-o", "admin");
    expect((await box.json("undo", "-o", "admin")).json.error).toBe("INVALID_QUEUE");
  });

  test("and a claim of another session that went stale leaves no lease behind", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice", "--session", "s1");
    box.age(".mai/locks/REQ-001.lock", 60);
    await box.ok("undo", "-o", "alice");
    expect(box.exists(".mai/locks/REQ-001.lock")).toBe(false);
  });

  test("and a claim of a stale lease leaves the issue free", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    box.age(".mai/locks/REQ-001.lock", 60);
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    expect((await box.ok("undo", "-o", "bob")).json).toMatchObject({
      status: "OPEN",
      holder: null,
      owner: "default",
    });
  });

  test("in records and decisions nothing is erased", async () => {
    await box.ok("issue", "complete", "REQ-001", "good", "--force", "-o", "admin");
    await box.ok("undo", "-o", "admin");
    expect(await recordsOf("REQ-001")).toEqual([
      "@admin: OPEN：撤销 issue complete",
      "@admin: COMPLETED：完成：good（强制）",
      "@admin: 创建",
    ]);
    expect(box.read(".mai/decisions/REQ-001.md")).toMatch(/good[\s\S]*撤销 issue complete/);
    expect(box.read(`.mai/history/${box.names(".mai/history").at(-1)}`)).toContain(
      "[ADMIN] [issue_undone] Issue REQ-001: issue complete taken back [open]",
    );
  });

  test("and tells a blocked issue's reason again", async () => {
    for (const line of BLOCKED) await box.ok(...line);
    await box.ok("issue", "unblock", "REQ-001", "-o", "alice");
    await box.ok("undo", "-o", "alice");
    expect((await recordsOf("REQ-001"))[0]).toBe("@alice: BLOCKED：no certificate (撤销 issue unblock)");
  });
});

describe("mai undo goes", () => {
  test("one step further when asked again, and from issue to issue", async () => {
    await box.ok("issue", "edit", "REQ-001", "--priority", "P0", "-o", "admin");
    await box.ok("issue", "edit", "REQ-002", "--priority", "P1", "-o", "admin");
    await box.ok("issue", "edit", "REQ-001", "--title", "Un", "-o", "admin");
    const undone = async () => (await box.ok("undo", "-o", "admin")).json.issue_id;
    expect([await undone(), await undone(), await undone()]).toEqual(["REQ-001", "REQ-002", "REQ-001"]);
    expect(await stateOf("REQ-001")).toMatchObject({ title: "One", priority: "P2" });
  });

  test("only to the issue that is named, in any spelling", async () => {
    await box.ok("issue", "edit", "REQ-001", "--priority", "P0", "-o", "admin");
    await box.ok("issue", "edit", "REQ-002", "--priority", "P0", "-o", "admin");
    expect((await box.ok("undo", "--issue", "questions/req-001", "-o", "admin")).json.issue_id).toBe(
      "REQ-001",
    );
  });

  test("nowhere in a dry run", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    const before = box.tree();
    expect((await box.ok("undo", "-o", "alice", "--dry-run")).json).toMatchObject({
      status: "OPEN",
      dry_run: true,
    });
    expect(box.tree()).toEqual(before);
  });
});

describe("mai undo refuses, and changes nothing,", () => {
  async function refused(...argv: readonly string[]) {
    const before = box.tree();
    const { json, code } = await box.json("undo", ...argv);
    expect(box.tree()).toEqual(before);
    return { ...json, code };
  }

  test("when something came after, and says what", async () => {
    await box.ok("issue", "transfer", "REQ-001", "bob", "-o", "admin");
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    const { error, message, after } = await refused("-o", "admin", "--issue", "REQ-001");
    expect([error, after]).toEqual([
      "INVALID_STATE",
      [{ seq: events().length, type: "issue.claimed", actor: "bob" }],
    ]);
    expect(message).toContain("has changed since your issue.transferred (issue.claimed by @bob)");
  });

  /** Appends events of others to the stream, with the numbers that follow, and counts on from there. */
  function others(count: number, file: string): void {
    const { seq } = JSON.parse(box.read(".mai/sequence.json"));
    const ts = new Date(box.clock.nowMs).toISOString();
    const line = (n: number) =>
      JSON.stringify({
        seq: seq + 1 + n,
        ts,
        actor: "carl",
        type: "issue.amended",
        issue: "REQ-900",
        queue: "questions",
      });
    const lines = Array.from({ length: count }, (_, n) => `${line(n)}\n`).join("");
    const path = `.mai/events/${file}.jsonl`;
    box.write(path, (box.exists(path) ? box.read(path) : "") + lines);
    const text = box.read(".mai/sequence.json");
    box.write(".mai/sequence.json", text.replace(/("seq":\s*)\d+/, `$1${seq + count}`));
  }

  test("what lies further back than the events that are looked at, however few of them a day file shows", async () => {
    await box.ok("issue", "new", "questions", "Three", "-o", "alice");
    const today = box.names(".mai/events").at(-1)?.slice(0, 10) ?? "";
    await box.ok("issue", "claim", "REQ-003", "-o", "bob");
    const tomorrow = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
    others(1001, tomorrow);
    expect((await refused("-o", "alice", "--issue", "REQ-003")).error).toBe("NOT_FOUND");
  });

  test("what another machine changed since, whose clock is days behind", async () => {
    const now = box.clock.nowMs;
    const amendOn = async (day: number, id: string) => {
      box.clock.nowMs = now + day * 86_400_000;
      await box.ok("issue", "amend", id, "seen", "-o", "bob");
      box.clock.nowMs = now;
    };
    await amendOn(-2, "REQ-002");
    await amendOn(-1, "REQ-002");
    await box.ok("issue", "edit", "REQ-001", "--priority", "P0", "-o", "admin");
    await amendOn(-5, "REQ-001");
    expect(await refused("-o", "admin", "--issue", "REQ-001")).toMatchObject({ error: "INVALID_STATE" });
    expect((await box.ok("undo", "-o", "bob")).json.undone.type).toBe("issue.amended");
  });

  test("an event that is missing from the stream, since nobody can tell what it was", async () => {
    await box.ok("issue", "edit", "REQ-001", "--priority", "P0", "-o", "admin");
    others(1, "2020-01-01");
    box.delete(".mai/events/2020-01-01.jsonl");
    expect((await refused("-o", "admin", "--issue", "REQ-001")).error).toBe("NOT_FOUND");
  });

  test("an issue with a newer record than its newest event", async () => {
    await box.ok("issue", "edit", "REQ-001", "--priority", "P0", "-o", "admin");
    const path = ".mai/queues/questions/REQ-001.md";
    const record = "- [2026-01-01T10:00:00.000+08:00] @eve: AMENDED：by hand\n";
    box.write(path, box.read(path).replace(/(## 处理记录\n\n)/, `$1${record}`));
    expect(await refused("-o", "admin")).toMatchObject({ error: "INVALID_STATE", field: "records" });
  });

  test("what others did, and where nothing is left", async () => {
    expect((await refused("-o", "alice")).error).toBe("NOT_FOUND");
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    expect((await refused("-o", "alice", "--issue", "REQ-001")).error).toBe("NOT_FOUND");
    expect((await refused()).error).toBe("OPERATOR_REQUIRED");
  });

  test("whoever may not do such things any more", async () => {
    await box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice");
    await box.ok("agent", "remove", "alice", "-o", "admin");
    expect((await refused("-o", "alice")).error).toBe("PERMISSION_DENIED");
  });

  test("somebody else's live lease", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    await box.ok("issue", "edit", "REQ-001", "--priority", "P0", "--force", "-o", "admin");
    expect((await refused("-o", "admin")).error).toBe("LOCK_HELD");
  });

  test("an issue that somebody edited by hand since", async () => {
    await box.ok("issue", "edit", "REQ-001", "--title", "Un", "-o", "admin");
    const path = ".mai/queues/questions/REQ-001.md";
    box.write(path, box.read(path).replace("[REQ-001] Un", "[REQ-001] By hand"));
    expect(await refused("-o", "admin")).toMatchObject({ error: "INVALID_STATE", field: "title" });
  });

  test("a dependency, with what to type instead", async () => {
    await box.ok("issue", "depend", "REQ-002", "--on", "REQ-001", "-o", "admin");
    expect(await refused("-o", "admin")).toMatchObject({
      error: "INVALID_STATE",
      hint: expect.stringContaining("mai issue depend"),
    });
  });

  test("a lease that would pass a limit", async () => {
    await box.ok("config", "set", "agents.alice.max_in_progress", "1", "-o", "admin");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    await box.ok("issue", "transfer", "REQ-001", "bob", "-o", "alice");
    await box.ok("issue", "claim", "REQ-002", "-o", "alice");
    expect((await refused("--issue", "REQ-001", "-o", "alice")).error).toBe("LIMIT_REACHED");
  });
});

const anyLine: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.constantFrom(
      ...[["claim"], ["amend", "seen"], ["block", "stuck"], ["block", "still"], ["unblock"]],
      ...[
        ["transfer", "bob"],
        ["transfer", "alice"],
        ["transfer", "bob", "--done", "half", "--remaining", "half"],
        ["complete", "good"],
        ["reject", "no"],
        ["reopen", "again"],
      ],
      ...[
        ["discard", "dropped"],
        ["edit", "--title", "New"],
        ["edit", "--queue", "decisions"],
        ["edit", "--ref", "REQ-002"],
      ],
      ...[
        ["check", "1"],
        ["label", "+ui"],
      ],
    ),
    fc.constantFrom("alice", "bob", "admin"),
  )
  .map(([[verb = "", ...rest], operator]) => ["issue", verb, "REQ-001", ...rest, "-o", operator]);

test("after any history, a change and its taking back leave the issue as it was", async () => {
  const start = join(box.base, "start");
  cpSync(box.cwd, start, { recursive: true });
  let undone = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 5 }), anyLine, async (history, line) => {
      for (const name of [".mai", "async"]) {
        box.delete(name);
        cpSync(join(start, name), box.path(name), { recursive: true });
      }
      for (const past of history) await box.json(...past);
      const earlier = await stateOf("REQ-001");
      const done = (await box.json(...line)).json;
      if (!done.ok || done.idempotent) return;
      const { json } = await box.json("undo", "--issue", "REQ-001", "-o", line.at(-1) ?? "");
      expect([line, json.ok, json.message]).toEqual([line, true, undefined]);
      expect([line, await stateOf("REQ-001")]).toEqual([line, earlier]);
      undone += 1;
    }),
    { numRuns: 120 },
  );
  expect(undone).toBeGreaterThan(20);
}, 120_000);
