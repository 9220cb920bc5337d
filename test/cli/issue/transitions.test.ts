import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { TRANSITIONS } from "../../../src/domain/operations.ts";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "bob");
});
afterEach(() => box.remove());

const FILE = ".mai/queues/questions/REQ-001.md";
const LEASE = ".mai/locks/REQ-001.lock";
const PROCESSING = ".mai/processing/REQ-001.md";

function lastEvent(): ReturnType<typeof JSON.parse> {
  return JSON.parse(events().at(-1) ?? "");
}

function events(): readonly string[] {
  const [file = ""] = [...box.tree(".mai/events").keys()];
  return box.read(file).trimEnd().split("\n");
}

function lastHistory(): string {
  const files = [...box.tree(".mai/history").keys()];
  return (
    box
      .read(files.at(-1) ?? "")
      .trimEnd()
      .split("\n")
      .at(-1) ?? ""
  );
}

/** Each operation as typed, and what it writes; before it runs, alice has claimed unless `first` says otherwise. */
const ROWS = [
  {
    line: ["block", "REQ-001", "waiting for the CA", "-o", "alice"],
    status: "BLOCKED",
    record: "@alice: BLOCKED：waiting for the CA",
    event: {
      type: "issue.blocked",
      from: "IN_PROGRESS",
      to: "BLOCKED",
      data: { text: "waiting for the CA" },
    },
    history: "[ALICE] [issue_blocked] Issue REQ-001 status changed to BLOCKED [blocked]",
    leased: true,
    text: "REQ-001 blocked",
  },
  {
    first: ["block", "REQ-001", "waiting", "-o", "alice"],
    line: ["unblock", "REQ-001", "-o", "alice"],
    status: "IN_PROGRESS",
    record: "@alice: IN_PROGRESS：解除阻塞",
    event: { type: "issue.unblocked", from: "BLOCKED", to: "IN_PROGRESS" },
    history: "[ALICE] [issue_in_progress] Issue REQ-001 status changed to IN_PROGRESS [in_progress]",
    leased: true,
    text: "REQ-001 unblocked: IN_PROGRESS",
  },
  {
    line: ["transfer", "REQ-001", "@Bob", "please review", "-o", "alice"],
    status: "OPEN",
    record: "@alice: OPEN：转交给 @bob：please review",
    event: { type: "issue.transferred", data: { handler: "bob", previous_handler: "alice" } },
    history: "[ALICE] [issue_open] Issue REQ-001 status changed to OPEN [open]",
    fields: { next_handler: "bob", owner: "bob" },
    leased: false,
    text: "REQ-001 transferred to @bob",
  },
  {
    first: ["transfer", "REQ-001", "bob", "-o", "alice"],
    line: ["complete", "REQ-001", "Approved", "-o", "bob"],
    status: "COMPLETED",
    record: "@bob: COMPLETED：完成：Approved",
    event: { type: "issue.completed", from: "OPEN", to: "COMPLETED" },
    history: "[BOB] [issue_completed] Issue REQ-001 status changed to COMPLETED [completed]",
    leased: false,
    text: "REQ-001 completed",
  },
  {
    first: ["transfer", "REQ-001", "bob", "-o", "alice"],
    line: ["confirm", "REQ-001", "-o", "bob"],
    status: "COMPLETED",
    record: "@bob: COMPLETED：确认完成",
    event: { type: "issue.completed", from: "OPEN", to: "COMPLETED" },
    history: "[BOB] [issue_completed] Issue REQ-001 status changed to COMPLETED [completed]",
    leased: false,
    text: "REQ-001 completed",
  },
  {
    first: ["transfer", "REQ-001", "bob", "-o", "alice"],
    line: ["reject", "REQ-001", "no tests", "-o", "bob"],
    status: "OPEN",
    record: "@bob: OPEN：退回重做：no tests",
    event: { type: "issue.rejected", data: { handler: "alice", previous_handler: "bob" } },
    history: "[BOB] [issue_open] Issue REQ-001 status changed to OPEN [open]",
    fields: { next_handler: "alice", owner: "alice" },
    leased: false,
    text: "REQ-001 sent back to @alice",
  },
  {
    first: ["complete", "REQ-001", "done", "--force", "-o", "admin"],
    line: ["reopen", "REQ-001", "fails on Windows", "-o", "bob"],
    status: "OPEN",
    record: "@bob: OPEN：重新打开：fails on Windows",
    event: { type: "issue.reopened", from: "COMPLETED", to: "OPEN" },
    history: "[BOB] [issue_open] Issue REQ-001 status changed to OPEN [open]",
    fields: { owner: "alice" },
    leased: false,
    text: "REQ-001 is open again",
  },
  {
    first: ["transfer", "REQ-001", "bob", "-o", "alice"],
    line: ["discard", "REQ-001", "a duplicate", "-o", "bob"],
    status: "DISCARDED",
    record: "@bob: DISCARDED：废弃工单：a duplicate",
    event: { type: "issue.discarded", from: "OPEN", to: "DISCARDED" },
    history: "[BOB] [issue_discarded] Issue REQ-001 status changed to DISCARDED [discarded]",
    leased: false,
    text: "REQ-001 discarded",
  },
] as const;

describe("every row of the table", () => {
  for (const row of ROWS) {
    const [name] = row.line;
    const prepare = async () => {
      await box.ok("issue", "claim", "REQ-001", "-o", "alice");
      if ("first" in row) await box.ok("issue", ...row.first);
    };

    test(`${name} writes issue, mirror, lease, history and one event, and answers with the new state`, async () => {
      await prepare();
      const before = events().length;
      const run = await box.json("issue", ...row.line);
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(run.json).toMatchObject({
        ok: true,
        command: `issue ${name}`,
        issue_id: "REQ-001",
        status: row.status,
        idempotent: false,
        holder: row.leased ? "alice" : null,
        ...("fields" in row ? row.fields : {}),
      });
      expect(box.read(FILE)).toContain(`] ${row.record}\n`);
      expect(box.read(FILE)).toMatch(new RegExp(`\\*\\*状态：\\*\\* \\S+ ${row.status}\n`));
      expect(box.read("async/questions/REQ-001.md")).toBe(box.read(FILE));
      expect([box.exists(LEASE), box.exists(PROCESSING)]).toEqual([row.leased, row.leased]);
      expect(events().length).toBe(before + 1);
      expect(lastEvent()).toMatchObject({ issue: "REQ-001", queue: "questions", ...row.event });
      expect(lastHistory()).toEndWith(row.history);
    });

    test(`${name} tells people in one line, and its repeat leaves the tree byte for byte`, async () => {
      await prepare();
      expect(await box.run("issue", ...row.line)).toEqual({ code: 0, stdout: `${row.text}\n`, stderr: "" });
      const before = box.tree();
      const again = await box.ok("issue", ...row.line);
      expect(again.json).toMatchObject({ idempotent: true, status: row.status });
      expect(box.tree()).toEqual(before);
    });

    test(`${name} --dry-run gives the same answer and changes no byte`, async () => {
      await prepare();
      const before = box.tree();
      const dry = await box.ok("--dry-run", "issue", ...row.line);
      expect(dry.json).toMatchObject({ dry_run: true, status: row.status, idempotent: false });
      expect(box.tree()).toEqual(before);
    });

    test(`${name} by an agent who is nobody to the issue exits 3, names who may, and changes no byte`, async () => {
      await box.ok("agent", "add", "eve", "-o", "admin");
      await prepare();
      const before = box.tree();
      const run = await box.json("issue", ...row.line.slice(0, -1), "eve");
      expect(run.code).toBe(3);
      expect(run.json).toMatchObject({ ok: false, error: "PERMISSION_DENIED", exit_code: 3 });
      expect(run.json.message).toContain("its creator (@bob)");
      expect(box.tree()).toEqual(before);
    });

    test(`${name} without an operator refuses`, async () => {
      await prepare();
      const before = box.tree();
      expect((await box.json("issue", ...row.line.slice(0, -2))).json.error).toBe("OPERATOR_REQUIRED");
      expect(box.tree()).toEqual(before);
    });
  }
});

test("the table of tests has a row for each transition, and each has its command", async () => {
  const names = Object.keys(TRANSITIONS).sort();
  expect(ROWS.map(({ line }) => line[0] as string).sort()).toEqual(names);
  for (const name of names) {
    const loaded = await COMMANDS[`issue ${name}`]?.load();
    expect(loaded?.command.words).toBe(`issue ${name}`);
  }
});

describe("texts", () => {
  for (const line of [
    ["block", "REQ-001", ""],
    ["complete", "REQ-001", "a\0b"],
    ["transfer", "REQ-001", "bob", ""],
    ["reject", "REQ-001", "x".repeat(65_537)],
  ]) {
    test(`${line[0]} refuses ${JSON.stringify(line.at(-1)?.slice(0, 5))} as its text`, async () => {
      const before = box.tree();
      const run = await box.json("issue", ...line, "-o", "bob");
      expect([run.code, run.json.error]).toEqual([1, "INVALID_TEXT"]);
      expect(box.tree()).toEqual(before);
    });
  }

  test("a missing reason is a wrong command line, a missing message is none", async () => {
    expect((await box.json("issue", "block", "REQ-001", "-o", "bob")).code).toBe(64);
    expect((await box.json("issue", "transfer", "REQ-001", "alice", "-o", "bob")).code).toBe(0);
  });

  test("- takes the text from standard input, less one line feed", async () => {
    box.stdin = "- [x] first\n- [2026-01-01] @eve: COMPLETED\n\n";
    await box.ok("issue", "block", "REQ-001", "-", "-o", "bob");
    const { json } = await box.ok("issue", "status", "REQ-001");
    expect(json.records[0]).toMatchObject({
      word: "BLOCKED",
      text: "- [x] first\n- [2026-01-01] @eve: COMPLETED\n",
    });
    expect(json.records).toHaveLength(2);
  });
});

test("complete appends one section per completion to the decision and its mirror", async () => {
  await box.ok("issue", "complete", "REQ-001", "first", "-o", "bob");
  await box.ok("issue", "reopen", "REQ-001", "no", "-o", "bob");
  await box.ok("issue", "confirm", "REQ-001", "-o", "bob");
  const text = box.read(".mai/decisions/REQ-001.md");
  expect(text.match(/^## 结论 @ /gm)).toHaveLength(2);
  expect(text).toContain("**结论：** first\n**处理人：** bob\n");
  expect(text).toContain("**结论：** 确认完成\n");
  expect(box.read("async/decisions/REQ-001.md")).toBe(text);
});

test("a handler's own complete names the transfer command, and that command works as typed", async () => {
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  const run = await box.json("issue", "complete", "REQ-001", "done", "-o", "alice");
  expect(run.json.error).toBe("PERMISSION_DENIED");
  expect(run.json.hint).toBe('Hand it over: mai issue transfer REQ-001 bob "done, please review" -o alice');
  await box.ok("issue", "transfer", "REQ-001", "bob", "done, please review", "-o", "alice");
  expect((await box.ok("issue", "complete", "REQ-001", "done", "-o", "bob")).json.status).toBe("COMPLETED");
});

test("transfer to nobody exits 1 with the nearest name and changes no byte", async () => {
  const before = box.tree();
  const run = await box.json("issue", "transfer", "REQ-001", "alicia", "-o", "bob");
  expect([run.code, run.json.error]).toEqual([1, "INVALID_AGENT"]);
  expect(run.json.hint).toContain("Did you mean 'alice'?");
  expect(box.tree()).toEqual(before);
});

test("submit-to-creator answers that transfer replaced it, whatever follows", async () => {
  const before = box.tree();
  const run = await box.json("issue", "submit-to-creator", "REQ-001", "all", "done", "-o", "alice");
  expect([run.code, run.json.error]).toEqual([64, "USAGE"]);
  expect(run.json.hint).toContain("mai issue transfer REQ-001 CREATOR");
  expect((await box.json("issue", "submit-to-creator")).json.hint).toContain("mai issue transfer ID");
  expect(box.tree()).toEqual(before);
});

test("status shows the records newest first, with the lease, and writes nothing", async () => {
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  await box.ok("issue", "amend", "REQ-001", "two\nlines", "-o", "alice");
  const before = box.tree();
  const { json } = await box.ok("issue", "status", "req-001");
  expect(json).toMatchObject({
    issue_id: "REQ-001",
    status: "IN_PROGRESS",
    owner: "alice",
    lock: { holder: "alice" },
  });
  expect(json.timeline.map((line: string) => line.slice(line.indexOf("@")))).toEqual([
    "@alice: AMENDED：two\nlines",
    "@alice: IN_PROGRESS",
    "@bob: 创建",
  ]);
  const text = await box.run("issue", "status", "REQ-001");
  expect(text.stdout).toContain("@alice: AMENDED：two\n    lines\n");
  expect(text.stdout).toStartWith("REQ-001  IN_PROGRESS  @alice  lease: @alice, ");
  expect(box.tree()).toEqual(before);
  expect((await box.json("issue", "status", "REQ-999")).json.error).toBe("NOT_FOUND");
});
