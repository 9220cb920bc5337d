import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { symlinkSync, writeFileSync } from "node:fs";
import { Sandbox } from "../../support/sandbox.ts";

const WITH = (change: (config: ReturnType<typeof JSON.parse>) => unknown) => (text: string) => {
  const config = JSON.parse(text);
  change(config);
  return JSON.stringify(config);
};

/** What is wrong, how the sound text becomes so, and what the error must say about it. */
const FAULTS: readonly (readonly [string, (text: string) => string, string])[] = [
  ["an empty file", () => "", ".mai/config.json is not JSON: line 1, column 1: a value should stand here."],
  ["a torn file", (text) => text.slice(0, 40), ".mai/config.json is not JSON: line "],
  ["a comma too many", (text) => text.replace("\n}", ",\n}"), "a key in double quotes should stand here."],
  ["a list at the top", () => "[]", "(top level) should be an object of settings, not []."],
  ["null at the top", () => "null", "(top level) should be an object of settings, not null."],
  ["a text for format", WITH((c) => (c.format = "1")), 'format should be a whole number, not "1".'],
  ["format 0", WITH((c) => (c.format = 0)), "format should be a whole number, at least 1, not 0."],
  ["a number for root", WITH((c) => (c.root = 7)), "root should be a name or a list of names, not 7."],
  ["a number among the roots", WITH((c) => (c.root = ["admin", 7])), "root"],
  ["a root that nobody can sign as", WITH((c) => (c.root = ["a|b"])), "root"],
  [
    "a list for queues",
    WITH((c) => (c.queues = ["questions"])),
    'queues should be queues by name, not ["questions"].',
  ],
  [
    "a queue that is a text",
    WITH((c) => (c.queues.questions = "x")),
    'queues.questions should be the settings of a queue (handler, sla_minutes, id_prefix, max_in_progress), not "x".',
  ],
  ["a queue named ../x", WITH((c) => (c.queues["../x"] = {})), "should be a plain name"],
  [
    "a queue named __proto__",
    (text) => text.replace('"queues": {', '"queues": {"__proto__": {},'),
    "queues.__proto__ should be a plain name",
  ],
  [
    "an SLA in words",
    WITH((c) => (c.queues.questions.sla_minutes = "2h")),
    'queues.questions.sla_minutes should be a number of minutes, not "2h".',
  ],
  [
    "a negative SLA",
    WITH((c) => (c.queues.questions.sla_minutes = -1)),
    "queues.questions.sla_minutes should be a number of minutes, at least 0, not -1.",
  ],
  [
    "hours in words",
    WITH((c) => (c.queues.questions.sla_hours = "2")),
    "queues.questions.sla_hours should be a number of hours",
  ],
  [
    "a prefix with a dash",
    WITH((c) => (c.queues.questions.id_prefix = "A-B")),
    'queues.questions.id_prefix should be 1 to 32 letters or digits, not "A-B".',
  ],
  [
    "a handler that is a number",
    WITH((c) => (c.queues.questions.handler = 5)),
    "queues.questions.handler should be a name",
  ],
  [
    "an agent that is a number",
    WITH((c) => (c.agents.alice = 5)),
    "agents.alice should be the settings of an agent (heartbeat_minutes, max_in_progress), not 5.",
  ],
  [
    "a limit that is no whole number",
    WITH((c) => (c.agents.alice.max_in_progress = 1.5)),
    "agents.alice.max_in_progress should be a whole number of issues, not 1.5.",
  ],
  [
    "a heartbeat of 0",
    WITH((c) => (c.agents.alice.heartbeat_minutes = 0)),
    "agents.alice.heartbeat_minutes should be a number of minutes, more than 0, not 0.",
  ],
  ["an agent named a/b", WITH((c) => (c.agents["a/b"] = {})), "should be a name"],
  [
    "a text for the summary order",
    WITH((c) => (c.daily_summary_order = "alice")),
    'daily_summary_order should be a list of names, not "alice".',
  ],
  [
    "a summary order with null in it",
    WITH((c) => (c.daily_summary_order = [null])),
    "daily_summary_order.0 should be a name",
  ],
  [
    "an emoji that could forge a field",
    WITH((c) => (c.issue_status_emoji.open = "x\n**y**")),
    "issue_status_emoji.open should be an emoji",
  ],
  [
    "an escalation queue named by a number",
    WITH((c) => (c.escalation_queue = 1)),
    "escalation_queue should be a plain name",
  ],
  [
    "an unknown id style",
    WITH((c) => (c.id_style = "uuid")),
    'id_style should be sequential or hash, not "uuid".',
  ],
  ["an unknown language", WITH((c) => (c.language = "fr")), 'language should be zh or en, not "fr".'],
  [
    "an unknown durability",
    WITH((c) => (c.durability = true)),
    "durability should be full or process, not true.",
  ],
  [
    "deny lists that are no lists",
    WITH((c) => (c.safe_check = { deny: "rm" })),
    'safe_check.deny should be a list of texts, not "rm".',
  ],
];

const WRITES: readonly (readonly string[])[] = [
  ["init"],
  ["agent", "add", "carol"],
  ["agent", "remove", "bob"],
  ["queue", "create", "ops", "--owner", "olga"],
  ["queue", "set", "questions", "--sla", "1"],
  ["queue", "remove", "reports"],
  ["issue", "new", "questions", "Two"],
  ["issue", "claim", "REQ-001"],
  ["issue", "amend", "REQ-001", "x"],
  ["issue", "complete", "REQ-001", "x"],
  ["config", "set", "language", "en"],
  ["config", "apply", "sound.toml"],
  ["project", "delete", ".", "--yes"],
];

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  box.env = { ...box.env, MAI_OPERATOR: "admin" };
  await box.ok("issue", "new", "questions", "One");
  box.write("sound.toml", 'language = "en"\n');
});
afterEach(() => box.remove());

describe("a wrong config.json stops every write with CONFIG_INVALID and is left as it was:", () => {
  test.each(FAULTS)("%s", async (_what, spoil, message) => {
    const text = spoil(box.read(".mai/config.json"));
    box.write(".mai/config.json", text);
    await expectRefusals(message);
    expect(box.read(".mai/config.json")).toBe(text);
  });

  test("bytes that are no UTF-8", async () => {
    writeFileSync(box.path(".mai/config.json"), new Uint8Array([0x7b, 0xff, 0x7d]));
    await expectRefusals("is not UTF-8");
  });

  test("a symbolic link to a sound file elsewhere", async () => {
    box.write("elsewhere.json", box.read(".mai/config.json"));
    box.delete(".mai/config.json");
    symlinkSync(box.path("elsewhere.json"), box.path(".mai/config.json"));
    await expectRefusals("is no regular file");
  });
});

async function expectRefusals(message: string): Promise<void> {
  const before = box.tree();
  for (const line of WRITES) {
    const run = await box.json(...line);
    expect([line, run.code, run.json.error, run.json.path]).toEqual([
      line,
      1,
      "CONFIG_INVALID",
      run.json.path,
    ]);
    expect(run.json.path).toEndWith(".mai/config.json");
    expect(run.json.message).toContain(message);
  }
  expect(box.tree()).toEqual(before);
}

test("old spellings are no faults: owner, hours, one root, names with @, a section missing", async () => {
  box.write(
    ".mai/config.json",
    JSON.stringify({
      root: "@admin",
      queues: { q: { owner: "@alice", sla_hours: 0.1 } },
      unknown: [1, null],
    }),
  );
  const { json } = await box.ok("config", "show");
  expect(json.settings).toMatchObject({
    root: ["admin"],
    queues: { q: { handler: "alice", sla_minutes: 6, id_prefix: "REQ" } },
    agents: { default: { heartbeat_minutes: 30 } },
    durability: "full",
    unknown: [1, null],
  });
  expect((await box.run("queue", "create", "x", "--owner", "bob")).code).toBe(0);
});
