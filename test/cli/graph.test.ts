import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { graphOf } from "../../src/domain/issue-graph.ts";
import type { Blocker } from "../../src/domain/surroundings.ts";
import { graphMermaid } from "../../src/output/graph-text.ts";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (const [title, ...on] of [
    ["Design"],
    ["Build", "REQ-001"],
    ["Docs", "REQ-001"],
    ["Release", "REQ-002,REQ-003"],
    ["Alone"],
  ]) {
    const blockers = on.flatMap((ids) => ["--blocked-by", ids]);
    await box.ok("issue", "new", "questions", title ?? "", "-o", "admin", ...blockers);
  }
});
afterEach(() => box.remove());

const edit = (number: number, line: string) => {
  const path = `.mai/queues/questions/REQ-00${number}.md`;
  box.write(path, box.read(path).replace("**队列", `${line}\n**队列`));
};

describe("mai graph", () => {
  test("draws below each issue what waits for it, once whole, and leaves out what has to do with none", async () => {
    await box.ok("issue", "complete", "REQ-001", "done", "-o", "admin");
    await box.ok("issue", "claim", "REQ-002", "-o", "alice");
    expect((await box.run("graph")).stdout).toBe(
      [
        "REQ-001        COMPLETED    unassigned  Design",
        "├─ REQ-002     IN_PROGRESS  @alice      Build",
        "│  └─ REQ-004  OPEN, waits  unassigned  Release",
        "└─ REQ-003     OPEN         unassigned  Docs",
        "   └─ REQ-004  OPEN, waits  unassigned  Release",
        "",
      ].join("\n"),
    );
    const { json } = await box.ok("graph");
    expect(json.nodes[3]).toEqual({
      ...{ id: "REQ-004", title: "Release", status: "OPEN", owner: "default", waits: true },
    });
    expect(json.edges).toEqual([
      { from: "REQ-001", to: "REQ-002" },
      { from: "REQ-001", to: "REQ-003" },
      { from: "REQ-002", to: "REQ-004" },
      { from: "REQ-003", to: "REQ-004" },
    ]);
    expect(json.cycles).toEqual([]);
  });

  test("with an ID keeps to what it waits for and what waits for it; alone it stands alone", async () => {
    const { json } = await box.ok("graph", "req-002");
    expect(json.nodes.map(({ id }: { id: string }) => id)).toEqual(["REQ-001", "REQ-002", "REQ-004"]);
    expect((await box.run("graph", "REQ-005")).stdout).toBe("REQ-005  OPEN  unassigned  Alone\n");
    expect((await box.json("graph", "REQ-009")).json.error).toBe("NOT_FOUND");
  });

  test("draws a ring made by hand once, and says so; what is not there stands as that", async () => {
    edit(1, "**依赖：** REQ-004");
    edit(5, "**依赖：** REQ-777, the end");
    const { stdout } = await box.run("graph");
    expect(stdout).toContain("(see above)");
    expect(stdout).toContain("These wait for each other: REQ-001, REQ-004, REQ-003, REQ-001\n");
    expect(stdout).toContain("REQ-777           MISSING\n");
    expect((await box.ok("graph")).json.cycles).toEqual([
      ["REQ-001", "REQ-004", "REQ-003", "REQ-001"],
      ["REQ-002", "REQ-001", "REQ-004", "REQ-002"],
    ]);
  });

  test("says so where nothing waits", async () => {
    for (const id of ["REQ-001", "REQ-002", "REQ-003", "REQ-004"])
      await box.ok("issue", "discard", id, "no", "-o", "admin");
    expect((await box.run("graph")).stdout).toBe("No unfinished issue waits for another.\n");
  });

  test("writes Mermaid in which no title and no id can be anything but text", async () => {
    const hostile = 'a "quoted" ]:::x %%{init: {}}%% `md` <b> & #35; \\n ```';
    await box.ok("issue", "edit", "REQ-002", "--title", hostile, "-o", "admin");
    const { stdout } = await box.run("graph", "REQ-002", "--mermaid");
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("flowchart TD");
    expect(lines[1]).toBe('  REQ_001["REQ-001: Design"]:::ready');
    expect(lines[2]).toBe(
      '  REQ_002["REQ-002: a #34;quoted#34; ]:::x #37;#37;{init: {}}#37;#37; #96;md#96; #60;b#62; #38; #35;35; #92;n #96;#96;#96;"]:::waiting',
    );
    expect(lines).toContain("  REQ_001 --> REQ_002");
    const odd: Blocker = { id: "X-1", status: "OPEN", handler: null, title: "t", blockedBy: ["end", 'a"]'] };
    const missing = (id: string): Blocker => ({
      id,
      status: "MISSING",
      handler: null,
      title: null,
      blockedBy: [],
    });
    const drawn = graphMermaid(graphOf([odd], missing));
    for (const line of drawn.split("\n").slice(1, -5))
      expect(line).toMatch(/^ {2}(?:\w+\["[^"]*"\]:::\w+|\w+ --> \w+)$/);
    expect(drawn).not.toMatch(/^ {2}end\b/m);
  });
});

describe("what waits is told", () => {
  const ids = async (...argv: readonly string[]) =>
    (await box.ok(...argv)).json.issues.map(({ id }: { id: string }) => id);

  test("by issue list --ready and --blocked, with the other filters", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    await box.ok("issue", "new", "reviews", "Other", "-o", "admin");
    expect(await ids("issue", "list", "--ready")).toEqual(["REQ-005", "REQ-006"]);
    expect(await ids("issue", "list", "questions", "--ready")).toEqual(["REQ-005"]);
    expect(await ids("issue", "list", "--ready", "--search", "other")).toEqual(["REQ-006"]);
    await box.ok("issue", "block", "REQ-005", "stuck", "-o", "admin");
    expect(await ids("issue", "list", "--blocked")).toEqual(["REQ-002", "REQ-003", "REQ-004", "REQ-005"]);
    const limited = (await box.ok("issue", "list", "--blocked", "--limit", "1")).json;
    expect(limited).toMatchObject({
      shown: 1,
      total: 4,
      issues: [{ id: "REQ-002", waits_for: ["REQ-001"] }],
    });
    await box.ok("queue", "set", "reviews", "--max-in-progress", "0", "-o", "admin");
    expect(await ids("issue", "list", "--ready")).toEqual([]);
    expect((await box.json("issue", "list", "--ready", "--blocked")).json.error).toBe("USAGE");
  });

  test("by list, check, show, status, prime and the report on a stuck issue", async () => {
    await box.ok("issue", "complete", "REQ-002", "done", "-o", "admin");
    const line = "REQ-004  P2  OPEN  unassigned  Release  waits for REQ-003";
    expect((await box.run("issue", "list")).stdout).toContain(line);
    expect((await box.run("queue", "check")).stdout).toContain("Release  waits for REQ-003");
    expect((await box.ok("issue", "show", "REQ-004")).json.issue).toMatchObject({
      blocked_by: ["REQ-002", "REQ-003"],
      waits_for: ["REQ-003"],
      blocks: [],
    });
    expect((await box.ok("issue", "show", "REQ-001")).json.issue.blocks).toEqual(["REQ-003"]);
    const { stdout } = await box.run("issue", "show", "REQ-004");
    expect(stdout).toMatch(/blocked by +REQ-002 \(finished\), REQ-003\n/);
    expect((await box.ok("status")).json.waiting).toBe(2);
    expect((await box.run("status")).stdout).toContain("waiting for others: 2");
    expect((await box.ok("prime", "-o", "alice")).json.counts.waiting).toBe(2);
    expect((await box.run("prime", "-o", "alice")).stdout).toContain(", 2 waiting for others;");
    expect((await box.run("escalation", "gen", "REQ-004")).stdout).toContain(
      "- Waits for REQ-003: mai graph REQ-003",
    );
    await box.ok("issue", "block", "REQ-003", "stuck", "-o", "admin");
    expect((await box.ok("queue", "blockers")).json.issues[0]).toMatchObject({
      id: "REQ-003",
      blocks: ["REQ-004"],
    });
    expect((await box.run("queue", "blockers")).stdout).toContain("    waiting for it: REQ-004");
  });
});
