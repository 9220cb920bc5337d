import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync } from "node:fs";
import { READING } from "../support/every-command.ts";
import { Sandbox } from "../support/sandbox.ts";
import { changedPaths, wholeTree } from "../support/whole-tree.ts";

/** Issues of each project that a root may work on, by the name that is unique. */
const PROJECTS = {
  "python-1.10": "REQ-9F8E7D",
  "python-1.7": "REQ-AA00BB",
  "python-1.5": "programmer-questions/REQ-001",
} as const;

/** Lines as the Python tool's patterns want them: labels, words and colons of layout.md. */
const FIELD = /^\*\*(发起方|处理方|优先级|创建时间|状态|SLA 截止|队列|关联 Issue|fence)：\*\*( .*)?$/;
const STATE = /^\*\*状态：\*\* (\S+ )?(OPEN|IN_PROGRESS|BLOCKED|COMPLETED|DISCARDED)$/m;
const RECORD =
  /^- \[\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d\] @\S+: (创建|IN_PROGRESS|OPEN|BLOCKED|COMPLETED|DISCARDED|AMENDED|ESCALATED)(：.*)?$/;

let box: Sandbox;

beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

describe.each(Object.entries(PROJECTS))("a project of %s", (version, id) => {
  beforeEach(async () => {
    cpSync(`test/fixtures/${version}/.mai`, box.path(".mai"), { recursive: true });
    await box.ok("setup", "--root", "admin");
  });
  /** Version 1.5 knew no queue for escalations. */
  const withEscalations = () =>
    version === "python-1.5"
      ? box.ok("queue", "create", "decisions", "--owner", "admin", "-o", "admin")
      : null;

  test("is read by every command that reads, without a byte changed", async () => {
    for (const argv of Object.values(READING)) {
      // Where nothing can be claimed it would wait for ever: this clock stands still.
      if (argv === null || argv[0] === "wait") continue;
      const before = wholeTree(box.cwd);
      const run = await box.run(...argv.map((word) => (word === "REQ-001" ? id : word)));
      // Wrong here are a command that was replaced, and a bare id that two queues have.
      expect([argv, [0, 1, 64].includes(run.code)]).toEqual([argv, true]);
      expect([
        argv,
        changedPaths(before, wholeTree(box.cwd)).filter((path) => !path.includes("cache")),
      ]).toEqual([argv, []]);
    }
  });

  test("is not touched by a dry run: not even the mutex is made", async () => {
    const before = wholeTree(box.base);
    expect((await box.run("--dry-run", "issue", "amend", id, "seen", "-o", "admin")).code).toBe(0);
    expect((await box.run("--dry-run", "agent", "add", "carol", "-o", "admin")).code).toBe(0);
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
  });

  test("goes through leases, logs, settings and removals, and no other issue changes", async () => {
    const others = () =>
      [...wholeTree(box.path(".mai/queues"))].filter(([path]) => !path.includes(id.split("/").at(-1) ?? ""));
    const before = others();
    await box.ok("agent", "add", "zoe", "-o", "admin");
    if ((await box.ok("issue", "show", id)).json.issue.status === "BLOCKED")
      await box.ok("issue", "unblock", id, "-o", "admin");
    const lines = [
      ["issue", "claim", id, "-o", "zoe"],
      ["lock", "check", id],
      ["lock", "renew", "-o", "zoe"],
      ["lock", "release", id, "-o", "zoe"],
      // Whoever gives work back gets it again when somebody else has touched it.
      ["issue", "amend", id, "go on", "-o", "admin"],
      ["lock", "guardian", "-o", "admin"],
      ["next", "-o", "zoe", "--any"],
      ["log", "write", "zoe", "note", "seen"],
      ["log", "undo", "-o", "zoe"],
      ["queue", "create", "spare", "--owner", "zoe", "-o", "admin"],
      ["queue", "set", "spare", "--sla", "2", "-o", "admin"],
      ["queue", "remove", "spare", "-o", "admin"],
      ["config", "set", "durability", "process", "-o", "admin"],
      ["agent", "add", "gone", "-o", "admin"],
      ["agent", "remove", "gone", "-o", "admin"],
    ];
    for (const argv of lines) {
      const run = await box.json(...argv);
      expect([argv, run.json.error ?? null]).toEqual([argv, null]);
    }
    const { code } = await box.json("next", "-o", "zoe");
    expect(code).toBe(0);
    expect(
      others()
        .filter(([path, text]) => before.find(([old]) => old === path)?.[1] !== text)
        .map(([path]) => path),
    ).toEqual([]);
  });

  test("goes through every operation, and only its own issue and the books change", async () => {
    await withEscalations();
    const before = wholeTree(box.cwd);
    for (const argv of operations(id)) {
      const run = await box.json(...argv, "-o", "admin");
      expect([argv, run.code, run.json.error ?? null]).toEqual([argv, 0, null]);
    }
    const bare = id.split("/").at(-1) ?? "";
    const old = changedPaths(before, wholeTree(box.cwd)).filter((path) =>
      before.get(path)?.startsWith("100"),
    );
    const books = /\/(?:history|events)\/|\/sequence\.json$|\/mutex$/;
    const others = old.filter((path) => !path.endsWith(`/${bare}.md`) && !books.test(path));
    expect(others).toEqual([]);
  });

  test("holds what the Python tool reads, after every operation", async () => {
    await withEscalations();
    for (const argv of operations(id)) await box.ok(...argv, "-o", "admin");
    const { issue } = (await box.ok("issue", "show", id)).json;
    const text = box.read(`.mai/queues/${issue.queue}/${issue.id}.md`);
    const header = text.slice(0, text.indexOf("\n---\n")).split("\n");
    expect(header[0]).toMatch(/^# \[[A-Z0-9]+-[A-Z0-9]+\] .+$/);
    expect(header.filter((line) => line.startsWith("**") && !FIELD.test(line))).toEqual([]);
    expect(text).toMatch(STATE);
    const ours = text.split("\n").filter((line) => line.startsWith("- [20") && line.includes("@admin"));
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.filter((line) => !RECORD.test(line))).toEqual([]);
    expect(text).not.toInclude("\r");
    expect(box.read(`async/${issue.queue}/${issue.id}.md`)).toBe(text);
  });

  test("takes new agents, queues, settings and summaries, and keeps its unknown settings", async () => {
    const before = JSON.parse(box.read(".mai/config.json"));
    for (const argv of [
      ["agent", "add", "carol"],
      ["queue", "create", "fresh", "--owner", "carol"],
      ["config", "set", "language", "zh"],
      ["log", "write", "carol", "note", "seen"],
      ["daily-summary", "trigger"],
      ["daily-summary", "write", "carol", "much"],
    ]) {
      const run = await box.json(...argv, "-o", "admin");
      expect([argv, run.code, run.json.error ?? null]).toEqual([argv, 0, null]);
    }
    const after = JSON.parse(box.read(".mai/config.json"));
    for (const key of Object.keys(before)) {
      if (["agents", "queues", "language"].includes(key)) expect(after[key]).toMatchObject(before[key]);
      else expect([key, after[key]]).toEqual([key, before[key]]);
    }
  });
});

test("a bare id that two queues of version 1.5 gave out is refused by every write, and nothing changes", async () => {
  cpSync("test/fixtures/python-1.5/.mai", box.path(".mai"), { recursive: true });
  await box.ok("setup", "--root", "admin");
  const tree = box.tree();
  for (const argv of operations("REQ-001")) {
    const run = await box.json(...argv, "-o", "admin");
    expect([argv, run.code, run.json.error]).toEqual([argv, 1, "AMBIGUOUS_ID"]);
  }
  expect(box.tree()).toEqual(tree);
});

/** Every operation on one issue, in an order in which each does something. */
function operations(id: string): readonly (readonly string[])[] {
  return [
    ["issue", "amend", id, "seen"],
    ["issue", "edit", id, "--priority", "P0"],
    ["issue", "unblock", id],
    ["issue", "claim", id],
    ["issue", "block", id, "stuck"],
    ["issue", "unblock", id],
    ["issue", "reject", id, "not yet"],
    ["issue", "escalate", id],
    ["issue", "claim", id],
    ["issue", "transfer", id, "admin", "yours"],
    ["issue", "complete", id, "done"],
    ["issue", "reopen", id, "broken"],
    ["issue", "confirm", id],
    ["issue", "discard", id, "not needed"],
  ];
}
