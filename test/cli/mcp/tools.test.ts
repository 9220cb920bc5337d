import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { prepareTeam } from "../../support/every-command.ts";
import { Sandbox } from "../../support/sandbox.ts";
import { call, calling, type Reply, request, talk } from "./talk.ts";

/** 2,500 tokens of four bytes: every session of every client reads the list. */
const MOST_LIST_BYTES = 10_000;

let box: Sandbox;
beforeEach(async () => {
  box = new Sandbox();
  await prepareTeam(box);
});
afterEach(() => box.remove());

test("there are fourteen tools, each with a description and a closed schema, in 2,500 tokens", async () => {
  const { stdout, replies } = await talk(box, [request(1, "tools/list")]);
  const { tools } = replies[0].result ?? {};
  expect(tools.map(({ name }: { name: string }) => name.replace("mai_", ""))).toEqual([
    ...["next", "show", "list", "amend", "transfer", "complete", "reject"],
    ...["block", "escalate", "release", "undo", "new", "check", "wait"],
  ]);
  for (const tool of tools) {
    expect(tool).toMatchObject({
      title: expect.any(String),
      description: expect.stringMatching(/\.$/),
      inputSchema: { type: "object", additionalProperties: false },
    });
    expect(JSON.stringify(tool)).not.toMatch(/--|standard input/);
    for (const property of Object.values(tool.inputSchema.properties))
      expect(property).toMatchObject({ type: expect.any(String), description: expect.stringMatching(/./) });
  }
  expect(stdout.length).toBeLessThan(MOST_LIST_BYTES);
});

/** Tools and the command lines that they are; a dry run leaves things as they are for the other one. */
const PAIRS: readonly [string, Record<string, unknown>, readonly string[]][] = [
  ["mai_next", {}, ["next"]],
  [
    "mai_next",
    { queue: "questions", any: true, session: "s" },
    ["next", "--queue", "questions", "--any", "--session", "s"],
  ],
  ["mai_next", { queue: "nowhere" }, ["next", "--queue", "nowhere"]],
  ["mai_show", { id: "REQ-001" }, ["issue", "show", "REQ-001"]],
  ["mai_show", { id: "../x" }, ["issue", "show", "../x"]],
  [
    "mai_amend",
    { id: "REQ-001", remark: "- [x] \u001b[31mred" },
    ["issue", "amend", "REQ-001", "- [x] \u001b[31mred"],
  ],
  ["mai_amend", { id: "REQ-001", remark: "" }, ["issue", "amend", "REQ-001", ""]],
  [
    "mai_transfer",
    { id: "REQ-001", handler: "bob", message: "yours" },
    ["issue", "transfer", "REQ-001", "bob", "yours"],
  ],
  [
    "mai_transfer",
    { id: "REQ-001", handler: "bob", fence: 9 },
    ["issue", "transfer", "REQ-001", "bob", "--fence", "9"],
  ],
  [
    "mai_transfer",
    { id: "REQ-001", handler: "bob", done: ["a", "b, c"], remaining: ["d"] },
    ["issue", "transfer", "REQ-001", "bob", "--done", "a", "--done", "b, c", "--remaining", "d"],
  ],
  ["mai_complete", { id: "REQ-001", conclusion: "done" }, ["issue", "complete", "REQ-001", "done"]],
  [
    "mai_complete",
    { id: "REQ-001", conclusion: "done", operator: "admin" },
    ["issue", "complete", "REQ-001", "done", "-o", "admin"],
  ],
  [
    "mai_new",
    {
      queue: "questions",
      title: "Two",
      body: "b",
      priority: "P0",
      ref: "REQ-001",
      label: ["a", "b"],
      accept: ["c, d", "e"],
    },
    [
      ...["issue", "new", "questions", "Two", "--body", "b", "--priority", "P0", "--ref", "REQ-001"],
      ...["--label", "a,b", "--accept", "c, d", "--accept", "e"],
    ],
  ],
  [
    "mai_new",
    { queue: "questions", title: "Two", key: "k" },
    ["issue", "new", "questions", "Two", "--key", "k"],
  ],
  ["mai_new", { queue: "question", title: "Two" }, ["issue", "new", "question", "Two"]],
  [
    "mai_check",
    { queue: "questions", all: true, limit: 1 },
    ["queue", "check", "questions", "--all", "--limit", "1"],
  ],
  [
    "mai_wait",
    { issue: "REQ-001", until: "OPEN", timeout: "1s" },
    ["wait", "--issue", "REQ-001", "--until", "OPEN"],
  ],
  ["mai_wait", { until: "OPEN" }, ["wait", "--until", "OPEN"]],
  ["mai_next", { id: "REQ-001" }, ["issue", "claim", "REQ-001"]],
  ["mai_list", { status: "OPEN", limit: 1 }, ["issue", "list", "--status", "OPEN", "--limit", "1"]],
  ["mai_list", { ready: true }, ["issue", "list", "--ready"]],
  ["mai_amend", { id: "REQ-001", n: [1] }, ["issue", "check", "REQ-001", "1"]],
  ["mai_reject", { id: "REQ-001", reason: "tests" }, ["issue", "reject", "REQ-001", "tests"]],
  ["mai_block", { id: "REQ-001", reason: "no key" }, ["issue", "block", "REQ-001", "no key"]],
  ["mai_block", { id: "REQ-001", unblock: true }, ["issue", "unblock", "REQ-001"]],
  ["mai_block", { id: "REQ-001", on: ["REQ-009"] }, ["issue", "depend", "REQ-001", "--on", "REQ-009"]],
  ["mai_escalate", { id: "REQ-001" }, ["issue", "escalate", "REQ-001"]],
  ["mai_release", { id: "REQ-001" }, ["lock", "release", "REQ-001"]],
  ["mai_undo", { issue: "REQ-001" }, ["undo", "--issue", "REQ-001"]],
];

test.each(PAIRS)("%s %p answers with the document of its command", async (name, args, line) => {
  box.env = { ...box.env, MAI_OPERATOR: "alice" };
  const { code, stdout } = await box.run("--json", "--dry-run", ...line);
  const result = await call(box, name, args, "--dry-run");
  const { hint: _, ...document } = JSON.parse(stdout);
  const { hint, ...answered } = result.structuredContent;
  // Hints name tools in place of command lines.
  expect(String(hint)).not.toMatch(/\bmai (?:issue|next|lock|undo|queue check)\b/);
  expect(JSON.stringify(answered)).toBe(JSON.stringify(reordered(document, { structuredContent: answered })));
  expect(result.isError).toBe(code !== 0);
  if (code !== 0) expect(result.content[0].text).toContain(JSON.parse(stdout).error);
});

/** Which of two keys of a document stands first is nothing. */
function reordered(document: Record<string, unknown>, result: { structuredContent: object }): object {
  const keys = Object.keys(result.structuredContent);
  expect(keys.toSorted()).toEqual(Object.keys(document).toSorted());
  return Object.fromEntries(keys.map((key) => [key, document[key]]));
}

test("every tool has its command in the pairs above", async () => {
  const { replies } = await talk(box, [request(1, "tools/list")]);
  const names = replies[0].result.tools.map(({ name }: { name: string }) => name);
  expect(new Set(PAIRS.map(([name]) => name))).toEqual(new Set(names));
});

describe("who signs a call", () => {
  test.each([
    ["the command line", {}, ["-o", "alice"], "admin", "alice"],
    ["the call", { operator: "bob" }, [], "admin", "bob"],
    ["the environment", {}, [], "admin", "admin"],
  ] as const)("%s is asked first", async (_who, args, options, environment, signer) => {
    box.env = { ...box.env, MAI_OPERATOR: environment };
    const lines = [calling("mai_amend", { id: "REQ-001", remark: "seen", ...args })];
    box.stdin = `${JSON.stringify(lines[0])}\n`;
    await box.run("mcp", ...options);
    expect((await box.ok("issue", "show", "REQ-001")).json.issue.records[0]).toMatchObject({ actor: signer });
  });

  test("nobody is refused as on the command line", async () => {
    const result = await call(box, "mai_amend", { id: "REQ-001", remark: "seen" });
    expect(result).toMatchObject({
      isError: true,
      structuredContent: { error: "OPERATOR_REQUIRED", exit_code: 1 },
    });
  });

  test("a session holds a lease against another one of the same name", async () => {
    await call(box, "mai_next", { operator: "alice", session: "one" });
    const result = await call(box, "mai_transfer", {
      id: "REQ-001",
      handler: "bob",
      operator: "alice",
      session: "two",
    });
    expect(result.structuredContent).toMatchObject({ error: "LOCK_HELD", retryable: true, exit_code: 2 });
  });
});

test("a dash is a text, and what a text holds reaches nobody's terminal raw", async () => {
  await call(box, "mai_amend", { id: "REQ-001", remark: "-", operator: "alice" });
  await call(box, "mai_amend", { id: "REQ-001", remark: "\u009b31m\u202e", operator: "alice" });
  const { stdout, replies } = await talk(box, [calling("mai_show", { id: "REQ-001" })]);
  const { records } = replies[0].result.structuredContent.issue;
  expect(records.slice(0, 2).map(({ text }: { text: string }) => text)).toEqual(["\u009b31m\u202e", "-"]);
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test("outside a project the tools say so, and the server goes on", async () => {
  box.delete(".mai");
  const { code, replies } = await talk(box, [calling("mai_check"), calling("mai_next", {}, 2)]);
  expect(code).toBe(0);
  expect(replies.map(({ result }: Reply) => result.structuredContent.error)).toEqual([
    "PROJECT_NOT_FOUND",
    "PROJECT_NOT_FOUND",
  ]);
});
