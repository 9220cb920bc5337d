import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { PRIME_BYTES } from "../../src/output/prime-text.ts";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

const bytes = (text: string) => new TextEncoder().encode(text).length;

describe("mai prime", () => {
  test("tells who I am, what I hold and for how long, counts, and what to type", async () => {
    await box.ok("issue", "new", "questions", "One", "-o", "bob");
    await box.ok("issue", "new", "questions", "Two", "-o", "bob");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    const before = box.tree();
    const run = await box.run("prime", "-o", "alice");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("you are @alice");
    expect(run.stdout).toMatch(/You hold REQ-001 \(4\dm left\)/);
    expect(run.stdout).toContain("1 open, 1 in progress, 0 blocked, 0 overdue; 1 yours.");
    for (const verb of ["next", "amend", "block", "transfer", "complete"])
      expect(run.stdout).toContain(`${verb} `);
    const { json } = await box.ok("prime", "-o", "alice");
    expect(json).toMatchObject({
      operator: "alice",
      held: [{ issue_id: "REQ-001", live: true }],
      counts: { open: 1, in_progress: 1, yours: 1 },
      problem: null,
    });
    expect(box.tree()).toEqual(before);
  });

  test("stays within 1,000 bytes with the longest names and more leases than it names", async () => {
    expect(PRIME_BYTES).toBe(1000);
    const name = "漢".repeat(64);
    await box.ok("config", "set", "name", "項".repeat(60), "-o", "admin");
    for (let number = 1; number <= 6; number += 1) {
      await box.ok("issue", "new", "questions", "One", "-o", "bob");
      await box.ok("issue", "transfer", `REQ-00${number}`, "alice", "-o", "bob");
      await box.ok("issue", "claim", `REQ-00${number}`, "-o", "alice");
      box.write(`.mai/locks/REQ-00${number}.lock`, `${name}|2026-11-22T10:00:00.000+08:00|fence=1`);
    }
    const { stdout } = await box.run("prime", "-o", name);
    expect(stdout).toContain("and 2 more");
    expect(bytes(stdout)).toBeLessThanOrEqual(PRIME_BYTES);
    expect(bytes((await box.run("prime", "-o", "a".repeat(32))).stdout)).toBeLessThanOrEqual(PRIME_BYTES);
  });

  test("says nothing outside a project; with --json one document", async () => {
    box.delete(".mai");
    expect(await box.run("prime", "-o", "alice")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect((await box.ok("prime", "-o", "alice")).json).toMatchObject({
      ok: true,
      project: null,
      counts: null,
    });
  });

  test.each([
    ["settings that are no JSON", ".mai/config.json", "{"],
    ["an operator who is none", "", ""],
  ])("ends with 0 with %s, and says what is wrong", async (_what, path, text) => {
    if (path !== "") box.write(path, text);
    const run = await box.run("prime", "-o", path === "" ? "a|b" : "alice");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("cannot be read");
    expect(bytes(run.stdout)).toBeLessThanOrEqual(PRIME_BYTES);
    const { json } = await box.ok("prime", "-o", path === "" ? "a|b" : "alice");
    expect(json.problem).toMatchObject({ code: path === "" ? "INVALID_NAME" : "CONFIG_INVALID" });
  });

  test("neither waits nor writes while another mai is in the middle of a change", async () => {
    box.write(".mai/journal/commit.json", "{");
    const before = box.tree();
    box.alterSystem = (system) => ({
      ...system,
      tryFlock: () => {
        throw new Error("prime took a lock");
      },
      sleepMs: () => {
        throw new Error("prime waited");
      },
    });
    expect((await box.run("prime", "-o", "alice")).stdout).toContain("you are @alice");
    expect(box.tree()).toEqual(before);
  });
});
