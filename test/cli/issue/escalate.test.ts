import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "bob");
});
afterEach(() => box.remove());

const escalate = (operator: string) => box.ok("issue", "escalate", "REQ-001", "-o", operator);

test("makes a P0 issue that refers to this one, and a record here that refers to it, in one change", async () => {
  await box.ok("issue", "block", "REQ-001", "no access", "-o", "bob");
  const before = [...box.tree(".mai/events").values()].join("").split("\n").length;
  const { json } = await escalate("bob");
  expect(json).toMatchObject({
    command: "issue escalate",
    issue_id: "REQ-001",
    original_id: "REQ-001",
    new_id: "REQ-002",
    escalation_queue: "decisions",
    status: "BLOCKED",
    idempotent: false,
  });
  const made = (await box.ok("issue", "show", "REQ-002")).json.issue;
  expect(made).toMatchObject({
    queue: "decisions",
    priority: "P0",
    status: "OPEN",
    ref: "REQ-001",
    creator: "bob",
    handler: "admin",
    title: "升级自 REQ-001: One",
  });
  expect(made.description).toContain("blocked: no access");
  const here = (await box.ok("issue", "show", "REQ-001")).json.issue;
  expect(here.records[0]).toMatchObject({ actor: "bob", word: "ESCALATED", text: "升级为 REQ-002" });
  const events = [...box.tree(".mai/events").values()]
    .join("")
    .trimEnd()
    .split("\n")
    .slice(before - 1);
  expect(events.map((line) => JSON.parse(line).type)).toEqual(["issue.escalated", "issue.created"]);
  expect(box.read("async/decisions/REQ-002.md")).toBe(box.read(".mai/queues/decisions/REQ-002.md"));
});

test("both issues, events and audit lines bear one time, however long it took", async () => {
  let asked = 0;
  box.alterSystem = (system) => {
    const nowMs = () => {
      asked += 1;
      return system.clock.nowMs() + asked;
    };
    return { ...system, clock: { ...system.clock, nowMs } };
  };
  await escalate("bob");
  const timeOf = async (id: string) => (await box.ok("issue", "show", id)).json.issue.records[0].ts;
  const last = [...box.tree(".mai/events").values()].join("").trimEnd().split("\n").slice(-2);
  const times = last.map((line) => JSON.parse(line).ts);
  expect(new Set([...times, await timeOf("REQ-001"), await timeOf("REQ-002")]).size).toBe(1);
  expect((await box.ok("doctor")).json.findings).toEqual([]);
});

test("a second escalate gives the same issue back while it is unfinished, to whoever asks, without a byte", async () => {
  await escalate("bob");
  await box.ok("issue", "amend", "REQ-001", "still stuck", "-o", "alice");
  const before = box.tree();
  for (const operator of ["bob", "admin"]) {
    expect((await escalate(operator)).json).toMatchObject({
      idempotent: true,
      new_id: "REQ-002",
      new_status: "OPEN",
    });
  }
  expect(box.tree()).toEqual(before);
});

test("once that issue is finished, escalating makes another one", async () => {
  await escalate("bob");
  await box.ok("issue", "complete", "REQ-002", "decided", "-o", "admin");
  expect((await escalate("admin")).json).toMatchObject({ idempotent: false, new_id: "REQ-003" });
});

test("by the same operator it asks anew after the decision, which is the newest record", async () => {
  await escalate("bob");
  await box.ok("issue", "complete", "REQ-002", "decided", "-o", "admin");
  expect((await escalate("bob")).json).toMatchObject({ idempotent: false, new_id: "REQ-003" });
});

test("meets no lease, renews one's own, and is refused to an agent who is nobody to the issue", async () => {
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  box.age(".mai/locks/REQ-001.lock", 40);
  await escalate("alice");
  expect((await box.ok("lock", "check", "REQ-001")).json.lock.age_seconds).toBeLessThan(30);
  await box.ok("agent", "add", "eve", "-o", "admin");
  const run = await box.json("issue", "escalate", "REQ-001", "-o", "eve");
  expect([run.code, run.json.error]).toEqual([3, "PERMISSION_DENIED"]);
});

for (const [word, error] of [
  ["complete", "ALREADY_COMPLETED"],
  ["discard", "ISSUE_DISCARDED"],
] as const) {
  test(`after ${word} it refuses with ${error}`, async () => {
    await box.ok("issue", word, "REQ-001", "x", "-o", "bob");
    const before = box.tree();
    expect((await box.json("issue", "escalate", "REQ-001", "-o", "bob")).json.error).toBe(error);
    expect(box.tree()).toEqual(before);
  });
}

test("a missing escalation queue refuses with INVALID_QUEUE and how to mend it, and changes no byte", async () => {
  const config = JSON.parse(box.read(".mai/config.json"));
  box.write(".mai/config.json", JSON.stringify({ ...config, escalation_queue: "elders" }));
  const before = box.tree();
  const run = await box.json("issue", "escalate", "REQ-001", "-o", "bob");
  expect([run.code, run.json.error]).toEqual([1, "INVALID_QUEUE"]);
  expect(run.json.hint).toContain("mai queue create elders");
  expect(run.json.hint).toContain("mai config set escalation_queue");
  expect(box.tree()).toEqual(before);
});

test("in a project of version 1.5, which has no queue decisions, the first escalation makes it", async () => {
  const config = JSON.parse(box.read(".mai/config.json"));
  const { escalation_queue: _, ...rest } = config;
  box.write(".mai/config.json", JSON.stringify({ ...rest, queues: { questions: {} } }));
  const { json } = await escalate("bob");
  expect(json).toMatchObject({ new_id: "REQ-002", escalation_queue: "decisions" });
  const { issue } = (await box.ok("issue", "show", "REQ-002")).json;
  expect(issue).toMatchObject({ queue: "decisions", handler: "admin", queue_owner: "default" });
  expect(Date.parse(issue.sla_deadline) - Date.parse(issue.created)).toBe(120 * 60_000);
  expect((await box.ok("queue", "check", "decisions")).json.queues.decisions.total).toBe(1);
});

test("a title of 200 characters is cut for the issue that is made", async () => {
  await box.ok("issue", "new", "questions", "调".repeat(200), "-o", "bob");
  const { json } = await box.ok("issue", "escalate", "REQ-002", "-o", "bob");
  const { title } = (await box.ok("issue", "show", json.new_id)).json.issue;
  expect([...title].length).toBe(200);
  expect(title).toEndWith("调…");
});

test("--dry-run names the id that it would give, and changes no byte", async () => {
  const before = box.tree();
  const { json } = await box.ok("--dry-run", "issue", "escalate", "REQ-001", "-o", "bob");
  expect(json).toMatchObject({ dry_run: true, new_id: "REQ-002" });
  expect(box.tree()).toEqual(before);
});
