import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "../../support/sandbox.ts";

/** An issue of mai-cli 1.7: no priority, naive times, no newline at the end, a record separated by a blank line. */
function olderIssue(state: string): string {
  return `# [REQ-AA00CC] Older

**发起方：** @bob
**处理方：** @alice
**创建时间：** 2026-03-02T17:17:30.494905
**状态：** ${state}
**SLA 截止：** 
**队列：** questions

---

## 问题描述

Older

## 关联上下文


## 处理记录
- [2026-03-02T17:17:31.117783] @alice: IN_PROGRESS

- [2026-03-02T17:17:30.494905] @bob: 创建`;
}

const PATH = ".mai/queues/questions/REQ-AA00CC.md";
const LEASE = ".mai/locks/REQ-AA00CC.lock";
let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

const free = (state: string) => box.write(PATH, olderIssue(state));
const leased = (state: string) => {
  free(state);
  box.write(LEASE, "alice|2026-03-02T17:17:31.116369");
};
const status = async () => (await box.ok("issue", "show", "REQ-AA00CC")).json.issue.status;

describe("what older words mean", () => {
  const ROWS = [
    ["📝 AMENDED", "OPEN", "IN_PROGRESS"],
    ["⚠️ ESCALATED", "OPEN", "IN_PROGRESS"],
    ["✅ DONE", "COMPLETED", "COMPLETED"],
    ["DONE", "COMPLETED", "COMPLETED"],
  ] as const;
  for (const [state, without, withLease] of ROWS) {
    test(`${state} is ${without} without a lease file and ${withLease} with one, stale or not`, async () => {
      free(state);
      expect(await status()).toBe(without);
      leased(state);
      expect(await status()).toBe(withLease);
      box.age(LEASE, 600);
      expect(await status()).toBe(withLease);
    });
  }
});

describe("operations on them", () => {
  for (const state of ["📝 AMENDED", "⚠️ ESCALATED"]) {
    test(`${state} without a lease is claimed, and then says IN_PROGRESS`, async () => {
      free(state);
      await box.ok("issue", "claim", "REQ-AA00CC", "-o", "bob");
      expect(box.read(PATH)).toContain("**状态：** 🔄 IN_PROGRESS\n");
    });

    test(`${state} with a live lease is held; the holder's amend leaves the word as it is`, async () => {
      leased(state);
      expect((await box.json("issue", "claim", "REQ-AA00CC", "-o", "bob")).code).toBe(2);
      await box.ok("issue", "amend", "REQ-AA00CC", "x", "-o", "alice");
      expect(box.read(PATH)).toContain(`**状态：** ${state}\n`);
    });

    test(`${state} with a stale lease is released to OPEN, in words`, async () => {
      leased(state);
      box.age(LEASE, 600);
      expect((await box.ok("lock", "guardian")).json.released).toMatchObject([{ status: "OPEN" }]);
      expect(box.read(PATH)).toContain("**状态：** ⭕ OPEN\n");
    });

    test(`${state} is blocked, transferred and completed like what it means`, async () => {
      leased(state);
      await box.ok("issue", "block", "REQ-AA00CC", "x", "-o", "alice");
      expect((await box.ok("issue", "unblock", "REQ-AA00CC", "-o", "alice")).json.status).toBe("IN_PROGRESS");
      await box.ok("issue", "transfer", "REQ-AA00CC", "bob", "-o", "alice");
      expect((await box.ok("issue", "complete", "REQ-AA00CC", "x", "-o", "bob")).json.status).toBe(
        "COMPLETED",
      );
      expect(box.read(PATH)).toContain("**状态：** ✅ COMPLETED\n");
    });
  }

  test("DONE is completed already, cannot be claimed, and can be reopened", async () => {
    free("✅ DONE");
    const before = box.tree();
    expect((await box.ok("issue", "complete", "REQ-AA00CC", "x", "-o", "bob")).json.idempotent).toBe(true);
    expect((await box.json("issue", "claim", "REQ-AA00CC", "-o", "alice")).json.error).toBe(
      "ALREADY_COMPLETED",
    );
    expect(box.tree()).toEqual(before);
    await box.ok("issue", "reopen", "REQ-AA00CC", "x", "-o", "bob");
    expect(box.read(PATH)).toContain("**状态：** ⭕ OPEN\n");
  });

  test("an operation changes what it is about: all other bytes stay", async () => {
    free("📝 AMENDED");
    await box.ok("issue", "transfer", "REQ-AA00CC", "bob", "-o", "alice");
    const [first = "", second = ""] = olderIssue("📝 AMENDED")
      .replace("处理方：** @alice", "处理方：** @bob")
      .split("## 处理记录\n");
    expect(box.read(PATH)).toStartWith(`${first}## 处理记录\n- [`);
    expect(box.read(PATH)).toEndWith(`] @alice: OPEN：转交给 @bob\n${second}`);
  });

  test("any other word refuses every operation that names the issue, and the file stays", async () => {
    free("🤔 PONDERING");
    const before = box.tree();
    for (const line of [
      ["claim"],
      ["block", "x"],
      ["confirm"],
      ["escalate"],
      ["edit", "--title", "x"],
      ["status"],
    ]) {
      const [verb = "", ...rest] = line;
      const signed = verb === "status" ? [] : ["-o", "bob"];
      expect((await box.json("issue", verb, "REQ-AA00CC", ...rest, ...signed)).json.error).toBe(
        "CORRUPT_FILE",
      );
    }
    expect(box.tree()).toEqual(before);
  });
});

test("a bare id that two queues of version 1.5 share refuses every write; QUEUE/ID names one", async () => {
  cpSync(join(import.meta.dir, "../../fixtures/python-1.5/.mai"), box.path(".mai"), { recursive: true });
  box.env = { ...box.env, MAI_OPERATOR: "designer" };
  const before = box.tree();
  for (const line of [
    ["issue", "block", "REQ-001", "x"],
    ["issue", "edit", "REQ-001", "--title", "x"],
    ["issue", "escalate", "REQ-001"],
    ["lock", "release", "REQ-001"],
    ["lock", "renew", "REQ-001"],
  ]) {
    expect((await box.json(...line)).json.error).toBe("AMBIGUOUS_ID");
  }
  expect(box.tree()).toEqual(before);
  const other = box.read(".mai/queues/quick-fix-requests/REQ-001.md");
  await box.ok("issue", "block", "programmer-questions/REQ-001", "x");
  expect(box.read(".mai/queues/quick-fix-requests/REQ-001.md")).toBe(other);
});
