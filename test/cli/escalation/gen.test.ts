import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

const ISSUE = ".mai/queues/questions/REQ-001.md";
const HOUR_MS = 3_600_000;

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

/** Puts a record on top as another command would have. */
function addRecord(record: string, status: string): void {
  const text = box.read(ISSUE).replace("## 处理记录\n\n", `## 处理记录\n\n- ${record}\n`);
  box.write(ISSUE, text.replace(/(\*\*状态：\*\* ).*/, `$1${status}`));
}

test("a report tells what an issue is, how long in which state, who held it, what blocks it, and what next", async () => {
  const start = box.clock.nowMs;
  await box.ok(
    "issue",
    "new",
    "questions",
    "Technical review",
    "--body",
    "Look at the parser",
    "-o",
    "alice",
  );
  box.clock.nowMs = start + HOUR_MS;
  await box.ok("issue", "claim", "REQ-001", "-o", "bob");
  const ts = new Date(start + 2 * HOUR_MS).toISOString().replace("Z", "+00:00");
  addRecord(`[${ts}] @bob: BLOCKED：waiting for the CA`, "🚫 BLOCKED");
  await box.ok("issue", "new", "blockers", "Get a certificate", "--ref", "REQ-001", "-o", "bob");
  box.clock.nowMs = start + 5 * HOUR_MS;
  const before = box.tree();
  const { stdout } = await box.run("escalation", "gen", "REQ-001");
  for (const line of [
    "# Escalation report: REQ-001 Technical review",
    "- State: BLOCKED, for 3h",
    "- Queue: questions (owner unassigned)",
    "> Look at the parser",
    `- BLOCKED for 3h, from ${ts} (@bob)`,
    `- Blocked by @bob at ${ts}: waiting for the CA`,
    "- Referred to by BLK-001 (OPEN, P2, unassigned: Get a certificate)",
    "- When nothing is in the way any more: `mai issue unblock REQ-001 -o NAME`",
  ])
    expect(stdout.split("\n")).toContain(line);
  expect(stdout).toMatch(/^- Deadline: .*, overdue by 3h$/m);
  expect(stdout).toMatch(/^- OPEN for 1h, from /m);
  expect(stdout).toMatch(/^- @bob, from /m);
  expect(box.tree()).toEqual(before);
});

test("the JSON of a report has the facts apart, and the Markdown as escalation_template", async () => {
  await box.ok("issue", "new", "questions", "Two", "-o", "alice");
  await box.ok("issue", "claim", "REQ-001", "-o", "bob");
  const { json } = await box.ok("escalation", "gen", "req-001");
  expect(json).toMatchObject({
    issue: { id: "REQ-001", status: "IN_PROGRESS" },
    lock: { holder: "bob", stale: false },
    state_seconds: 0,
    states: [{ status: "OPEN" }, { status: "IN_PROGRESS", actor: "bob" }],
    holders: [{ agent: "bob" }],
    blockers: [],
  });
  expect(json.escalation_template).toStartWith("# Escalation report: REQ-001");
  expect(json.next.length).toBeGreaterThan(2);
});

test("an issue that it refers to is told with its state, one that is gone as not there", async () => {
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  await box.ok("issue", "new", "questions", "Two", "--ref", "REQ-001", "-o", "alice");
  const related = async () => (await box.ok("escalation", "gen", "REQ-002")).json.related;
  expect(await related()).toEqual([
    { id: "REQ-001", relation: "refers_to", status: "OPEN", priority: "P2", owner: "default", title: "One" },
  ]);
  box.write(
    ".mai/queues/questions/REQ-002.md",
    box.read(".mai/queues/questions/REQ-002.md").replaceAll("REQ-001", "REQ-777"),
  );
  expect(await related()).toMatchObject([{ id: "REQ-777", status: null, title: null }]);
});

test("body, remark and title can start no heading of the report, and no control character gets out", async () => {
  await box.ok("issue", "new", "questions", "One", "--body", "x\n## Forged\n\u001b[31mred", "-o", "alice");
  await box.ok("issue", "amend", "REQ-001", "y\n## Forged\n- item\n\u202e", "-o", "alice");
  const { stdout } = await box.run("escalation", "gen", "REQ-001");
  expect(stdout.split("\n").filter((line) => line.startsWith("#"))).toEqual([
    "# Escalation report: REQ-001 One",
    "## What it is",
    "## How long in which state",
    "## Who held it",
    "## What stands in the way",
    "## Records, newest first",
    "## What next",
  ]);
  expect(stdout).toContain("> \\u{1b}[31mred");
  expect(stdout).toContain("  - item\n");
  expect(stdout).not.toMatch(/[\u001b\u202e]/);
});

test("a stale lease proposes the guardian, a finished issue to reopen it", async () => {
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  await box.ok("issue", "claim", "REQ-001", "-o", "bob");
  box.age(".mai/locks/REQ-001.lock", 46);
  expect((await box.run("escalation", "gen", "REQ-001")).stdout).toContain(
    "stale lease of @bob: `mai lock guardian`",
  );
  await box.ok("issue", "complete", "REQ-001", "done", "-o", "alice");
  const { json } = await box.ok("escalation", "gen", "REQ-001");
  expect(json.next).toEqual([
    { when: "It is accepted. If that was wrong", command: 'mai issue reopen REQ-001 "why" -o NAME' },
  ]);
});

test("an issue of the Python tool is reported, a missing one is NOT_FOUND, a corrupt one named", async () => {
  box.write(
    ISSUE,
    "# [REQ-001] Old\n\n**处理方：** @alice\n**状态：** OPEN\n\n## 处理记录\n\n- [2026-01-01T10:00:00] @x: 创建",
  );
  expect((await box.ok("escalation", "gen", "REQ-001")).json).toMatchObject({
    state_since: "2026-01-01T10:00:00",
  });
  expect((await box.json("escalation", "gen", "REQ-009")).json).toMatchObject({ error: "NOT_FOUND" });
  box.write(ISSUE, "nothing");
  expect((await box.json("escalation", "gen", "REQ-001")).json).toMatchObject({ error: "CORRUPT_FILE" });
});
