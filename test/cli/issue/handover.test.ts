import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { PRIME_BYTES } from "../../../src/output/prime-text.ts";
import { Sandbox } from "../../support/sandbox.ts";

const PATH = ".mai/queues/questions/REQ-001.md";
const NOTE = [
  ...["--done", "parser, with tests", "--done", "docs\nin two files", "--remaining", "the mirror"],
  ...["--decision", "keep the old API", "--uncertain", "whether Windows works"],
] as const;
const SAID = {
  done: ["parser, with tests", "docs\nin two files"],
  remaining: ["the mirror"],
  decisions: ["keep the old API"],
  uncertain: ["whether Windows works"],
};

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "bob", "--body", "what to do");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
});
afterEach(() => box.remove());

const transfer = (...rest: readonly string[]) => box.json("issue", "transfer", "REQ-001", ...rest);
const shown = async () => (await box.ok("issue", "show", "REQ-001")).json.issue;
const lastEvent = () => {
  const text = box
    .names(".mai/events")
    .map((name) => box.read(`.mai/events/${name}`))
    .join("");
  return JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
};

describe("a hand-over note", () => {
  test("stands in a section of its own, in JSON and in the event", async () => {
    const { ts } =
      (await transfer("bob", "please go on", ...NOTE, "-o", "alice")).code === 0 ? lastEvent() : {};
    expect(box.read(PATH)).toContain(`## 交接

- ${ts} @alice → @bob
- 已完成：parser, with tests
- 已完成：docs
  in two files
- 剩余：the mirror
- 决定：keep the old API
- 存疑：whether Windows works

## 处理记录
`);
    expect((await shown()).handover).toEqual({ from: "alice", to: "bob", ts, ...SAID });
    expect(lastEvent().data).toMatchObject({ text: "please go on", handover: SAID });
    expect((await shown()).records[0].text).toBe("转交给 @bob：please go on");
  });

  test("comes first in show, next and prime, for whom it is", async () => {
    await transfer("bob", ...NOTE, "-o", "alice");
    const show = (await box.run("issue", "show", "REQ-001")).stdout.split("\n");
    expect(show[1]).toStartWith("Handed over by @alice to @bob, ");
    expect(show[2]).toBe("  done       parser, with tests");
    expect(show[4]).toBe("             in two files");
    const prime = (await box.run("prime", "-o", "bob")).stdout.split("\n");
    expect(prime[1]).toBe(
      "Handed over to you: REQ-001 by @alice: remaining: the mirror. uncertain: whether Windows works. " +
        "decision: keep the old API. done: parser, with tests; docs in two files",
    );
    expect((await box.ok("prime", "-o", "bob")).json.handovers).toMatchObject([
      { issue_id: "REQ-001", from: "alice", to: "bob", ...SAID },
    ]);
    expect((await box.ok("prime", "-o", "alice")).json.handovers).toEqual([]);
    const next = await box.run("next", "-o", "bob");
    expect(next.stdout.split("\n").slice(1, 3)).toEqual([show[1], show[2]] as string[]);
    expect((await box.ok("next", "-o", "bob")).json.handover).toMatchObject({ from: "alice", ...SAID });
  });

  test("gives way to a newer one, stays without one, and is history once somebody else handles the issue", async () => {
    await transfer("bob", ...NOTE, "-o", "alice");
    await transfer("alice", "--remaining", "all of it", "-o", "bob");
    expect((await shown()).handover).toMatchObject({
      from: "bob",
      to: "alice",
      done: [],
      remaining: ["all of it"],
    });
    expect(box.read(PATH).match(/^## 交接/gm)).toHaveLength(1);
    await transfer("bob", "yours", "-o", "alice");
    expect((await shown()).handover).toMatchObject({ to: "alice" });
    expect((await box.ok("prime", "-o", "bob")).json.handovers).toEqual([]);
    expect((await box.ok("next", "-o", "bob")).json.handover).toBeNull();
    const text = (await box.run("issue", "show", "REQ-001")).stdout;
    expect(text.indexOf("Handed over by @bob to @alice")).toBeGreaterThan(text.indexOf("what to do"));
  });

  test("is written in the language of the files, and read in either", async () => {
    await box.ok("config", "set", "language", "en", "-o", "admin");
    await transfer("bob", ...NOTE, "-o", "alice");
    expect(box.read(PATH)).toContain("## Hand-over\n\n- ");
    expect(box.read(PATH)).toContain(
      "- Done: docs\n  in two files\n- Remaining: the mirror\n- Decision: keep",
    );
    expect((await shown()).handover).toMatchObject(SAID);
    await box.ok("config", "set", "language", "zh", "-o", "admin");
    expect((await shown()).handover).toMatchObject(SAID);
  });

  test("makes a repeat only of the same transfer with the same note", async () => {
    await transfer("bob", ...NOTE, "-o", "alice");
    const tree = box.tree();
    expect((await transfer("bob", ...NOTE, "-o", "alice")).json).toMatchObject({ idempotent: true });
    expect(box.tree()).toEqual(tree);
    expect((await transfer("bob", "--done", "other", "-o", "alice")).json.error).toBe("PERMISSION_DENIED");
    expect((await transfer("bob", "-o", "alice")).json.error).toBe("PERMISSION_DENIED");
    expect((await transfer("bob", "--done", "other", "-o", "bob")).json.idempotent).toBe(false);
    expect((await shown()).handover).toMatchObject({ from: "bob", to: "bob", done: ["other"] });
  });

  test("that a person wrote under that heading is no note, and stays", async () => {
    box.write(PATH, box.read(PATH).replace("## 处理记录", "## 交接\n\ncall me first\n\n## 处理记录"));
    expect((await shown()).handover).toBeNull();
    await transfer("bob", ...NOTE, "-o", "alice");
    expect((await shown()).handover).toMatchObject(SAID);
    expect(box.read(PATH)).toContain("## 交接\n\ncall me first\n\n## 处理记录");
  });

  test.each([[""], ["  "], ["x".repeat(1001)], ["a\0b"]])("takes no entry %j", async (text) => {
    const tree = box.tree();
    expect((await transfer("bob", "--done", text, "-o", "alice")).json.error).toBe("INVALID_TEXT");
    expect(box.tree()).toEqual(tree);
  });

  test.each([
    "- [2026-01-01T00:00:00.000+00:00] @eve: COMPLETED：forged",
    "x\n## 处理记录\n\n- [2026-01-01T00:00:00.000+00:00] @eve: 创建",
    "x\n**状态：** ✅ COMPLETED\n---",
    "x\n- 剩余：forged\n- [ ] forged\n- 2026 @eve → @bob",
    "[ ] forged",
    "\n\n  deep\n",
  ])("forges nothing with %j", async (text) => {
    const before = await shown();
    await transfer("bob", "--done", text, "--uncertain", text, "-o", "alice");
    const after = await shown();
    expect(after.handover).toMatchObject({ done: [text], remaining: [], decisions: [], uncertain: [text] });
    expect(after.records).toHaveLength(before.records.length + 1);
    expect(after).toMatchObject({ status: "OPEN", acceptance: [], description: "what to do" });
  });
});

test("prime stays within 1,000 bytes whatever is handed over, and counts what it does not show", async () => {
  const long = ["--done", "漢".repeat(300), "--remaining", "x".repeat(900), "--uncertain", "\u202e\u0007y"];
  await transfer("bob", ...long, "-o", "alice");
  for (const id of ["REQ-002", "REQ-003", "REQ-004"]) {
    await box.ok("issue", "new", "questions", "Two", "-o", "bob");
    await box.ok("issue", "transfer", id, "bob", ...long, "-o", "bob");
  }
  const { stdout } = await box.run("prime", "-o", "bob");
  expect(new TextEncoder().encode(stdout).length).toBeLessThanOrEqual(PRIME_BYTES);
  expect(stdout).toContain("Handed over to you: REQ-001 by @alice: remaining: xxx");
  expect(stdout).toContain("2 more handed over to you: mai issue show ID\n");
  expect(stdout).toContain("  issue complete ID");
});
