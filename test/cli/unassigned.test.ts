import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
});
afterEach(() => box.remove());

describe("an issue that nobody handles", () => {
  test.each(
    [
      ["issue", "show", "REQ-001"],
      ["issue", "list"],
      ["issue", "status", "REQ-001"],
      ["queue", "check"],
      ["queue", "blockers"],
      ["status", "--verbose"],
      ["graph", "REQ-001"],
      ["escalation", "gen", "REQ-001"],
      ["agent", "list"],
      ["stats"],
      ["prime", "-o", "alice"],
      ["issue", "complete", "REQ-001", "done", "-o", "bob"],
      ["issue", "unblock", "REQ-001", "-o", "bob"],
    ].map((argv) => ({ argv, line: argv.join(" ") })),
  )("is never handled by @default: mai $line", async ({ argv }) => {
    await box.ok("issue", "transfer", "REQ-001", "none", "anybody can do it", "-o", "admin");
    await box.ok("issue", "block", "REQ-001", "no access", "-o", "admin");
    const { stdout, stderr } = await box.run(...argv);
    expect(stdout + stderr).not.toMatch(/@default|\bdefault\b/);
  });

  test("has the handler default in JSON, and is called unassigned beside it", async () => {
    const facts = { owner: "default", unassigned: true };
    expect((await box.json("issue", "show", "REQ-001")).json.issue).toMatchObject({
      ...facts,
      handler: "default",
    });
    expect((await box.json("issue", "list")).json.issues[0]).toMatchObject(facts);
    expect((await box.ok("issue", "transfer", "REQ-001", "alice", "-o", "admin")).json).not.toHaveProperty(
      "unassigned",
    );
  });

  test.each(["none", "unassigned", "default", "@none", "NONE"])(
    "is one that was transferred to %s, and `--handler` finds it by that name",
    async (word) => {
      await box.ok("issue", "transfer", "REQ-001", "alice", "-o", "admin");
      const { json } = await box.ok("issue", "transfer", "REQ-001", word, "-o", "alice");
      expect(json).toMatchObject({ owner: "default", next_handler: "default", unassigned: true });
      expect((await box.json("issue", "list", "--handler", word)).json.total).toBe(1);
      expect((await box.json("queue", "check", "--handler", word)).json.total).toBe(1);
      await box.ok("issue", "transfer", "REQ-001", "alice", "-o", "admin");
      expect((await box.json("issue", "list", "--handler", word)).json.total).toBe(0);
      const waiting = ["wait", "--handler", word, "--timeout", "1ms"];
      expect((await box.run(...waiting)).code).toBe(124);
      await box.ok("issue", "transfer", "REQ-001", "none", "-o", "admin");
      expect((await box.run(...waiting)).code).toBe(0);
    },
  );
});

describe("a queue", () => {
  test("with an owner says that new issues go there, and that --owner none lets any agent take them", async () => {
    const { stdout } = await box.run("queue", "create", "dev", "--owner", "tim", "-o", "admin");
    expect(stdout).toContain("New issues go to @tim; --owner none lets any agent take them.");
    const { json } = await box.ok("queue", "set", "dev", "--owner", "alice", "-o", "admin");
    expect(json.new_issues).toStartWith("New issues go to @alice;");
  });

  test.each(
    [
      ["queue", "create", "dev", "--owner", "none"],
      ["queue", "set", "questions", "--owner", "unassigned"],
      ["config", "set", "queues.questions.handler", "none"],
    ].map((argv) => ({ argv, line: argv.join(" ") })),
  )("of nobody lets any agent take its issues: mai $line", async ({ argv }) => {
    await box.ok("queue", "set", "questions", "--owner", "alice", "-o", "admin");
    await box.ok(...argv, "-o", "admin");
    const queue = argv.includes("dev") ? "dev" : "questions";
    expect(JSON.parse(box.read(".mai/config.json")).queues[queue].handler).toBe("default");
    expect((await box.ok("issue", "new", queue, "Two", "-o", "admin")).json.unassigned).toBe(true);
    const { stdout } = await box.run("queue", "set", queue, "--sla", "1", "-o", "admin");
    expect(stdout).toContain("owner unassigned");
    expect(stdout).toContain("New issues are unassigned: any agent can take them.");
  });
});
