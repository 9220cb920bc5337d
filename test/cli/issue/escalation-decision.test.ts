import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("agent", "add", "cy", "-o", "admin");
  await box.ok("issue", "new", "questions", "One", "-o", "bob");
  await box.ok("next", "-o", "cy");
});
afterEach(() => box.remove());

const show = async (id: string) => (await box.ok("issue", "show", id)).json.issue;

async function escalate(): Promise<{ readonly new_id: string; readonly new_handler: string }> {
  return (await box.ok("issue", "escalate", "REQ-001", "-o", "cy")).json;
}

describe("an escalation is assigned to", () => {
  test("the first root where nothing else is said", async () => {
    expect(await escalate()).toMatchObject({ new_id: "REQ-002", new_handler: "admin" });
    expect((await show("REQ-002")).handler).toBe("admin");
  });

  test("the owner of the escalation queue, before a root", async () => {
    await box.ok("queue", "set", "decisions", "--owner", "alice", "-o", "admin");
    expect((await escalate()).new_handler).toBe("alice");
  });

  test("escalation_handler, before both; `none` takes the setting back", async () => {
    await box.ok("config", "set", "escalation_handler", "bob", "-o", "admin");
    expect((await box.json("config", "set", "escalation_handler", "bbo", "-o", "admin")).json.error).toBe(
      "INVALID_AGENT",
    );
    expect((await escalate()).new_handler).toBe("bob");
    await box.ok("config", "set", "escalation_handler", "none", "-o", "admin");
    await box.ok("issue", "new", "questions", "Two", "-o", "bob");
    expect((await box.ok("issue", "escalate", "REQ-003", "-o", "bob")).json.new_handler).toBe("admin");
  });

  test("never whoever escalated", async () => {
    await box.ok("config", "set", "escalation_handler", "cy", "-o", "admin");
    await box.ok("queue", "set", "decisions", "--owner", "cy", "-o", "admin");
    expect((await escalate()).new_handler).toBe("admin");
  });
});

describe("an escalation is decided", () => {
  test.each([
    ["complete", ["issue", "complete", "REQ-002", "as I like"]],
    ["confirm", ["issue", "confirm", "REQ-002"]],
  ])("by no creator, handler or agent: %s", async (_name, argv) => {
    await escalate();
    await box.ok("issue", "transfer", "REQ-002", "alice", "-o", "admin");
    for (const name of ["cy", "alice", "bob"]) {
      const { json } = await box.json(...argv, "-o", name);
      expect(json).toMatchObject({ error: "PERMISSION_DENIED", allowed: ["root", "queue_owner"] });
      expect(json.message).toContain("it is an escalation");
    }
  });

  test("by nobody who moves it into a queue of their own", async () => {
    await escalate();
    await box.ok("issue", "edit", "REQ-002", "--queue", "cy", "-o", "cy");
    expect((await box.json("issue", "complete", "REQ-002", "so", "-o", "cy")).json.error).toBe(
      "PERMISSION_DENIED",
    );
    await box.ok("lock", "release", "REQ-001", "-o", "cy");
    expect((await box.json("next", "-o", "cy")).json.error).toBe("NOTHING_READY");
  });

  test("and not taken by whoever escalated, even with --any", async () => {
    await escalate();
    await box.ok("issue", "block", "REQ-001", "undecided", "-o", "cy");
    for (const more of [[], ["--any"]])
      expect((await box.json("next", "-o", "cy", ...more)).json).toMatchObject({
        error: "NOTHING_READY",
        passed_over: expect.arrayContaining([expect.objectContaining({ issue_id: "REQ-002" })]),
      });
    expect((await box.ok("next", "-o", "admin")).json).toMatchObject({
      issue_id: "REQ-002",
      accepted_by: ["admin", expect.anything()],
    });
  });

  test("by the owner of the escalation queue", async () => {
    await box.ok("queue", "set", "decisions", "--owner", "alice", "-o", "admin");
    await escalate();
    expect((await box.ok("issue", "complete", "REQ-002", "go on", "-o", "alice")).json.status).toBe(
      "COMPLETED",
    );
  });

  test("also where an older version made it: unassigned, by its record in the original", async () => {
    await escalate();
    const path = ".mai/queues/decisions/REQ-002.md";
    box.write(path, box.read(path).replace("@admin", "@default"));
    await box.ok("issue", "block", "REQ-001", "undecided", "-o", "cy");
    for (const name of ["cy", "alice"]) {
      expect((await box.json("next", "-o", name)).json.error).toBe("NOTHING_READY");
      expect((await box.json("issue", "complete", "REQ-002", "so", "-o", name)).json.error).toBe(
        "PERMISSION_DENIED",
      );
    }
    expect((await box.ok("prime", "-o", "admin")).json.waiting).toMatchObject([{ issue_id: "REQ-002" }]);
    await box.ok("issue", "complete", "REQ-002", "so", "-o", "admin");
  });
});

describe("a decision", () => {
  test("stands in the records of the original, unblocks it, and is shown by next", async () => {
    await box.ok("issue", "block", "REQ-001", "which way?", "-o", "cy");
    await escalate();
    const waiting = box.json("wait", "--issue", "REQ-001", "-o", "cy", "--timeout", "20s");
    await box.ok("issue", "complete", "REQ-002", "the left one", "-o", "admin");
    expect((await waiting).json).toMatchObject({ ok: true, issue_id: "REQ-001", status: "IN_PROGRESS" });
    const issue = await show("REQ-001");
    expect(issue).toMatchObject({ status: "IN_PROGRESS", handler: "cy" });
    expect(issue.records[0]).toMatchObject({ actor: "admin", text: "REQ-002 的决定：the left one" });
    const { json } = await box.ok("next", "-o", "cy");
    expect(json.remarks.at(-1)).toMatchObject({ actor: "admin", text: "REQ-002 的决定：the left one" });
    const events = (await box.run("events", "--issue", "REQ-001")).stdout;
    expect(events).toMatch(/issue\.unblocked.*@admin/);
    expect((await box.ok("doctor")).json.findings).toEqual([]);
  });

  test("opens it to everybody where its lease has ended meanwhile", async () => {
    await box.ok("issue", "block", "REQ-001", "which way?", "-o", "cy");
    await escalate();
    box.age(".mai/locks/REQ-001.lock", 60);
    await box.ok("issue", "complete", "REQ-002", "the left one", "-o", "admin");
    expect(await show("REQ-001")).toMatchObject({ status: "OPEN", handler: "default" });
    expect((await box.ok("next", "-o", "alice")).json.issue_id).toBe("REQ-001");
  });

  test("leaves what was not blocked, or was blocked for something else since, in its state", async () => {
    await escalate();
    await box.ok("issue", "block", "REQ-001", "no access", "-o", "cy");
    await box.ok("issue", "complete", "REQ-002", "the left one", "-o", "admin");
    const issue = await show("REQ-001");
    expect(issue.status).toBe("BLOCKED");
    expect(issue.records[0]).toMatchObject({ word: "AMENDED", text: "REQ-002 的决定：the left one" });
  });

  test("that is never taken says so too: the escalation was discarded", async () => {
    await box.ok("issue", "block", "REQ-001", "which way?", "-o", "cy");
    await escalate();
    await box.ok("issue", "discard", "REQ-002", "not our question", "-o", "admin");
    const issue = await show("REQ-001");
    expect(issue.status).toBe("IN_PROGRESS");
    expect(issue.records[0].text).toBe("REQ-002 未作决定，已废弃：not our question");
  });

  test("on an issue that is finished, gone or archived is no trouble", async () => {
    await escalate();
    await box.ok("issue", "discard", "REQ-001", "needless", "--force", "-o", "admin");
    await box.ok("issue", "complete", "REQ-002", "so", "-o", "admin");
    expect((await show("REQ-001")).records[0].word).toBe("DISCARDED");
  });
});

test("prime shows first what waits for the lead, and why a held issue is BLOCKED", async () => {
  await box.ok("issue", "new", "questions", "Review", "-o", "bob");
  await box.ok("issue", "transfer", "REQ-002", "admin", "-o", "bob");
  await box.ok("issue", "block", "REQ-001", "which way?", "-o", "cy");
  await escalate();
  const { stdout } = await box.run("prime", "-o", "admin");
  expect(stdout.split("\n")[1]).toMatch(/^Waiting for you: REQ-003 P0, \S+ old: 升级自 REQ-001: One$/);
  expect(stdout.split("\n")[2]).toMatch(/^Waiting for you: REQ-002 P2, /);
  const mine = await box.run("prime", "-o", "cy");
  expect(mine.stdout).toContain("You hold REQ-001 (BLOCKED: which way?).");
  expect((await box.ok("prime", "-o", "cy")).json.held[0].blocked).toBe("which way?");
});
