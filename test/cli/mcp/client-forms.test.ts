import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { MAX_MESSAGE_BYTES } from "../../../src/cli/mcp/message-lines.ts";
import { RequestIdScan } from "../../../src/cli/mcp/request-id-scan.ts";
import { prepareTeam } from "../../support/every-command.ts";
import { Sandbox } from "../../support/sandbox.ts";
import { call, calling, type Reply, request, talk } from "./talk.ts";

const PING = request("ping", "ping");
const PONG = { jsonrpc: "2.0", id: "ping", result: {} };

let box: Sandbox;
beforeEach(async () => {
  box = new Sandbox();
  await prepareTeam(box);
});
afterEach(() => box.remove());

const show = async (id: string) => (await box.ok("issue", "show", id)).json.issue;

describe("a tool takes its arguments in the forms that clients send", () => {
  const NEW = { queue: "questions", title: "Two", operator: "alice" };
  test.each([
    ["null for what is absent", { ...NEW, body: null, ref: null, label: null, key: null }, {}],
    ["an empty text for what is absent", { ...NEW, priority: "", label: "", ref: "" }, {}],
    ["an object as text", JSON.stringify({ ...NEW, priority: "P0" }), { priority: "P0" }],
    ["a number for a text", { ...NEW, title: 404 }, { title: "404" }],
    ["a truth value for a text", { ...NEW, title: true }, { title: "true" }],
    ["a choice in small letters", { ...NEW, priority: "p0" }, { priority: "P0" }],
    ["one text for a list", { ...NEW, label: "api" }, { labels: ["api"] }],
    ["texts with commas for a list", { ...NEW, label: "api, ui" }, { labels: ["api", "ui"] }],
    ["a JSON list as text", { ...NEW, label: '["api","ui"]' }, { labels: ["api", "ui"] }],
    ["numbers in a list", { ...NEW, label: ["api", 2, null] }, { labels: ["2", "api"] }],
    ["what clients add for themselves", { ...NEW, _meta: {}, toolCallId: "x", sessionId: "y" }, {}],
    ["unknown arguments without a value", { ...NEW, dummy: null, other: "", more: [] }, {}],
  ])("%s", async (_what, args, expected) => {
    const result = await call(box, "mai_new", args);
    expect(result).toMatchObject({ isError: false });
    const issue = await show(result.structuredContent.issue_id);
    expect({ ...issue, labels: issue.labels.toSorted() }).toMatchObject({ title: "Two", ...expected });
  });

  test.each([
    ["absent arguments", undefined],
    ["null for the arguments", null],
    ["an empty list, as PHP writes an empty object", []],
    ["an empty text", ""],
    ["null as text", "null"],
    ["numbers and truth values as text", { limit: "1", all: "true", overdue: "false" }],
    ["truth values as numbers", { all: 1, overdue: 0 }],
    ["the signature of a tool that needs none", { operator: "alice", session: "s" }],
  ])("%s", async (_what, args) => {
    const { replies } = await talk(box, [request(1, "tools/call", { name: "mai_check", arguments: args })]);
    expect(replies[0].result.structuredContent).toMatchObject({ ok: true, command: "queue check" });
  });

  test.each(["1", 1, "1s"])("a span of time without a unit is seconds: %p", async (timeout) => {
    const { replies } = await talk(box, [calling("mai_wait", { handler: "bob", timeout })]);
    expect(["TIMEOUT", "INTERRUPTED"]).toContain(replies[0].result.structuredContent.error);
  });

  test.each(["[1]", '{"a":1}', "true", "null", "[x] done, and more"])(
    "a text for people stays as it is: %s",
    async (text) => {
      await call(box, "mai_amend", { id: "REQ-001", remark: text, operator: "alice" });
      const made = await call(box, "mai_new", { ...NEW, body: text, accept: "[x] done, and more" });
      expect((await show("REQ-001")).records[0].text).toBe(text);
      const { description } = await show(made.structuredContent.issue_id);
      expect(description).toStartWith(text);
    },
  );
});

describe("a server that was started with -o", () => {
  const amend = (args: object) => [calling("mai_amend", { id: "REQ-001", remark: "seen", ...args })];
  const serve = async (lines: readonly object[], ...options: string[]) => {
    box.stdin = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    const { stdout } = await box.run("mcp", "-o", "alice", ...options);
    return JSON.parse(stdout).result;
  };

  test.each([
    { operator: "bob" },
    { operator: "admin" },
    { operator: ["bob"] },
    JSON.stringify({ operator: "bob" }),
  ])("lets no call sign as somebody else: %p", async (other) => {
    const args = typeof other === "string" ? other : { id: "REQ-001", remark: "seen", ...other };
    const before = box.tree();
    const text =
      typeof args === "string" ? JSON.stringify({ ...JSON.parse(args), id: "REQ-001", remark: "x" }) : args;
    expect((await serve([calling("mai_amend", text)])).structuredContent).toMatchObject({
      error: "PERMISSION_DENIED",
      operator: "alice",
    });
    expect(box.tree()).toEqual(before);
  });

  test("refuses another session than its own, and takes its own name", async () => {
    const other = await serve(amend({ session: "two" }), "--session", "one");
    expect(other.structuredContent).toMatchObject({ error: "PERMISSION_DENIED", session: "one" });
    expect(await serve(amend({ operator: "@alice" }))).toMatchObject({ isError: false });
  });

  test("does not offer the argument", async () => {
    const { tools } = await serve([request(1, "tools/list")]);
    expect(JSON.stringify(tools)).not.toContain('"operator"');
  });
});

describe("what cannot be read is answered by the id of its request", () => {
  const large = "x".repeat(MAX_MESSAGE_BYTES);
  test.each([
    ["an id in front", `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"id":8,"x":"${large}"}}`, 7],
    [
      "an id at the end",
      `{"method":"tools/call","params":{"id":8,"x":"\\"${large}"},"jsonrpc":"2.0","id":"é"}`,
      "é",
    ],
    ["no JSON", '{"jsonrpc":"2.0","id":9,"method":"ping","params":{]}', 9],
    ["an answer", `{"jsonrpc":"2.0","id":7,"result":{"x":"${large}"}}`, null],
  ])("%s", async (_what, line, id) => {
    const { replies } = await talk(box, [line, PING]);
    expect(replies).toMatchObject([{ id, error: { code: -32_700 } }, PONG]);
  });

  test("bytes that are no UTF-8", () => {
    const bytes = Buffer.from('{"id":3,"method":"tools/call","params":{"name":"\xff"}}', "latin1");
    expect(new RequestIdScan().add(bytes).id).toBe(3);
  });

  test("wherever its bytes are cut, and however deep others of its name stand", () => {
    const bytes = Buffer.from('{"a":[{"id":1}],"\\u0069d" : "a\\"b" ,"method":"x","id2":5}');
    for (let cut = 0; cut <= bytes.length; cut += 1)
      expect(new RequestIdScan().add(bytes.subarray(0, cut)).add(bytes.subarray(cut)).id).toBe('a"b');
  });
});

test("a name without its prefix is refused with the nearest one", async () => {
  const { replies } = await talk(box, [calling("next"), calling("mai_sow", {}, 2)]);
  expect(replies).toContainEqual(
    expect.objectContaining({ id: 1, error: expect.objectContaining({ code: -32_602 }) }),
  );
  expect(replies.map(({ error }: Reply) => error.message).toSorted()).toEqual([
    expect.stringContaining("'mai_next'"),
    expect.stringContaining("'mai_show'"),
  ]);
});

describe("a batch", () => {
  test("is answered by one list, notifications by nothing", async () => {
    const note = { jsonrpc: "2.0", method: "notifications/initialized" };
    const { replies } = await talk(box, [
      JSON.stringify([PING, note, calling("mai_show", { id: "REQ-001" }, 2), 7]),
      JSON.stringify([note]),
      request("after", "ping"),
    ]);
    expect(replies).toHaveLength(2);
    const batch = replies.find((reply: Reply) => Array.isArray(reply));
    expect(batch.map(({ id }: Reply) => id).toSorted()).toEqual([2, null, "ping"]);
    expect(replies).toContainEqual({ ...PONG, id: "after" });
  });

  test("holds at most as many requests as are answered at once, and its ids are told apart", async () => {
    const many = Array.from({ length: 102 }, (_, id) => calling("mai_wait", { timeout: "1h" }, id));
    const { replies } = await talk(box, [JSON.stringify([...many, calling("mai_check", {}, 0)])]);
    const refused = replies[0].filter(({ error }: Reply) => error);
    expect(refused.map(({ id, error }: Reply) => [id, error.code])).toEqual([
      [100, -32_000],
      [101, -32_000],
      [0, -32_600],
    ]);
    expect(replies[0]).toHaveLength(103);
  });
});

describe("a greeting", () => {
  const greet = (params: object) => request(1, "initialize", params);
  const version = async (params: object) =>
    (await talk(box, [greet(params)])).replies[0].result.protocolVersion;
  test.each([
    ["2024-11-05", "2024-11-05"],
    ["2025-03-26", "2025-03-26"],
    ["2025-06-18", "2025-06-18"],
    ["2025-11-25", "2025-06-18"],
    ["2099-01-01", "2025-06-18"],
    ["2020-01-01", "2025-06-18"],
    ["DRAFT-2025-v2", "2025-06-18"],
  ])("with version %s is answered with %s", async (asked, offered) => {
    const clientInfo = { name: "test", version: "1" };
    expect(await version({ protocolVersion: asked, capabilities: {}, clientInfo })).toBe(offered);
    expect(await version({ protocolVersion: asked, capabilities: null })).toBe(offered);
  });

  test("need not come first, lines may end with CRLF, and a byte order mark is passed over", async () => {
    const lines = [`\ufeff${JSON.stringify(PING)}\r`, `${JSON.stringify(calling("mai_check", {}, 2))}\r`];
    const { replies } = await talk(box, lines);
    expect(replies).toMatchObject([PONG, { id: 2, result: { isError: false } }]);
  });

  test.each([
    ["params", { jsonrpc: "2.0", id: 1, method: "tools/list", params: null }],
    ["a cursor", request(1, "tools/list", { cursor: null })],
  ])("and requests with null for %s are answered", async (_what, line) => {
    expect((await talk(box, [line])).replies[0].result.tools).toBeArray();
  });
});

describe("the project", () => {
  const HELLO = request(0, "initialize", {
    protocolVersion: "2025-06-18",
    capabilities: { roots: { listChanged: true } },
    clientInfo: { name: "test", version: "1" },
  });
  const READY = { jsonrpc: "2.0", method: "notifications/initialized" };
  const CHANGED = { jsonrpc: "2.0", method: "notifications/roots/list_changed" };
  const roots = (id: number, ...uris: string[]) => ({
    jsonrpc: "2.0",
    id: `mai-${id}`,
    result: { roots: uris.map((uri) => ({ uri })) },
  });
  const uri = (path: string) => pathToFileURL(path).href;
  let elsewhere: Sandbox;
  beforeEach(() => {
    elsewhere = new Sandbox();
    elsewhere.env = { ...elsewhere.env, MAI_HOME: box.env.MAI_HOME };
    mkdirSync(box.path("sub dir/é"), { recursive: true });
  });
  afterEach(() => elsewhere.remove());

  const found = (replies: Reply, id: number) => {
    const { structuredContent } = replies.find((reply: Reply) => reply.id === id).result;
    return structuredContent.ok ? "found" : structuredContent.error;
  };

  test.each([
    ["the roots of the client", (path: string) => [uri(path)], "found"],
    [
      "one of several roots",
      (path: string) => ["https://x.org/", "file://host/x", "no", uri("/"), uri(path)],
      "found",
    ],
    ["roots that are nowhere", () => ["file:///nowhere/%ff", "file:///a%2fb"], "PROJECT_NOT_FOUND"],
  ])("is looked for in %s", async (_what, uris, expected) => {
    const answer = roots(1, ...uris(box.path("sub dir/é")));
    const { replies } = await talk(elsewhere, [HELLO, READY, calling("mai_check", {}, 1), answer]);
    expect(replies).toContainEqual({ jsonrpc: "2.0", id: "mai-1", method: "roots/list" });
    expect(found(replies, 1)).toBe(expected);
  });

  test("is looked for again when the roots change", async () => {
    const lines = [
      HELLO,
      READY,
      roots(1, uri("/")),
      CHANGED,
      roots(2, uri(box.cwd)),
      calling("mai_check", {}, 1),
    ];
    expect(found((await talk(elsewhere, lines)).replies, 1)).toBe("found");
  });

  test("is looked for in CLAUDE_PROJECT_DIR, before the current directory", async () => {
    elsewhere.env = { ...elsewhere.env, CLAUDE_PROJECT_DIR: box.path("sub dir") };
    expect(found((await talk(elsewhere, [calling("mai_check", {}, 1)])).replies, 1)).toBe("found");
    elsewhere.env = { ...elsewhere.env, CLAUDE_PROJECT_DIR: "/nowhere" };
    await elsewhere.ok("init", "-o", "admin");
    expect(found((await talk(elsewhere, [calling("mai_check", {}, 1)])).replies, 1)).toBe("found");
  });

  test.each([
    ["--project", ["--project"], {}],
    ["MAI_PROJECT", [], { MAI_PROJECT: "named" }],
  ] as const)("that %s names counts before all, and no roots are asked for", async (_what, option, env) => {
    elsewhere.env = { ...elsewhere.env, CLAUDE_PROJECT_DIR: box.cwd };
    for (const name of Object.keys(env)) elsewhere.env = { ...elsewhere.env, [name]: elsewhere.cwd };
    const options = option.flatMap((name) => [name, elsewhere.cwd]);
    const { replies } = await talk(elsewhere, [HELLO, READY, calling("mai_check", {}, 1)], ...options);
    expect(found(replies, 1)).toBe("PROJECT_NOT_FOUND");
    expect(JSON.stringify(replies)).not.toContain("roots/list");
  });

  test("is found without an answer, when the client answers with an error or its input ends", async () => {
    const refusal = { jsonrpc: "2.0", id: "mai-1", error: { code: -32_601, message: "no" } };
    for (const last of [[refusal], []]) {
      const { replies } = await talk(box, [HELLO, READY, calling("mai_check", {}, 1), ...last]);
      expect(found(replies, 1)).toBe("found");
    }
  });
});
