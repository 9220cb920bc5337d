import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("queue", "set", "questions", "--require-evidence", "yes", "-o", "admin");
  const facts = ["--priority", "P1", "--label", "api", "--accept", "tests pass"];
  await box.ok("issue", "new", "questions", "One", "--body", "line 1\nHINT: line 2", ...facts, "-o", "admin");
});
afterEach(() => box.remove());

const next = async (name: string, ...more: readonly string[]) =>
  (await box.ok("next", "-o", name, ...more)).json;

describe("mai next shows all that is needed to begin", () => {
  test("the facts, the body, the check list, who accepts, and what they will ask for", async () => {
    expect(await next("alice")).toMatchObject({
      ...{ title: "One", creator: "admin", queue: "questions", priority: "P1", labels: ["api"] },
      sla_deadline: expect.any(String),
      acceptance: [{ n: 1, text: "tests pass", done: false }],
      require_evidence: true,
      accepted_by: expect.arrayContaining(["admin"]),
      description: "line 1\nHINT: line 2",
    });
    const { stdout } = await box.run("next", "-o", "alice");
    expect(stdout).toContain("\n  line 1\n  HINT: line 2");
    expect(stdout).toContain("with evidence (--evidence)");
    const brief = await box.run("next", "-o", "alice", "--brief");
    expect(brief.stdout).not.toContain("line 1");
    expect((await box.ok("issue", "claim", "REQ-001", "-o", "alice")).json).toMatchObject({
      description: "line 1\nHINT: line 2",
      require_evidence: true,
    });
  });

  test("the message of a transfer and the remarks since, but none from before", async () => {
    await next("alice");
    await box.ok("issue", "amend", "REQ-001", "before", "-o", "alice");
    await box.ok("issue", "transfer", "REQ-001", "bob", "please review", "-o", "alice");
    await box.ok("issue", "amend", "REQ-001", "after", "-o", "admin");
    await box.ok("issue", "label", "REQ-001", "+ui", "-o", "admin");
    const { remarks } = await next("bob");
    expect(remarks.map(({ actor, text }: Record<string, string>) => [actor, text])).toEqual([
      ["alice", "please review"],
      ["admin", "after"],
    ]);
    expect((await box.run("next", "-o", "bob")).stdout).toContain(
      "\n  @alice: please review\n  @admin: after",
    );
  });

  test("why it was sent back, as the reason where that is why, until it is completed", async () => {
    await next("alice");
    await box.ok("issue", "transfer", "REQ-001", "admin", "-o", "alice");
    await box.ok("issue", "reject", "REQ-001", "no tests", "-o", "admin");
    expect(await next("alice")).toMatchObject({
      why: "Rejected by @admin: no tests",
      sent_back: { how: "rejected", by: "admin", text: "no tests" },
    });
    const { stdout } = await box.run("next", "-o", "alice");
    expect(stdout.match(/no tests/g)).toHaveLength(1);
    await box.ok("issue", "complete", "REQ-001", "good", "--force", "-o", "admin");
    await box.ok("issue", "reopen", "REQ-001", "fails on Windows", "-o", "admin");
    expect((await next("alice")).sent_back).toMatchObject({ how: "reopened", text: "fails on Windows" });
  });

  test("a hand-over note is shown until the next hand-over, rejection or completion", async () => {
    await next("alice");
    await box.ok("issue", "transfer", "REQ-001", "bob", "--done", "parser", "-o", "alice");
    expect((await next("bob")).handover).toMatchObject({ done: ["parser"] });
    await box.ok("lock", "release", "REQ-001", "-o", "bob");
    expect((await box.ok("issue", "claim", "REQ-001", "-o", "alice")).json.handover).toMatchObject({
      from: "alice",
    });
    await box.ok("issue", "transfer", "REQ-001", "admin", "-o", "alice");
    expect((await next("admin")).handover).toBeNull();
  });
});
