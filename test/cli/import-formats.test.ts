import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Sandbox } from "../support/sandbox.ts";

const fixture = (name: string) => readFileSync(resolve(import.meta.dir, "../fixtures/import", name), "utf8");

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

type Made = { readonly source_id: string; readonly issue_id: string };

/** Imports a text twice. @returns the first answer, and the issues as they are then, by their ids in the file */
async function imported(format: string, text: string) {
  const args = ["import", format, "-", "--queue", "requests", "-o", "admin"] as const;
  box.stdin = text;
  const { json } = await box.json(...args);
  expect(json.ok).toBe(true);
  const before = box.tree();
  box.stdin = text;
  expect((await box.json(...args)).json).toMatchObject({ made: 0, idempotent: true, total: json.total });
  expect(box.tree()).toEqual(before);
  const ids = new Map<string, string>(json.issues.map((made: Made) => [made.source_id, made.issue_id]));
  const show = async (source: string) => {
    const found = [...ids].find(([id]) => id === source || id.endsWith(source))?.[1] ?? "";
    return (await box.ok("issue", "show", found)).json.issue;
  };
  return { json, ids, show };
}

test("taskwarrior: an export of version 2.6.2, with notes, tags, dependencies and dates", async () => {
  const text = fixture("taskwarrior.json");
  const { json, show, ids } = await imported("taskwarrior", text);
  expect(json).toMatchObject({ made: 5, left_out: 2 });
  const tasks = JSON.parse(text) as { uuid: string; description: string; status: string }[];
  const uuid = (title: string) => tasks.find((task) => task.description === title)?.uuid ?? "";
  const parser = await show(uuid("Write the parser"));
  expect(parser).toMatchObject({ status: "OPEN", priority: "P1", labels: ["api"] });
  for (const part of ["half way", "due:\n2030-01-01T00:00:00Z", "project:\nmai"])
    expect(parser.description).toContain(part);
  for (const noise of ["urgency", "modified", "uuid"]) expect(parser.description).not.toContain(noise);
  expect(await show(uuid("Ship it"))).toMatchObject({
    priority: "P2",
    blocked_by: [ids.get(uuid("Write the parser"))],
  });
  expect(await show(uuid("Old"))).toMatchObject({ status: "COMPLETED" });
});

test("taskwarrior: one task a line, and the dependencies of older versions", async () => {
  const { show, ids } = await imported(
    "taskwarrior",
    '{"uuid":"a","description":"A","status":"waiting","wait":"20310101T000000Z"},\n{"uuid":"b","description":"B","status":"pending","depends":"a"}\n',
  );
  expect(await show("a")).toMatchObject({ status: "BLOCKED" });
  expect(await show("b")).toMatchObject({ blocked_by: [ids.get("a")] });
});

test("task-master: tags, subtasks, and ids that the tool gave twice", async () => {
  const { json, show, ids } = await imported("task-master", fixture("task-master.json"));
  expect(json.made).toBe(10);
  const of = (id: string) => ids.get(`master/${id}`) ?? "";
  expect(await show("master/1")).toMatchObject({ status: "COMPLETED", priority: "P1" });
  const server = await show("master/2");
  expect(server).toMatchObject({ status: "OPEN", priority: "P0" });
  expect(server.blocked_by.toSorted()).toEqual([of("1"), of("2.1"), of("2.2"), of("2.2#2")].toSorted());
  expect(server.acceptance.map(({ text }: { text: string }) => text)).toEqual(["answers", "stops"]);
  expect(await show("master/2.1")).toMatchObject({ status: "OPEN", priority: "P0" });
  expect(await show("master/2.2")).toMatchObject({ status: "BLOCKED", blocked_by: [of("2.1")] });
  expect(await show("master/2.2#2")).toMatchObject({ status: "DISCARDED" });
  // Its part waits for another task, which might wait for the whole.
  expect((await show("master/3")).blocked_by).toEqual([of("2")]);
  expect(await show("feature/1")).toMatchObject({ title: "Other list" });
});

test("task-master: the form without tags", async () => {
  const { show } = await imported("task-master", '{"tasks":[{"id":1,"title":"One","status":"pending"}]}');
  expect(await show("master/1")).toMatchObject({ title: "One", priority: "P2" });
});

test("github: what gh prints, with labels, people, comments and how an issue was closed", async () => {
  const { show, ids } = await imported("github", fixture("github.json"));
  const crash = await show("/12");
  expect(crash).toMatchObject({
    status: "OPEN",
    priority: "P1",
    handler: "bob",
    labels: ["good-first-issue", "priority:-high"],
    blocked_by: [ids.get("https://github.com/o/r/issues/3")],
  });
  for (const part of ["It crashes", "author:\neve", "milestone:\nv2", "@eve, 2026-01-02T00:00:00Z:\nstill"])
    expect(crash.description).toContain(part);
  expect(await show("/3")).toMatchObject({ status: "COMPLETED" });
  expect(await show("/4")).toMatchObject({ status: "DISCARDED" });
});

describe("backlog", () => {
  const TASK = `---
id: BACK-7
title: 'Say: hello'
status: In Progress
assignee:
  - @bob
labels: [web, "a b"]
dependencies: [BACK-6]
priority: high
milestone: m-1
---

## Description

<!-- SECTION:DESCRIPTION:BEGIN -->
Be polite.
<!-- SECTION:DESCRIPTION:END -->

## Acceptance Criteria
<!-- AC:BEGIN -->
- [x] #1 says hello
- [ ] #2 says bye
<!-- AC:END -->

## Implementation Notes

None yet.
`;
  const OLD = "---\r\nid: BACK-6\r\ntitle: Old\r\nstatus: To Do\r\nassignee: @eve\r\n---\r\n\r\nText\r\n";

  test.each(["", "backlog", "backlog/tasks"])("is read from its directory %p", async (path) => {
    await Bun.write(box.path("backlog/tasks/back-7 - Say.md"), TASK);
    await Bun.write(box.path("backlog/tasks/readme.md"), "# No task\n");
    await Bun.write(box.path("backlog/completed/back-6 - Old.md"), OLD);
    const { json } = await box.json("import", "backlog", path || ".", "--queue", "requests", "-o", "admin");
    const hasOld = path !== "backlog/tasks";
    expect(json).toMatchObject({ made: hasOld ? 2 : 1, left_out: 1 });
    const { issue_id } = json.issues.find((made: Made) => made.source_id === "back-7");
    const { issue } = (await box.ok("issue", "show", issue_id)).json;
    expect(issue).toMatchObject({
      title: "Say: hello",
      priority: "P1",
      handler: "bob",
      labels: ["a-b", "web"],
    });
    expect(issue.acceptance).toMatchObject([
      { text: "says hello", done: true },
      { text: "says bye", done: false },
    ]);
    expect(issue.description).toStartWith("Be polite.\n\n## Implementation Notes");
    expect(issue.description).toContain("milestone:\nm-1");
    expect(issue.description).not.toMatch(/<!--|says hello/);
    expect(issue.blocked_by).toEqual(hasOld ? [expect.any(String)] : []);
  });

  test("is read from one file, and a directory without tasks is refused", async () => {
    box.stdin = OLD;
    expect((await box.json("import", "backlog", "-", "--queue", "requests", "-o", "admin")).json.made).toBe(
      1,
    );
    expect((await box.json("import", "backlog", ".", "-o", "admin")).json.error).toBe("NOT_FOUND");
  });
});

test("beads: lines that are no issues are counted, noise is left out, criteria become the check list", async () => {
  const lines = [
    { _type: "memory", key: "k", value: "v" },
    { schema_version: 3 },
    { id: "gone", title: "Gone", status: "tombstone" },
    {
      ...{ _type: "issue", id: "a", title: "A", status: "deferred", priority: 0, owner: "alice" },
      ...{ content_hash: "abc", dependency_count: 0, comment_count: 1, updated_at: "2026-01-01T00:00:00Z" },
      acceptance_criteria: "- [x] one\n- two\n",
    },
    { id: "b", title: "B", assignee: "stranger" },
  ];
  const text = `\ufeff${lines.map((line) => JSON.stringify(line)).join("\r\n")}\r\n`;
  const { json, show } = await imported("beads", text);
  expect(json).toMatchObject({ made: 2, left_out: 3 });
  const issue = await show("a");
  expect(issue).toMatchObject({ status: "BLOCKED", priority: "P0", handler: "alice" });
  expect(issue.acceptance).toMatchObject([
    { text: "one", done: true },
    { text: "two", done: false },
  ]);
  expect(issue.description).not.toMatch(/content_hash|_count|updated_at|_type/);
  expect((await show("b")).description).toContain("assignee:\nstranger");
});

describe("csv", () => {
  test.each([
    ["semicolons", "id;title;labels\r\n1;A, or B;x\r\n"],
    ["tabs", "id\ttitle\tlabels\n1\tA, or B\tx\n"],
    ["a sep= line", "sep=;\r\nid;title;labels\r\n1;A, or B;x\r\n"],
    ["a sep= line with bars", 'sep=|\n"id, or not"|title|id|labels\n|A, or B|1|x\n'],
    ["a byte order mark and a sep= line", "\ufeffsep=\t\nid\ttitle\tlabels\n1\tA, or B\tx\n"],
    ["a header in quotes", '"id";"title";"a,b,c,d";"labels"\n"1";"A, or B";"";"x"\n'],
    ["blank rows", "id;title;labels\r\n\r\n;;\r\n ; ;\r\n1;A, or B;x\r\n;;\r\n"],
    ["blank cells behind the last column", "id;title;labels\n1;A, or B;x;;;\n"],
  ])("with %s", async (_what, text) => {
    const { json, show } = await imported("csv", text);
    expect(json.made).toBe(1);
    expect(await show("1")).toMatchObject({ title: "A, or B", labels: ["x"] });
  });

  test("with words for priorities, an owner, and a check list in a cell of several lines", async () => {
    const text = 'id;title;priority;owner;acceptance\r\n1;"A ""b""";High;alice;"- [x] one\r\n- two"\r\n';
    const { show } = await imported("csv", text);
    expect(await show("1")).toMatchObject({ title: 'A "b"', priority: "P1", handler: "alice" });
    expect((await show("1")).acceptance).toMatchObject([{ done: true }, { text: "two", done: false }]);
  });
});

test("more than a thousand issues go in parts, each behind what it waits for, and a fault of the file in none", async () => {
  const line = (n: number) => `${n},T${n},${n === 1 ? "" : n - 1}`;
  const rows = Array.from({ length: 1100 }, (_, index) => line(1100 - index));
  const text = `id,title,blocked_by\n${rows.join("\n")}\n`;
  const before = box.tree();
  box.stdin = `${text}1101,${"\u0007"},\n`;
  const refused = await box.json("import", "csv", "-", "--queue", "requests", "-o", "admin");
  expect(refused.json).toMatchObject({ ok: false, line: 1102 });
  expect(box.tree()).toEqual(before);
  const { json, ids, show } = await imported("csv", text);
  expect(json).toMatchObject({ made: 1100, remaining: 0 });
  expect((await show("1001")).blocked_by).toEqual([ids.get("1000")]);
}, 60_000);

test.each([
  ["taskwarrior", "[1]"],
  ["taskwarrior", "no json"],
  ["taskwarrior", '[{"description":"no uuid"}]'],
  ["task-master", "[]"],
  ["task-master", '{"master":{}}'],
  ["github", '[{"title":"no number"}]'],
  ["github", '[{"number":1,"title":"x","labels":7}]'],
  ["backlog", "---\nid: [\n---\n"],
])("%s: %p is refused, and nothing is imported", async (format, text) => {
  const before = box.tree();
  box.stdin = text;
  const { json } = await box.json("import", format, "-", "--queue", "requests", "-o", "admin");
  expect(json).toMatchObject({ error: "INVALID_TEXT" });
  expect(box.tree()).toEqual(before);
});
