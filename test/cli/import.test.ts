import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Sandbox } from "../support/sandbox.ts";

const fixture = (name: string) => readFileSync(resolve(import.meta.dir, "../fixtures/import", name), "utf8");

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

async function importText(format: string, text: string) {
  box.stdin = text;
  return box.json("import", format, "-", "--queue", "requests", "-o", "admin");
}
const show = async (id: string) => (await box.ok("issue", "show", id)).json.issue;

test("beads come in the order of their dependencies, with states, handlers, labels, and all the rest in the body", async () => {
  const { json } = await importText("beads", fixture("beads.jsonl"));
  expect(json).toMatchObject({ ok: true, made: 4, total: 4, idempotent: false });
  const ids = new Map(
    json.issues.map((entry: { source_id: string; issue_id: string }) => [entry.source_id, entry.issue_id]),
  );
  const id = (source: string) => String(ids.get(source));
  expect(ids.has("bd-5")).toBe(false);
  const done = await show(id("bd-1"));
  expect(done).toMatchObject({ status: "COMPLETED", priority: "P0", handler: "alice", queue: "requests" });
  for (const part of [
    "Postgres 16",
    "design:\nOne schema",
    "acceptance_criteria:\n- [ ] migrations",
    "created_at:\n2025-10-14T10:00:00Z",
  ])
    expect(done.description).toContain(part);
  expect(box.read(`.mai/decisions/${id("bd-1")}.md`)).toContain("Done in #12");
  const client = await show(id("bd-2"));
  expect(client).toMatchObject({
    status: "OPEN",
    handler: "bob",
    labels: ["api", "client"],
    blocked_by: [id("bd-1")],
  });
  expect(client.description).toStartWith("# Heading\n**发起方：** @mallory\n\nstatus:\nin_progress");
  expect(client.description).toContain('"text":"half way"');
  expect(client.creator).toBe("admin");
  const ship = await show(id("bd-3"));
  expect(ship).toMatchObject({ priority: "P2", blocked_by: [id("bd-2")] });
  expect(ship.description).toContain("discovered-from");
  expect(ship.description).toContain("blocked_by:\nbd-99");
  expect(await show(id("bd-4"))).toMatchObject({ status: "BLOCKED", handler: "default" });
  expect(
    (await box.json("doctor")).json.findings.filter(
      (entry: { severity: string }) => entry.severity !== "note",
    ),
  ).toEqual([]);
});

test("a CSV file with quotes, line breaks, a byte order mark and rows without ids", async () => {
  const { json } = await importText("csv", fixture("plan.csv"));
  expect(json.issues.map((entry: { line: number }) => entry.line).toSorted()).toEqual([2, 4, 5, 6]);
  const quoted = json.issues.find((entry: { source_id: string }) => entry.source_id === "7");
  const first = json.issues.find((entry: { source_id: string }) => entry.source_id === "8");
  expect(await show(quoted.issue_id)).toMatchObject({
    title: 'Say "hello", twice',
    priority: "P1",
    handler: "alice",
    labels: ["api", "ui"],
    blocked_by: [first.issue_id],
    description: "two\nlines\n\nSprint:\n12",
  });
});

test.each([
  ["beads", "beads.jsonl"],
  ["csv", "plan.csv"],
] as const)("%s: again it makes nothing, and more only what is new", async (format, name) => {
  const first = await importText(format, fixture(name));
  const before = box.tree();
  const again = await importText(format, fixture(name));
  expect(again.json).toMatchObject({ made: 0, idempotent: true });
  expect(again.json.issues.map((entry: { issue_id: string }) => entry.issue_id)).toEqual(
    first.json.issues.map((entry: { issue_id: string }) => entry.issue_id),
  );
  expect(box.tree()).toEqual(before);
  const more = format === "csv" ? "9,New,questions,,,,,,,\r\n" : '{"id":"bd-9","title":"New"}\n';
  expect((await importText(format, fixture(name) + more)).json.made).toBe(1);
});

const BEAD = '{"id":"a","title":"A"}';
test.each([
  ["beads", `${BEAD}\nnot json\n`, "INVALID_TEXT", 2],
  ["beads", `${BEAD}\n[1]\n`, "INVALID_TEXT", 2],
  ["beads", `${BEAD}\n${BEAD}\n`, "INVALID_TEXT", 2],
  ["beads", `${BEAD}\n{"title":"no id"}\n`, "INVALID_TEXT", 2],
  ["beads", `${BEAD}\n{"id":"b","title":5}\n`, "INVALID_TEXT", 2],
  ["beads", `${BEAD}\n{"id":"b","title":""}\n`, "INVALID_TITLE", 2],
  ["beads", `${BEAD}\n{"id":"b","title":"B","priority":9}\n`, "INVALID_TEXT", 2],
  ["beads", `${BEAD}\n{"id":"b","title":"B","description":"\\u0000"}\n`, "INVALID_TEXT", 2],
  ["beads", `${BEAD}\n{"id":"b","title":"B","description":"${"x".repeat(70_000)}"}\n`, "INVALID_TEXT", 2],
  ["beads", `${BEAD}\n{"id":"b","title":"B","labels":["no label!"]}\n`, "INVALID_NAME", 2],
  ["csv", "name\nx\n", "INVALID_TEXT", 1],
  ["csv", 'title\n"open\n', "INVALID_TEXT", 2],
  ["csv", 'title\n"a"b\n', "INVALID_TEXT", 2],
  ["csv", "title\na,b\n", "INVALID_TEXT", 2],
  ["csv", "title,queue\na,nowhere\n", "INVALID_QUEUE", 2],
] as const)("%s: %p is %s in line %i, and nothing is imported", async (format, text, error, line) => {
  const before = box.tree();
  const { json } = await importText(format, text);
  expect(json).toMatchObject({ error, line });
  expect(box.tree()).toEqual(before);
});

test("a cycle is named, and control characters in a title are dropped", async () => {
  const { json } = await importText("csv", "id,title,blocked_by\na,A,b\nb,B,a\n");
  expect(json).toMatchObject({ error: "CYCLE", message: expect.stringContaining("a (line 2), b (line 3)") });
  const made = (await importText("beads", '{"id":"x","title":"evil\\u202e\\u001b[31m"}')).json.issues[0]
    .issue_id;
  expect((await show(made)).title).toBe("evil[31m");
});

test("a file that is no UTF-8, and an unknown format are refused", async () => {
  await Bun.write(box.path("bad.csv"), Uint8Array.of(0x74, 0xff));
  expect((await box.json("import", "csv", "bad.csv", "-o", "admin")).json.error).toBe("INVALID_TEXT");
  expect((await box.json("import", "xml", "bad.csv", "-o", "admin")).json.error).toBe("USAGE");
});

test("a dry run reports what would be made and changes nothing", async () => {
  box.stdin = fixture("plan.csv");
  const before = box.tree();
  const run = await box.json("--dry-run", "import", "csv", "-", "-o", "admin");
  expect(run.json).toMatchObject({ dry_run: true, made: 4 });
  expect(box.tree()).toEqual(before);
});
