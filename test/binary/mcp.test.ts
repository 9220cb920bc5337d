import { afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { BinaryProject, MAI, requireBinary } from "../support/binary.ts";

const TIMEOUT_MS = 60_000;
/** After so long another request is made, whether the one before was answered or not. */
const ANSWERED_MS = 20;

type Result = Awaited<ReturnType<Client["callTool"]>>;
type Document = ReturnType<typeof JSON.parse>;

let project: BinaryProject;
let clients: Client[] = [];
beforeAll(requireBinary);
beforeEach(async () => {
  project = await BinaryProject.after([
    ["init", "-o", "admin"],
    ["agent", "add", "alice", "-o", "admin"],
    ["agent", "add", "bob", "-o", "admin"],
  ]);
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
  project.remove();
});

/** Lets the official client library start the compiled program and greet it. */
async function connected(operator: string, mode: "legacy" | "auto" = "legacy"): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  clients.push(client);
  const env = { HOME: join(project.base, "home"), PATH: process.env.PATH ?? "" };
  await client.connect(
    new StdioClientTransport({ command: MAI, args: ["mcp", "-o", operator], cwd: project.root, env }),
  );
  return client;
}

/** Calls a tool and returns the document of its answer. */
async function told(client: Client, name: string, args: Record<string, unknown> = {}): Promise<Document> {
  return (await client.callTool({ name, arguments: args })).structuredContent;
}

/** Tells whether anybody holds an issue. */
function isHeld(id: string): boolean {
  return existsSync(join(project.root, `.mai/locks/${id}.lock`));
}

describe.each(["legacy", "auto"] as const)("a client of the %s protocol", (mode) => {
  test(
    "has fourteen tools, and two agents take an issue from making to acceptance with them",
    async () => {
      const alice = await connected("alice", mode);
      const bob = await connected("bob", mode);
      expect(alice.getServerVersion()).toMatchObject({ name: "mai" });
      expect((await alice.listTools()).tools).toHaveLength(14);
      const waiting = told(bob, "mai_wait", { handler: "bob" });
      expect(await told(bob, "mai_new", { queue: "questions", title: "Review" })).toMatchObject({
        issue_id: "REQ-001",
      });
      expect(await told(alice, "mai_next")).toMatchObject({ issue_id: "REQ-001", holder: "alice", fence: 1 });
      expect(await told(bob, "mai_amend", { id: "req-001", remark: "mind the gap" })).toMatchObject({
        ok: true,
      });
      await told(alice, "mai_transfer", { id: "REQ-001", handler: "bob", message: "green", fence: 1 });
      expect(await waiting).toMatchObject({ issue_id: "REQ-001", status: "OPEN" });
      expect(await told(bob, "mai_complete", { id: "REQ-001", conclusion: "- accepted" })).toMatchObject({
        status: "COMPLETED",
      });
      const shown = await told(alice, "mai_show", { id: "REQ-001" });
      expect(shown.issue).toMatchObject({ status: "COMPLETED", handler: "bob", creator: "bob" });
      expect(await told(alice, "mai_check")).toMatchObject({ total: 0 });
    },
    TIMEOUT_MS,
  );

  test(
    "hears the refusals of the command line: code, hint, whether to try again, exit status",
    async () => {
      const admin = await connected("admin", mode);
      await project.ok("issue", "new", "questions", "One", "-o", "admin");
      await project.ok("issue", "claim", "REQ-001", "-o", "bob");
      const { stdout } = await project.run(["--json", "issue", "transfer", "REQ-001", "bob", "-o", "admin"]);
      const args = { id: "REQ-001", handler: "bob" };
      const result: Result = await admin.callTool({ name: "mai_transfer", arguments: args });
      expect(result).toMatchObject({
        isError: true,
        structuredContent: { error: "LOCK_HELD", exit_code: 2 },
      });
      expect({ ...(result.structuredContent as object), seconds_left: 0 }).toEqual({
        ...JSON.parse(stdout),
        seconds_left: 0,
      });
      expect(JSON.stringify(result.content)).toContain("HINT: ");
    },
    TIMEOUT_MS,
  );

  test(
    "is answered while others of its requests sleep, until each has what it waits for",
    async () => {
      const alice = await connected("alice", mode);
      const order: string[] = [];
      const tell = (name: string) => (document: Document) => {
        order.push(name);
        return document;
      };
      const work = told(alice, "mai_next", { wait: true }).then(tell("next"));
      const end = told(alice, "mai_wait", { issue: "REQ-001", until: "COMPLETED" }).catch(() => null);
      const late = told(alice, "mai_wait", { handler: "bob", timeout: "10ms" });
      expect(await end).toMatchObject({ error: "NOT_FOUND" });
      expect(await late).toMatchObject({ error: "TIMEOUT", retryable: true, exit_code: 124 });
      await told(alice, "mai_check").then(tell("check"));
      await told(alice, "mai_new", { queue: "questions", title: "One" });
      expect(await work).toMatchObject({ issue_id: "REQ-001", holder: "alice" });
      expect(order).toEqual(["check", "next"]);
    },
    TIMEOUT_MS,
  );

  test(
    "takes a sleeping request back: nothing is claimed for it, and the server goes on",
    async () => {
      const alice = await connected("alice", mode);
      const abort = new AbortController();
      const given = { name: "mai_next", arguments: { wait: true, timeout: "1h" } };
      const taken = alice.callTool(given, { signal: abort.signal }).then(
        () => "answered",
        () => "taken back",
      );
      await told(alice, "mai_check");
      abort.abort();
      expect(await taken).toBe("taken back");
      await told(alice, "mai_new", { queue: "questions", title: "One" });
      await told(alice, "mai_wait", {});
      expect(isHeld("REQ-001")).toBe(false);
    },
    TIMEOUT_MS,
  );
});

test(
  "an agent, a reviewer and a lead who have nothing but tools do the whole loop",
  async () => {
    await project.ok("agent", "add", "lead", "-o", "admin");
    await project.ok("queue", "create", "dev", "--owner", "none", "--require-evidence", "yes", "-o", "admin");
    await project.ok("config", "set", "root", "admin,lead", "-o", "admin");
    await project.ok("config", "set", "escalation_handler", "lead", "-o", "admin");
    const ada = await connected("alice");
    const rev = await connected("bob");
    const lead = await connected("lead");
    const made = { queue: "dev", title: "Parser", accept: ["reads", "writes"] };
    expect(await told(rev, "mai_new", made)).toMatchObject({ ok: true, issue_id: expect.any(String) });
    const { issue_id: id } = (await told(rev, "mai_list", { queue: "dev" })).issues.map(
      (issue: { id: string }) => ({ issue_id: issue.id }),
    )[0];
    const second = { queue: "dev", title: "Printer", blocked_by: [id] };
    const { issue_id: after } = await told(rev, "mai_new", second);
    expect(await told(ada, "mai_list", { queue: "dev", blocked: true })).toMatchObject({ total: 1 });

    // Taken, given back, taken by name.
    expect(await told(ada, "mai_next")).toMatchObject({ issue_id: id, holder: "alice" });
    expect(await told(ada, "mai_release", { id })).toMatchObject({ ok: true, status: "OPEN" });
    const refused: Result = await ada.callTool({ name: "mai_next", arguments: {} });
    expect(refused.isError).toBe(true);
    expect(await told(ada, "mai_next", { id })).toMatchObject({ issue_id: id, holder: "alice" });

    // Stuck, and decided by the lead.
    expect(await told(ada, "mai_block", { id, reason: "which grammar?" })).toMatchObject({
      status: "BLOCKED",
    });
    const { new_id: escalation } = await told(ada, "mai_escalate", { id });
    expect(await told(ada, "mai_complete", { id: escalation, conclusion: "mine" })).toMatchObject({
      error: "PERMISSION_DENIED",
    });
    expect(await told(lead, "mai_next")).toMatchObject({ issue_id: escalation, holder: "lead" });
    expect(await told(lead, "mai_complete", { id: escalation, conclusion: "the small one" })).toMatchObject({
      status: "COMPLETED",
    });
    expect(JSON.stringify(await told(ada, "mai_show", { id }))).toContain("the small one");

    // Handed over, sent back, handed over again.
    expect(await told(ada, "mai_amend", { id, n: [1] })).toMatchObject({ ok: true });
    expect(await told(ada, "mai_transfer", { id, handler: "bob", done: ["reads"] })).toMatchObject({
      ok: true,
    });
    expect(await told(rev, "mai_next", { id })).toMatchObject({ holder: "bob" });
    expect(await told(rev, "mai_reject", { id, reason: "it does not write" })).toMatchObject({
      owner: "alice",
    });
    expect(JSON.stringify(await told(ada, "mai_next"))).toContain("it does not write");
    await told(ada, "mai_amend", { id, n: [2] });
    await told(ada, "mai_transfer", { id, handler: "bob", message: "it writes" });

    // Accepted with evidence, taken back, accepted again; what waited for it is free.
    expect(await told(rev, "mai_complete", { id, conclusion: "good" })).toMatchObject({
      error: "EVIDENCE_REQUIRED",
    });
    const evidence = ['cmd:test -z "$(cat)" && echo green'];
    const good = { id, conclusion: "good", evidence };
    expect(await told(rev, "mai_complete", good)).toMatchObject({ status: "COMPLETED" });
    expect(await told(rev, "mai_undo", { issue: id })).toMatchObject({ ok: true, issue_id: id });
    expect(await told(rev, "mai_complete", good)).toMatchObject({ status: "COMPLETED" });
    expect(await told(ada, "mai_next")).toMatchObject({ issue_id: after });
  },
  TIMEOUT_MS,
);

/** Starts the program with pipes of its own. */
function started() {
  return Bun.spawn([MAI, "mcp", "-o", "alice"], {
    cwd: project.root,
    env: { HOME: join(project.base, "home"), PATH: process.env.PATH ?? "" },
    ...{ stdin: "pipe", stdout: "pipe", stderr: "pipe" },
  });
}

const SLEEPING = { name: "mai_next", arguments: { wait: true, timeout: "1h" } };
const line = (id: number, method: string, params = {}) =>
  `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;

describe("the end", () => {
  test(
    "of the input ends the server quietly, with a request asleep, and leaves no lease",
    async () => {
      const child = started();
      child.stdin.write(line(1, "tools/call", SLEEPING) + line(2, "ping"));
      await child.stdin.end();
      expect(await new Response(child.stdout).text()).toContain('"id":2');
      expect(await new Response(child.stderr).text()).toBe("");
      expect(await child.exited).toBe(0);
      await project.ok("issue", "new", "questions", "One", "-o", "admin");
      expect(isHeld("REQ-001")).toBe(false);
    },
    TIMEOUT_MS,
  );

  test(
    "of the output does too",
    async () => {
      const child = started();
      child.stdin.write(line(1, "tools/call", SLEEPING) + line(2, "ping"));
      const reader = child.stdout.getReader();
      await reader.read();
      await reader.cancel();
      // This end may be closed a moment later, and an answer be written before that: the next one notices.
      for (let id = 3; child.exitCode === null; id += 1) {
        child.stdin.write(line(id, "ping"));
        child.stdin.flush();
        await Promise.race([child.exited, Bun.sleep(ANSWERED_MS)]);
      }
      expect(child.exitCode).toBe(0);
      expect(await new Response(child.stderr).text()).toBe("");
    },
    TIMEOUT_MS,
  );

  test(
    "of nothing comes by noise: a mebibyte without a line, bytes that are no text, a thousand requests",
    async () => {
      const child = started();
      const noise = new Uint8Array(3_000_000).fill(0xff);
      child.stdin.write(noise);
      child.stdin.write(`\n\u0000\u001b[31m\n${line(1, "tools/call", { name: "\u202e\u001b" })}`);
      for (let id = 2; id < 1002; id += 1) child.stdin.write(line(id, "ping"));
      await child.stdin.end();
      const replies = (await new Response(child.stdout).text()).trimEnd().split("\n");
      expect(replies.every((reply) => !/[\u0000-\u001f\u007f-\u009f\u202e]/.test(reply))).toBe(true);
      const answers = replies.map((reply) => JSON.parse(reply));
      expect(answers.filter(({ id }) => id === null).map(({ error }) => error.code)).toEqual([
        -32_700, -32_700,
      ]);
      expect(answers).toHaveLength(1003);
      expect(await child.exited).toBe(0);
    },
    TIMEOUT_MS,
  );
});
