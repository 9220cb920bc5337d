import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  box.env = { ...box.env, MAI_OPERATOR: "admin" };
});
afterEach(() => box.remove());

const events = () =>
  [...box.tree(".mai/events").values()]
    .join("")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test.each([
  ["root", "admin", ["admin"]],
  ["queues.questions.sla_minutes", "120", 120],
  ["queues.questions.sla_hours", "2", 2],
  ["queues.questions.owner", "default", "default"],
  ["queues.blockers.sla_minutes", "none", null],
  ["agents.alice.heartbeat_minutes", "30", 30],
  ["issue_status_emoji.open", "⭕", "⭕"],
  ["safe_check.deny", "", []],
  ["durability", "full", "full"],
  ["format", "1", 1],
])("config get %s is %p, its default where the file says nothing", async (key, text, value) => {
  expect(await box.run("config", "get", key)).toEqual({
    code: 0,
    stdout: text === "" ? "" : `${text}\n`,
    stderr: "",
  });
  expect((await box.ok("config", "get", key)).json).toMatchObject({ key, value });
});

test.each([
  ["durabilty", "NOT_FOUND", "Did you mean 'durability'?"],
  ["queues.qestions.sla_minutes", "INVALID_QUEUE", "Did you mean 'questions'?"],
  ["queues.questions.sla_minuts", "NOT_FOUND", "Did you mean 'queues.questions.sla_minutes'?"],
  ["agents.alcie.heartbeat_minutes", "INVALID_AGENT", "Did you mean 'alice'?"],
  ["", "NOT_FOUND", "mai config show"],
  ["__proto__", "NOT_FOUND", "mai config show"],
  ["constructor.name", "NOT_FOUND", "mai config show"],
])("config get and set %p: %s with a hint, no byte changed", async (key, error, hint) => {
  const before = box.tree();
  for (const line of [
    ["get", key],
    ["set", key, "1"],
  ]) {
    const run = await box.json("config", ...line);
    expect(run.code).toBe(1);
    expect(run.json.error).toBe(error);
    expect(run.json.hint).toContain(hint);
  }
  expect(box.tree()).toEqual(before);
});

test.each([
  ["durability", "process", '"durability": "full"', '"durability": "process"'],
  ["id_style", "hash", '"id_style": "sequential"', '"id_style": "hash"'],
  ["language", "en", '"language": "zh"', '"language": "en"'],
  ["queues.requests.sla_minutes", "0.5", '"sla_minutes": 60', '"sla_minutes": 0.5'],
  ["queues.requests.sla_hours", "0.5", '"sla_minutes": 60', '"sla_minutes": 30'],
  ["queues.requests.sla_minutes", "none", '"sla_minutes": 60', '"sla_minutes": null'],
  ["queues.blockers.id_prefix", "stop", '"id_prefix": "BLK"', '"id_prefix": "STOP"'],
  [
    "daily_summary_order",
    "@alice, bob",
    '"daily_summary_order": []',
    '"daily_summary_order": [\n    "alice",\n    "bob"\n  ]',
  ],
  ["escalation_queue", "requests", '"escalation_queue": "decisions"', '"escalation_queue": "requests"'],
])(
  "config set %s %s changes that value alone, in the mirror too; again it changes no byte",
  async (key, value, from, to) => {
    const before = box.read(".mai/config.json");
    expect(before).toContain(from);
    const run = await box.json("config", "set", key, value);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.json.changes).toHaveLength(1);
    expect(box.read(".mai/config.json")).toBe(before.replace(from, to));
    expect(box.read("async/config.json")).toBe(box.read(".mai/config.json"));
    expect(events().at(-1)).toMatchObject({
      type: "config.changed",
      actor: "admin",
      data: { changes: run.json.changes },
    });
    expect([...box.tree(".mai/history").values()].join("")).toContain(
      "[ADMIN] [config_change] Settings changed: ",
    );
    const tree = box.tree();
    expect((await box.ok("config", "set", key, value)).json).toMatchObject({ idempotent: true, changes: [] });
    expect(box.tree()).toEqual(tree);
  },
);

test.each([
  [
    "durability",
    "fast",
    "CONFIG_INVALID",
    '.mai/config.json: durability should be full or process, not "fast".',
  ],
  ["agents.alice.heartbeat_minutes", "0", "CONFIG_INVALID", "should be a number of minutes, more than 0"],
  ["agents.alice.heartbeat_minutes", "soon", "CONFIG_INVALID", 'should be a number of minutes, not "soon"'],
  ["queues.questions.sla_minutes", "-5", "CONFIG_INVALID", 'at least 0, not "-5"'],
  ["queues.questions.id_prefix", "A B", "CONFIG_INVALID", "1 to 32 letters or digits"],
  ["root", "a|b", "CONFIG_INVALID", "root.0 should be a name"],
  ["format", "2", "CONFIG_INVALID", "format is written by mai alone."],
  ["initialized_at", "now", "CONFIG_INVALID", "initialized_at is written by mai alone."],
  ["queues.questions", "3", "CONFIG_INVALID", "queues.questions is a table"],
  ["escalation_queue", "decisons", "INVALID_QUEUE", "There is no queue"],
])("config set %s %s refuses with %s and changes no byte", async (key, value, error, message) => {
  const before = box.tree();
  const run = await box.json("config", "set", key, value);
  expect(run.code).toBe(1);
  expect(run.json).toMatchObject({ error, message: expect.stringContaining(message) });
  expect(box.tree()).toEqual(before);
});

test("a queue whose name has dots in it is reached with and without quotes", async () => {
  await box.ok("queue", "create", "v1.2", "--owner", "alice");
  expect((await box.ok("config", "get", "queues.v1.2.handler")).json.value).toBe("alice");
  expect((await box.ok("config", "get", 'queues."v1.2".handler')).json.value).toBe("alice");
});

test("config set root says who may administer from now on when the signer no longer may", async () => {
  const kept = await box.run("config", "set", "root", "admin,alice");
  expect(kept.stderr).toBe("");
  const lost = await box.json("config", "set", "root", "@bob");
  expect(lost.json.warnings).toEqual([
    expect.stringMatching(/^@admin is no root any more; from now on only @bob/),
  ]);
  expect((await box.json("config", "set", "root", "admin")).json.error).toBe("PERMISSION_DENIED");
  expect((await box.run("config", "set", "root", "admin", "-o", "bob")).code).toBe(0);
});

test("whoever owns .mai on disk gets a lost project back by signing as nobody", async () => {
  await box.ok("config", "set", "root", "nobody-there");
  box.env = { ...box.env, MAI_OPERATOR: undefined };
  expect((await box.run("config", "set", "root", "admin")).code).toBe(0);
});

test.each([[["set", "language", "en"]], [["apply", "team.toml"]]])("config %p takes a root", async (line) => {
  box.write("team.toml", 'language = "en"\n');
  const before = box.tree();
  const run = await box.json("config", ...line, "-o", "alice");
  expect([run.code, run.json.error]).toEqual([3, "PERMISSION_DENIED"]);
  expect(box.tree()).toEqual(before);
});

test("config apply of what config show --toml prints changes nothing, in a new project and in an old one", async () => {
  for (const text of [
    box.read(".mai/config.json"),
    '{"name":"old","root":"admin","queues":{"a.b":{"owner":"x","sla_hours":1.1},"q":{"handler":"@y","sla_minutes":null}},' +
      '"agents":{"alice":{}},"extra":{"n":1.5,"list":[1,"a"],"nothing":null},"blockers_queue":"gone"}',
  ]) {
    box.write(".mai/config.json", text);
    box.write("mai.toml", (await box.run("config", "show", "--toml")).stdout);
    const before = box.tree();
    const run = await box.json("config", "apply", "mai.toml");
    expect(run.json).toMatchObject({ ok: true, idempotent: true, changes: [] });
    expect(box.tree()).toEqual(before);
  }
});

const TEAM = `# our team
root = ["admin", "@alice"]
[agents.alice]
heartbeat_minutes = 45
[agents.carol]
[queues.questions]
owner = "alice"
sla_minutes = "none"
[queues.ops]
sla_hours = 0.5
`;

test("config apply merges in one change: tables by key, lists whole, nothing goes by absence", async () => {
  box.write("team.toml", TEAM);
  const before = JSON.parse(box.read(".mai/config.json"));
  const dry = await box.json("--dry-run", "config", "apply", "team.toml");
  const count = events().length;
  const { json } = await box.ok("config", "apply", "team.toml");
  expect(json.changes).toEqual([
    { key: "root", from: ["admin"], to: ["admin", "alice"] },
    { key: "agents.alice.heartbeat_minutes", from: 30, to: 45 },
    { key: "agents.carol", from: null, to: { heartbeat_minutes: 30 } },
    { key: "queues.questions.handler", from: "default", to: "alice" },
    { key: "queues.questions.sla_minutes", from: 120, to: null },
    { key: "queues.ops", from: null, to: { handler: "default", sla_minutes: 30, id_prefix: "REQ" } },
  ]);
  expect(dry.json.changes).toEqual(json.changes);
  const after = JSON.parse(box.read(".mai/config.json"));
  expect(after).toEqual({
    ...before,
    root: ["admin", "alice"],
    agents: { ...before.agents, alice: { heartbeat_minutes: 45 }, carol: { heartbeat_minutes: 30 } },
    queues: {
      ...before.queues,
      questions: { handler: "alice", sla_minutes: null, id_prefix: "REQ" },
      ops: { handler: "default", sla_minutes: 30, id_prefix: "REQ" },
    },
  });
  expect(
    events()
      .slice(count)
      .map(({ type }) => type),
  ).toEqual(["agent.added", "queue.created", "config.changed"]);
  const tree = box.tree();
  expect((await box.run("config", "apply", "team.toml")).stdout).toBe("team.toml changes nothing\n");
  expect(box.tree()).toEqual(tree);
});

test("config apply --dry-run shows what would change and changes no byte", async () => {
  box.write("team.toml", TEAM);
  const before = box.tree();
  expect((await box.run("--dry-run", "config", "apply", "team.toml")).stdout).toBe(
    "[dry-run] 6 settings changed by team.toml:\n" +
      "  root: admin → admin,alice\n" +
      "  agents.alice.heartbeat_minutes: 30 → 45\n" +
      '+ agents.carol {"heartbeat_minutes":30}\n' +
      "  queues.questions.handler: default → alice\n" +
      "  queues.questions.sla_minutes: 120 → none\n" +
      '+ queues.ops {"handler":"default","sla_minutes":30,"id_prefix":"REQ"}\n',
  );
  expect(box.tree()).toEqual(before);
});

test.each([
  ['durability = "fast"', 'team.toml: durability should be full or process, not "fast".'],
  ["durability = ", "team.toml: line 1, column 14: "],
  ['root = ["a"]\nroot = ["b"]', "team.toml: line 2, column 1: "],
  ["[queues.q]\nowned = 1", "team.toml: queues.q.owned is no setting."],
  ['durabilty = "full"', "team.toml: durabilty is no setting."],
  ["[queues.q]\nowner = 1", "team.toml: queues.q.owner should be a name"],
  ['[queues.q]\nsla_minutes = "2h"', "team.toml: queues.q.sla_minutes should be a number of minutes"],
  ['[queues.q]\nowner = "a"\nhandler = "b"', "team.toml: queues.q should be one of handler and owner"],
  ['queues = "x"', "team.toml: queues should be queues by name"],
  ['[queues."../x"]', "team.toml: queues.../x should be a plain name"],
  ["[queues.__proto__]", "team.toml: queues.__proto__ should be a plain name"],
  ["__proto__ = 1", "team.toml: __proto__ is no setting."],
  ["[agents.alice]\nheartbeat_minutes = inf", "agents.alice.heartbeat_minutes should be a number of minutes"],
  ["initialized_at = 2026-01-01", "team.toml: initialized_at should be a text"],
  ["format = 2", "format is written by mai alone."],
])(
  "config apply of %p refuses with CONFIG_INVALID, names file and key, and changes no byte",
  async (text, message) => {
    box.write("team.toml", `${text}\n`);
    const before = box.tree();
    const run = await box.json("config", "apply", "team.toml");
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.json).toMatchObject({ error: "CONFIG_INVALID", message: expect.stringContaining(message) });
    expect(box.tree()).toEqual(before);
  },
);

test.each([
  ["[queues.history]", "INVALID_NAME"],
  ["[agents.Alice]", "INVALID_NAME"],
  ['blockers_queue = "gone"', "INVALID_QUEUE"],
])("config apply of %p refuses with %s, as the commands that make these would", async (text, error) => {
  box.write("team.toml", `${text}\n`);
  const before = box.tree();
  expect((await box.json("config", "apply", "team.toml")).json.error).toBe(error);
  expect(box.tree()).toEqual(before);
});

test("config apply of a file that is not there is NOT_FOUND", async () => {
  expect((await box.json("config", "apply", "no.toml")).json).toMatchObject({
    error: "NOT_FOUND",
    path: "no.toml",
  });
});

test("durability process and language en are lived by: English labels in new files", async () => {
  await box.ok("config", "set", "durability", "process");
  await box.ok("config", "set", "language", "en");
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  expect(box.read(".mai/queues/questions/REQ-001.md")).toContain("**Handler:** @default");
});

test("id_style hash gives six hexadecimal digits", async () => {
  await box.ok("config", "set", "id_style", "hash");
  expect((await box.ok("issue", "new", "questions", "One", "-o", "alice")).json.issue_id).toMatch(
    /^REQ-[0-9A-F]{6}$/,
  );
});
