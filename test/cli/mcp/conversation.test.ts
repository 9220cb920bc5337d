import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { MAX_MESSAGE_BYTES, MessageLines } from "../../../src/cli/mcp/message-lines.ts";
import { Sandbox } from "../../support/sandbox.ts";
import { calling, type Reply, request, talk } from "./talk.ts";

const PING = request("ping", "ping");
const PONG = { jsonrpc: "2.0", id: "ping", result: {} };

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

describe("what is no request", () => {
  test.each([
    ["no JSON", "{", -32_700],
    ["JSON that is nested too deep", "[".repeat(1_000_000), -32_700],
    ["more than a mebibyte", "x".repeat(MAX_MESSAGE_BYTES + 1), -32_700],
    ["an empty list", "[]", -32_600],
    ["a text", '"ping"', -32_600],
    ["nothing", "null", -32_600],
    ["an object without a method", {}, -32_600],
    ["an id that is an object", request({}, "ping"), -32_600],
    ["an id that is null", request(null, "tools/call", { name: "mai_next" }), -32_600],
    ["a fraction for an id", request(1.5, "ping"), -32_600],
    ["a method that every object has", request(1, "toString"), -32_601],
    ["a method called __proto__", request(1, "__proto__"), -32_601],
    ["another method", request(1, "resources/list"), -32_601],
    ["params that are a list", request(1, "tools/list", []), -32_602],
    ["a call of nothing", request(1, "tools/call"), -32_602],
    ["a tool that there is not", calling("claim"), -32_602],
    ["a tool that every object has", calling("constructor"), -32_602],
    ["a name that is a number", calling(7 as unknown as string), -32_602],
    ["a greeting without a version", request(1, "initialize", {}), -32_603],
    ["params that do not fit", request(1, "tools/list", { _meta: 7 }), -32_602],
  ])("%s is an error of the protocol, and the next request is answered", async (_what, line, code) => {
    const before = box.tree();
    const { code: status, stderr, replies } = await talk(box, [line, PING]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(replies.filter((reply: Reply) => reply.error)).toMatchObject([
      { jsonrpc: "2.0", error: { code } },
    ]);
    expect(replies).toContainEqual(PONG);
    expect(box.tree()).toEqual(before);
  });

  test.each([
    ["an answer to nothing", { jsonrpc: "2.0", id: 1, result: {} }],
    ["an error of the client", { jsonrpc: "2.0", id: 1, error: { code: 1, message: "x" } }],
    ["a notification", { jsonrpc: "2.0", method: "notifications/initialized" }],
    ["a notification that nobody knows", { jsonrpc: "2.0", method: "notifications/x", params: 7 }],
    [
      "a cancellation of nothing",
      { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 9 } },
    ],
    [
      "a tool that is called as a notification",
      { jsonrpc: "2.0", method: "tools/call", params: { name: "mai_check" } },
    ],
    ["an empty line", "   "],
  ])("%s is taken without a word", async (_what, line) => {
    expect((await talk(box, [line, PING])).replies).toEqual([PONG]);
  });
});

describe("wrong arguments of a tool are refused as a wrong command line", () => {
  test.each([
    ["a list", "mai_show", ["REQ-001"], "takes an object"],
    ["a text that is no JSON object", "mai_show", "REQ-001", "takes an object"],
    ["none where one is needed", "mai_show", {}, "needs id"],
    ["null where one is needed", "mai_show", { id: null }, "needs id"],
    ["an unknown one", "mai_show", { id: "REQ-001", idd: 1 }, 'no argument "idd"'],
    ["a misspelt one", "mai_amend", { id: "REQ-001", remrk: "x" }, 'no argument "remrk"'],
    [
      "one of the command that is not offered",
      "mai_transfer",
      { id: "REQ-001", handler: "bob", force: true },
      "force",
    ],
    ["an object for a text", "mai_amend", { id: "REQ-001", remark: {} }, "remark takes a text"],
    ["a list for a text", "mai_amend", { id: "REQ-001", remark: ["a", "b"] }, "remark takes a text"],
    ["a text for a number", "mai_check", { limit: "x" }, "limit takes a whole number"],
    ["a fraction for a number", "mai_check", { limit: 0.5 }, "limit takes a whole number"],
    ["a word for a truth value", "mai_check", { all: "maybe" }, "all takes true or false"],
    ["a choice that there is not", "mai_new", { queue: "questions", title: "x", priority: "P9" }, "priority"],
    ["an object in a list", "mai_new", { queue: "questions", title: "x", label: [{}] }, "label takes a list"],
    ["an odd duration", "mai_wait", { timeout: "soon" }, "duration"],
  ])("%s", async (_what, name, args, said) => {
    const { replies } = await talk(box, [calling(name, args)], "--project", box.cwd);
    expect(replies[0].result).toMatchObject({
      isError: true,
      structuredContent: { error: "USAGE", exit_code: 64 },
    });
    expect(replies[0].result.structuredContent.message).toContain(said);
  });

  test("a prototype is an unknown argument like any other", async () => {
    const line =
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"mai_show","arguments":{"id":"REQ-001","__proto__":{"x":1}}}}';
    const { replies } = await talk(box, [line]);
    expect(replies[0].result.structuredContent).toMatchObject({ error: "USAGE", argument: "__proto__" });
  });
});

describe("a request that sleeps", () => {
  const wait = (id: unknown) => calling("mai_wait", { timeout: "1h" }, id);

  test("keeps no other waiting, and is told when the input ends", async () => {
    const { code, replies } = await talk(box, [wait("asleep"), calling("mai_check", {}, 2), PING]);
    expect(code).toBe(0);
    expect(replies.map(({ id }: Reply) => id).at(-1)).toBe("asleep");
    expect(replies).toHaveLength(3);
    expect(replies.at(-1).result.structuredContent).toMatchObject({ error: "INTERRUPTED", exit_code: 130 });
  });

  test("gets no answer once it is cancelled", async () => {
    const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "asleep" } };
    expect((await talk(box, [wait("asleep"), cancel, PING])).replies).toEqual([PONG]);
  });

  test("cannot be asked for twice by one id; by another kind of id it can", async () => {
    const { replies } = await talk(box, [wait("1"), wait("1"), wait(1)]);
    expect(replies.filter(({ error }: Reply) => error)).toMatchObject([
      { id: "1", error: { code: -32_600 } },
    ]);
    expect(replies).toHaveLength(3);
  });

  test("is one of at most a hundred", async () => {
    const { replies } = await talk(
      box,
      Array.from({ length: 102 }, (_, id) => wait(id)),
    );
    const busy = replies.filter(({ error }: Reply) => error);
    expect(busy).toMatchObject([100, 101].map((id) => ({ id, error: { code: -32_000 } })));
    expect(replies).toHaveLength(102);
  });

  test("gives next its work when there is some", async () => {
    const { replies } = await talk(box, [
      calling("mai_next", { operator: "alice", any: true, wait: true }, "next"),
      calling("mai_new", { queue: "questions", title: "One", operator: "alice" }, "new"),
    ]);
    // The input has ended by then: what was found before that counts, what was not is told so.
    const result = replies.find(({ id }: Reply) => id === "next").result.structuredContent;
    const held = (await box.ok("lock", "check", "REQ-001")).json.lock;
    expect(result.ok).toBe(held !== null);
  });
});

test("a client that went away ends the server quietly", async () => {
  box.stdoutIsClosed = true;
  expect(await talk(box, [PING, calling("mai_wait", { timeout: "1h" })])).toMatchObject({
    code: 0,
    stderr: "",
  });
});

describe("MessageLines", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  test("reads messages wherever their bytes are cut", () => {
    const all = bytes('{"a":"é👩"}\r\n\n[1]\n"last"');
    for (let cut = 0; cut <= all.length; cut += 1) {
      const lines = new MessageLines();
      const found = [...lines.add(all.subarray(0, cut)), ...lines.add(all.subarray(cut)), ...lines.end()];
      expect(found.map((line) => (line.kind === "message" ? line.message : line.fault))).toEqual([
        { a: "é👩" },
        [1],
        "last",
      ]);
    }
  });

  test("keeps the bytes of a chunk whose memory is used again", () => {
    const lines = new MessageLines();
    const chunk = bytes('"on');
    lines.add(chunk);
    chunk.fill(0);
    expect(lines.add(bytes('e"\n'))).toEqual([{ kind: "message", message: "one" }]);
  });

  test("reads the largest message, drops a larger one whole, and reads the next", () => {
    const lines = new MessageLines();
    const largest = `"${"x".repeat(MAX_MESSAGE_BYTES - 2)}"`;
    expect(lines.add(bytes(`${largest}\n`))).toMatchObject([{ kind: "message" }]);
    expect(lines.add(bytes(largest))).toEqual([]);
    expect(lines.add(bytes(" \n7\n"))).toEqual([
      { kind: "fault", fault: "too large", id: null },
      { kind: "message", message: 7 },
    ]);
  });

  test("takes bytes that are no UTF-8 for no JSON", () => {
    expect(new MessageLines().add(new Uint8Array([0x22, 0xff, 0x22, 0x0a]))).toEqual([
      { kind: "fault", fault: "not JSON", id: null },
    ]);
  });
});
