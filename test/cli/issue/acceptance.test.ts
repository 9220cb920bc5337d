import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

const PATH = ".mai/queues/questions/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok(
    ...["issue", "new", "questions", "One", "-o", "bob"],
    ...["--accept", "tests pass, all of them", "--accept", "docs say so"],
  );
  await box.ok("issue", "transfer", "REQ-001", "alice", "-o", "bob");
});
afterEach(() => box.remove());

const shown = async () => (await box.ok("issue", "show", "REQ-001")).json.issue;
const check = (...rest: readonly string[]) => box.json("issue", "check", "REQ-001", ...rest);
const lastEvent = () => {
  const text = box
    .names(".mai/events")
    .map((name) => box.read(`.mai/events/${name}`))
    .join("");
  return JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
};

describe("the check list of an issue", () => {
  test("stands in a section of its own between context and records, in either language", async () => {
    expect(box.read(PATH)).toContain(
      "## 关联上下文\n\n## 验收清单\n\n- [ ] tests pass, all of them\n- [ ] docs say so\n\n## 处理记录\n",
    );
    await box.ok("config", "set", "language", "en", "-o", "admin");
    await box.ok("issue", "new", "questions", "Two", "-o", "bob", "--accept", "x");
    expect(box.read(".mai/queues/questions/REQ-002.md")).toContain(
      "## Acceptance\n\n- [ ] x\n\n## Records\n",
    );
  });

  test("is ticked by number, which changes those lines and adds one record and one event", async () => {
    const before = box.read(PATH).split("\n");
    expect((await check("2", "-o", "alice")).json.acceptance).toEqual([
      { n: 1, text: "tests pass, all of them", done: false },
      { n: 2, text: "docs say so", done: true },
    ]);
    const changed = box
      .read(PATH)
      .split("\n")
      .filter((line) => !before.includes(line));
    expect(changed).toEqual([
      "- [x] docs say so",
      expect.stringMatching(/@alice: AMENDED：勾选 2 docs say so$/),
    ]);
    expect(lastEvent()).toMatchObject({
      type: "issue.checked",
      data: { items: [{ n: 2, text: "docs say so", done: true }] },
    });
    expect((await box.run("issue", "show", "REQ-001")).stdout).toContain(
      "Acceptance, 1 of 2 done:\n  1 [ ] tests pass, all of them\n  2 [x] docs say so\n",
    );
  });

  test("takes several numbers, and --undo takes ticks away", async () => {
    await check("1", "2", "2", "-o", "bob");
    expect((await shown()).acceptance.map(({ done }: { done: boolean }) => done)).toEqual([true, true]);
    expect((await box.run("issue", "check", "REQ-001", "1", "--undo", "-o", "bob")).stdout).toBe(
      "REQ-001: 1 of 2 done\n",
    );
    expect((await shown()).records[0].text).toBe("取消勾选 1 tests pass, all of them");
  });

  test("of what is ticked already is not written again, whatever roles have become", async () => {
    await check("1", "-o", "alice");
    await box.ok("issue", "transfer", "REQ-001", "bob", "-o", "bob");
    await check("1", "--undo", "-o", "bob");
    await check("1", "-o", "bob");
    box.write(
      PATH,
      box.read(PATH).replace("**发起方：** @bob", "**发起方：** @zoe").replace("@bob\n**优", "@zoe\n**优"),
    );
    const tree = box.tree();
    expect((await check("1", "-o", "bob")).json).toMatchObject({ idempotent: true });
    expect((await check("2", "-o", "bob")).json).toMatchObject({ error: "PERMISSION_DENIED" });
    expect(box.tree()).toEqual(tree);
  });

  test.each([
    [["3", "-o", "bob"], "NOT_FOUND"],
    [["0", "-o", "bob"], "NOT_FOUND"],
    [["1", "9", "-o", "bob"], "NOT_FOUND"],
    [["one", "-o", "bob"], "USAGE"],
    [["-o", "bob"], "USAGE"],
    [["1", "-o", "stranger"], "PERMISSION_DENIED"],
    [["1", "-o", "bob", "--fence", "4"], "STALE_FENCE"],
  ])("check %j is refused as %s, and nothing is written", async (rest, error) => {
    const tree = box.tree();
    expect((await check(...rest)).json).toMatchObject({ ok: false, error });
    expect(box.tree()).toEqual(tree);
  });

  test.each(["", " ", "a\nb", "a\tb", "a\u202eb", "x".repeat(201)])("takes no item %j", async (text) => {
    const line = ["issue", "new", "questions", "Two", "-o", "bob", "--accept", text] as const;
    expect((await box.json(...line)).json.error).toBe("INVALID_TEXT");
  });

  test("keeps what a person wrote into it: other marks, notes between, spaces, line ends", async () => {
    const text = box
      .read(PATH)
      .replace("- [ ] docs say so\n", "\nwhat we promised:\n* [X] by hand \n- [ ]  - [x] odd\n\n");
    box.write(PATH, text.replaceAll("\n", "\r\n"));
    expect((await shown()).acceptance.map(({ text: item }: { text: string }) => item)).toEqual([
      "tests pass, all of them",
      "by hand ",
      " - [x] odd",
    ]);
    await check("3", "-o", "bob");
    await check("2", "--undo", "-o", "bob");
    const [section = ""] = box.read(PATH).split("## 处理记录");
    const [before = ""] = text.replaceAll("\n", "\r\n").split("## 处理记录");
    expect(section).toBe(before.replace("* [X] by", "* [ ] by").replace("- [ ]  - [x]", "- [x]  - [x]"));
  });
});

describe("an issue with open items", () => {
  const refusal = { error: "INVALID_STATE", exit_code: 1, open_items: [{ n: 2, text: "docs say so" }] };

  test.each(["complete", "confirm"])("refuses %s and names them", async (verb) => {
    const line = ["issue", verb, "REQ-001", ...(verb === "complete" ? ["done"] : []), "-o", "bob"];
    await check("1", "-o", "bob");
    const tree = box.tree();
    const run = await box.json(...line);
    expect(run.json).toMatchObject({ ...refusal, message: 'REQ-001 has open items: 2 "docs say so".' });
    expect(box.tree()).toEqual(tree);
    await check("2", "-o", "alice");
    expect((await box.json(...line)).code).toBe(0);
  });

  test("is accepted with --force by whoever may accept it, which is recorded", async () => {
    expect((await box.json("issue", "complete", "REQ-001", "x", "-o", "alice", "--force")).json.error).toBe(
      "PERMISSION_DENIED",
    );
    await box.ok("issue", "complete", "REQ-001", "good enough", "-o", "bob", "--force");
    expect((await shown()).records[0].text).toBe("完成：good enough（强制）");
    expect(lastEvent().data).toMatchObject({ forced: true, open_items: [1, 2] });
    expect((await box.json("issue", "complete", "REQ-001", "good enough", "-o", "bob")).json.idempotent).toBe(
      true,
    );
    expect((await check("1", "-o", "bob")).json.error).toBe("ALREADY_COMPLETED");
  });

  test("is not forced past by --force against a lease that only a root may override", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    const run = await box.json("issue", "complete", "REQ-001", "x", "-o", "bob", "--force");
    expect(run.json.error).toBe("PERMISSION_DENIED");
    expect((await shown()).status).toBe("IN_PROGRESS");
  });

  test("stays open when the command of issue run --on-success complete ticked nothing", async () => {
    box.env = { ...box.env, PATH: process.env.PATH };
    const run = await box.json(
      "issue",
      "run",
      "REQ-001",
      "-o",
      "bob",
      "--on-success",
      "complete",
      "--",
      "true",
    );
    expect(run.json).toMatchObject({ error: "INVALID_STATE" });
    expect((await shown()).status).toBe("IN_PROGRESS");
    await check("1", "2", "-o", "bob");
    await box.ok("issue", "run", "REQ-001", "-o", "bob", "--on-success", "complete", "--", "true");
    expect((await shown()).status).toBe("COMPLETED");
  });

  test("is rejected, discarded and handed over all the same", async () => {
    expect((await box.json("issue", "reject", "REQ-001", "no", "-o", "bob")).code).toBe(0);
    expect((await box.json("issue", "discard", "REQ-001", "no", "-o", "bob")).code).toBe(0);
  });
});
