import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  box.env = { ...box.env, MAI_OPERATOR: "admin" };
});
afterEach(() => box.remove());

const config = () => JSON.parse(box.read(".mai/config.json"));
const lastEvents = () =>
  [...box.tree(".mai/events").values()]
    .join("")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("queue create writes the entry, the mirror, a history line and queue.created; fractions of hours count", async () => {
  const run = await box.run("queue", "create", "ops", "--owner", "@olga", "--sla", "0.55", "--prefix", "ops");
  expect(run).toEqual({
    code: 0,
    stdout:
      "Queue ops created: owner @olga, SLA 0.55h, ids OPS-…\nNew issues go to @olga; --owner none lets any agent take them.\n",
    stderr: "",
  });
  expect(config().queues.ops).toEqual({ handler: "olga", sla_minutes: 33, id_prefix: "OPS" });
  expect(box.read("async/config.json")).toBe(box.read(".mai/config.json"));
  expect([...box.tree(".mai/history").values()].join("")).toMatch(
    /\[ADMIN\] \[queue_create\] Queue ops created, owner olga\n$/,
  );
  expect(lastEvents().at(-1)).toMatchObject({
    type: "queue.created",
    actor: "admin",
    queue: "ops",
    data: { handler: "olga", sla_minutes: 33, id_prefix: "OPS" },
  });
  expect((await box.ok("issue", "new", "ops", "One", "-o", "alice")).json.issue_id).toBe("OPS-001");
});

test("queue create answers with the queue's settings in JSON", async () => {
  const { json } = await box.ok("queue", "create", "ideas", "--owner", "alice");
  expect(json).toEqual({
    ok: true,
    command: "queue create",
    queue: "ideas",
    owner: "alice",
    sla_hours: null,
    sla_minutes: null,
    id_prefix: "REQ",
    new_issues: "New issues go to @alice; --owner none lets any agent take them.",
    max_in_progress: null,
    require_evidence: false,
    confirmer_differs: false,
    idempotent: false,
    warnings: [],
  });
});

test.each([
  [["--owner", "olga", "--sla", "0.5", "--prefix", "OPS"]],
  [["--owner", "olga", "--prefix", "ops"]],
  [["--owner", "olga"]],
])("queue create again with %p asks for nothing different: exit 0, no byte changed", async (options) => {
  await box.ok("queue", "create", "ops", "--owner", "olga", "--sla", "0.5", "--prefix", "OPS");
  const before = box.tree();
  const run = await box.json("queue", "create", "ops", ...options);
  expect(run.code).toBe(0);
  expect(run.json).toMatchObject({ idempotent: true, owner: "olga", sla_minutes: 30 });
  expect(box.tree()).toEqual(before);
});

test.each([
  [["--owner", "bob"], "mai queue set ops --owner bob"],
  [["--owner", "olga", "--sla", "none"], "mai queue set ops --sla none"],
  [["--owner", "olga", "--sla", "0.25", "--prefix", "X"], "mai queue set ops --sla 0.25 --prefix X"],
])(
  "queue create with %p where ops is different refuses and gives the command: %s",
  async (options, command) => {
    await box.ok("queue", "create", "ops", "--owner", "olga", "--sla", "0.5", "--prefix", "OPS");
    const before = box.tree();
    const run = await box.json("queue", "create", "ops", ...options);
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.json).toMatchObject({
      error: "ALREADY_EXISTS",
      hint: `Change it: ${command}`,
      handler: "olga",
    });
    expect(box.tree()).toEqual(before);
    expect((await box.run(...command.split(" ").slice(1))).code).toBe(0);
  },
);

test.each([
  ["INVALID_NAME", 1, ["create", "a/b", "--owner", "alice"]],
  ["INVALID_NAME", 1, ["create", "../x", "--owner", "alice"]],
  ["INVALID_NAME", 1, ["create", ".hidden", "--owner", "alice"]],
  ["INVALID_NAME", 1, ["create", "__proto__", "--owner", "alice"]],
  ["INVALID_NAME", 1, ["create", "history", "--owner", "alice"]],
  ["INVALID_NAME", 1, ["create", "daily-2026-11-22-summary.md", "--owner", "alice"]],
  ["INVALID_NAME", 1, ["create", "a\u202eb", "--owner", "alice"]],
  ["INVALID_NAME", 1, ["create", "x", "--owner", "a|b"]],
  ["INVALID_NAME", 1, ["create", "x", "--owner", ""]],
  ["INVALID_NAME", 1, ["create", "x", "--owner", "alice", "--prefix", "A-B"]],
  ["INVALID_NAME", 1, ["create", "x", "--owner", "alice", "--prefix", ""]],
  ["USAGE", 64, ["create", "x"]],
  ["USAGE", 64, ["create", "x", "--owner", "alice", "--sla", "1h"]],
  ["USAGE", 64, ["create", "x", "--owner", "alice", "--sla", "-1"]],
  ["USAGE", 64, ["set", "questions"]],
  ["INVALID_QUEUE", 1, ["set", "qestions", "--sla", "1"]],
  ["INVALID_NAME", 1, ["set", "questions", "--owner", "a:b"]],
  ["INVALID_QUEUE", 1, ["remove", "qestions"]],
  ["PERMISSION_DENIED", 3, ["create", "x", "--owner", "alice", "-o", "alice"]],
  ["PERMISSION_DENIED", 3, ["set", "questions", "--owner", "alice", "-o", "alice"]],
  ["PERMISSION_DENIED", 3, ["remove", "reviews", "-o", "alice"]],
])("%s (%i): queue %p changes no byte", async (error, code, line) => {
  const before = box.tree();
  const run = await box.json("queue", ...line);
  expect(run).toMatchObject({ code, stderr: "" });
  expect(run.json.error).toBe(error);
  expect(box.tree()).toEqual(before);
});

test("queue set changes what is named and keeps unknown keys; again it changes no byte", async () => {
  box.write(
    ".mai/config.json",
    box.read(".mai/config.json").replace('"id_prefix": "FIX"', '"id_prefix": "FIX", "colour": 1.0'),
  );
  const before = box.read(".mai/config.json");
  expect((await box.run("queue", "set", "requests", "--owner", "alice")).stdout).toBe(
    "Queue requests changed: owner @alice, SLA 1h, ids FIX-…\nNew issues go to @alice; --owner none lets any agent take them.\n",
  );
  const requests = before.slice(before.indexOf('"requests"'), before.indexOf('"blockers"'));
  expect(box.read(".mai/config.json")).toBe(
    before.replace(requests, requests.replace('"handler": "default"', '"handler": "alice"')),
  );
  expect(lastEvents().at(-1)).toMatchObject({
    type: "queue.changed",
    queue: "requests",
    data: { handler: "alice" },
  });
  const tree = box.tree();
  expect((await box.ok("queue", "set", "requests", "--owner", "alice")).json.idempotent).toBe(true);
  expect(box.tree()).toEqual(tree);
});

test("queue set replaces the old spellings owner and sla_hours where it changes them, and there alone", async () => {
  const text = '{"root":"admin","queues":{"q":{"owner":"designer","sla_hours":2},"r":{"owner":"x"}}}';
  box.write(".mai/config.json", text);
  await box.ok("queue", "set", "q", "--owner", "bob", "--sla", "2");
  expect(box.read(".mai/config.json")).toBe(
    text.replace('{"owner":"designer","sla_hours":2}', '{"sla_hours":2,"handler":"bob"}'),
  );
  await box.ok("queue", "set", "q", "--sla", "none");
  expect(JSON.parse(box.read(".mai/config.json")).queues.q).toEqual({ handler: "bob", sla_minutes: null });
});

test("a new prefix names new issues, and old ones keep their ids and deadlines", async () => {
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  const issue = box.read(".mai/queues/questions/REQ-001.md");
  await box.ok("queue", "set", "questions", "--prefix", "q", "--sla", "none");
  const second = await box.ok("issue", "new", "questions", "Two", "-o", "alice");
  expect(second.json).toMatchObject({ issue_id: "Q-001", sla_deadline: null });
  expect(box.read(".mai/queues/questions/REQ-001.md")).toBe(issue);
});

test("queue remove refuses while there is an issue file, a finished one too", async () => {
  await box.ok("queue", "create", "ops", "--owner", "olga", "--prefix", "OPS");
  await box.ok("issue", "new", "ops", "One", "-o", "alice");
  await box.ok("issue", "complete", "OPS-001", "done", "-o", "alice");
  const before = box.tree();
  const run = await box.json("queue", "remove", "ops");
  expect(run.code).toBe(1);
  expect(run.json).toMatchObject({
    error: "INVALID_STATE",
    message: "Queue ops holds 1 issue: OPS-001.",
    hint: "Move each first: mai issue edit OPS-001 --queue OTHER",
    issues: ["OPS-001"],
  });
  expect(box.tree()).toEqual(before);
});

test("queue remove takes an empty queue out, with its empty directories; again it is gone already", async () => {
  await box.ok("queue", "create", "ops", "--owner", "olga", "--prefix", "OPS");
  await box.ok("issue", "new", "ops", "One", "-o", "alice");
  for (const name of [".mai/queues/ops/OPS-001.md", "async/ops/OPS-001.md"]) box.delete(name);
  expect(await box.run("queue", "remove", "ops")).toEqual({
    code: 0,
    stdout: "Queue ops removed\n",
    stderr: "",
  });
  expect(config().queues.ops).toBeUndefined();
  expect([box.exists(".mai/queues/ops"), box.exists("async/ops")]).toEqual([false, false]);
  expect(lastEvents().at(-1)).toMatchObject({ type: "queue.removed", queue: "ops", actor: "admin" });
  const tree = box.tree();
  const again = await box.ok("queue", "remove", "ops");
  expect(again.json).toMatchObject({ queue: "ops", idempotent: true });
  expect(box.tree()).toEqual(tree);
});

test("an empty directory that the settings do not know is no queue", async () => {
  box.mkdir(".mai/queues/ghost");
  expect((await box.json("issue", "new", "ghost", "One", "-o", "alice")).json.error).toBe("INVALID_QUEUE");
});

test("removing the queue that escalations go to warns with the command that names another", async () => {
  const { json } = await box.ok("queue", "remove", "decisions");
  expect(json.warnings).toEqual([
    "escalation_queue still names decisions; change it: mai config set escalation_queue QUEUE",
  ]);
});

test("removing a default queue of a project whose settings name no queues keeps the others", async () => {
  box.write(".mai/config.json", '{"root":["admin"]}');
  await box.ok("queue", "remove", "reports");
  expect(Object.keys(config().queues)).toEqual(["questions", "decisions", "reviews", "requests", "blockers"]);
});

test.each([
  [["queue", "create", "ops", "--owner", "olga"]],
  [["queue", "set", "questions", "--sla", "3"]],
  [["queue", "remove", "reports"]],
  [["agent", "remove", "bob"]],
])("--dry-run %p says what it would do and changes no byte", async (line) => {
  const before = box.tree();
  const run = await box.run("--dry-run", ...line);
  expect(run.code).toBe(0);
  expect(run.stdout).toStartWith("[dry-run] ");
  expect(box.tree()).toEqual(before);
});

test("queue blockers shows BLOCKED issues of any queue with the reason, and what waits in the blockers queue", async () => {
  await box.ok("issue", "new", "questions", "Stuck", "-o", "alice", "--priority", "P0");
  await box.ok("issue", "new", "questions", "Free", "-o", "alice");
  await box.ok("issue", "new", "blockers", "Broken build", "-o", "alice");
  const path = ".mai/queues/questions/REQ-001.md";
  const stuck = box
    .read(path)
    .replace("⭕ OPEN", "🚫 BLOCKED")
    .replace(
      "## 处理记录\n\n",
      "## 处理记录\n\n- [2026-04-30T20:00:00.000+08:00] @bob: BLOCKED：no access\n  to the server\n",
    );
  box.write(path, stuck);
  const { json } = await box.ok("queue", "blockers");
  expect(json).toMatchObject({ blockers_queue: "blockers", total: 2 });
  expect(json.issues).toMatchObject([
    {
      id: "REQ-001",
      status: "BLOCKED",
      reason: "no access\nto the server",
      blocked_by: "bob",
      blocked_since: "2026-04-30T20:00:00.000+08:00",
    },
    { id: "BLK-001", status: "OPEN", reason: null, blocked_by: null, blocked_since: null },
  ]);
  expect((await box.run("queue", "blockers")).stdout).toBe(
    "REQ-001  P0  BLOCKED  unassigned  Stuck\n" +
      "    @bob, 2026-04-30T20:00:00.000+08:00: no access\n    to the server\n" +
      "BLK-001  P2  OPEN     unassigned  Broken build\n",
  );
});

test("queue blockers says so when nothing is blocked", async () => {
  await box.ok("issue", "new", "questions", "Free", "-o", "alice");
  expect(await box.run("queue", "blockers")).toEqual({
    code: 0,
    stdout: "Nothing is blocked.\n",
    stderr: "",
  });
});
