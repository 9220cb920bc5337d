import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

const PATH = ".mai/queues/questions/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "bob");
});
afterEach(() => box.remove());

const label = (...words: readonly string[]) => box.json("issue", "label", "REQ-001", ...words);
const shown = async () => (await box.ok("issue", "show", "REQ-001")).json.issue;

describe("mai issue label", () => {
  test("adds and takes off as typed, before and after its options, with one record and one event", async () => {
    expect((await label("+ui", "+API", "-o", "bob")).json).toMatchObject({ ok: true, labels: ["api", "ui"] });
    expect((await label("-o", "bob", "-ui", "+go/lang")).json).toMatchObject({ labels: ["api", "go/lang"] });
    const issue = await shown();
    expect(issue.labels).toEqual(["api", "go/lang"]);
    expect(issue.records[0]).toMatchObject({ actor: "bob", word: "AMENDED", text: "标签：+go/lang -ui" });
    expect(box.read(PATH)).toContain("**队列：** questions\n**标签：** api, go/lang\n\n---");
    const events = box.read(box.names(".mai/events").map((name) => `.mai/events/${name}`)[0] ?? "");
    expect(JSON.parse(events.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
      type: "issue.edited",
      data: { changes: { labels: { from: ["api", "ui"], to: ["api", "go/lang"] } } },
    });
  });

  test("of the last label leaves no line in the file, also when a person wrote the line twice", async () => {
    const before = box.read(PATH).split("---")[0];
    await label("+a", "-o", "bob");
    box.write(PATH, box.read(PATH).replace("**标签：** a\n", "**标签：** a\n**Labels:** b\n"));
    await label("-a", "-o", "bob");
    expect(box.read(PATH).split("---")[0]).toBe(before ?? "");
    expect((await shown()).labels).toEqual([]);
  });

  test("takes a label that is called like an option after --", async () => {
    await label("+o", "+h", "-o", "bob");
    expect((await label("-o", "bob", "--", "-o", "-h")).json.labels).toEqual([]);
  });

  test("of what is so already writes nothing, also for whoever has lost every role since", async () => {
    await label("+a", "-o", "bob");
    box.write(PATH, box.read(PATH).replace("**发起方：** @bob", "**发起方：** @alice"));
    const tree = box.tree();
    expect((await label("+a", "-b", "-o", "bob")).json).toMatchObject({ idempotent: true, labels: ["a"] });
    expect((await label("+c", "-o", "bob")).json).toMatchObject({ error: "PERMISSION_DENIED", exit_code: 3 });
    expect(box.tree()).toEqual(tree);
  });

  test.each([
    [["a"], "USAGE"],
    [["+a", "-a"], "USAGE"],
    [["--x"], "USAGE"],
    [[], "USAGE"],
    [["+"], "INVALID_NAME"],
    [["+a b"], "INVALID_NAME"],
    [["+a,b"], "INVALID_NAME"],
    [["+-a"], "INVALID_NAME"],
    [["+**x"], "INVALID_NAME"],
    [["+a\u202e"], "INVALID_NAME"],
    [[`+${"x".repeat(33)}`], "INVALID_NAME"],
  ])("%j is refused as %s, and nothing is written", async (words, error) => {
    const tree = box.tree();
    expect((await label(...words, "-o", "bob")).json).toMatchObject({ ok: false, error });
    expect(box.tree()).toEqual(tree);
  });

  test("never meets a lease, renews an own one, and respects the fence", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    expect((await label("+a", "-o", "bob")).code).toBe(0);
    expect((await label("+b", "-o", "alice")).json.ttl_minutes).toBe(45);
    expect((await label("+c", "-o", "alice", "--fence", "7")).json.error).toBe("STALE_FENCE");
  });

  test("works on a completed issue and not on a discarded one", async () => {
    await box.ok("issue", "confirm", "REQ-001", "-o", "bob");
    expect((await label("+a", "-o", "bob")).json).toMatchObject({ status: "COMPLETED", labels: ["a"] });
    await box.ok("issue", "discard", "REQ-001", "x", "-o", "bob");
    expect((await label("+b", "-o", "bob")).json.error).toBe("ISSUE_DISCARDED");
  });

  test("is needed nowhere: without it -x is no value", async () => {
    expect((await box.json("issue", "label", "-ui", "REQ-001", "-o", "bob")).json.error).toBe("USAGE");
    expect((await box.json("issue", "amend", "REQ-001", "-ui", "-o", "bob")).json.error).toBe("USAGE");
  });
});

test("issue new --label labels, in English too, and issue list --label shows what has all of them", async () => {
  await box.ok("config", "set", "language", "en", "-o", "admin");
  await box.ok("issue", "new", "questions", "Two", "-o", "bob", "--label", "ui,api", "--label", "ui");
  expect(box.read(".mai/queues/questions/REQ-002.md")).toContain("**Labels:** api, ui\n");
  await label("+api", "-o", "bob");
  const listed = async (...options: readonly string[]) =>
    (await box.ok("issue", "list", ...options)).json.issues.map(({ id }: { id: string }) => id);
  expect(await listed("--label", "API")).toEqual(["REQ-001", "REQ-002"]);
  expect(await listed("--label", "api", "--label", "ui")).toEqual(["REQ-002"]);
  expect(await listed("--label", "nobody")).toEqual([]);
  expect((await box.run("issue", "list", "--label", "ui")).stdout).toContain("Two  [api, ui]");
  expect((await box.run("issue", "show", "REQ-002")).stdout).toContain("  labels    api, ui\n");
});

test("a label that a person wrote in another case and twice is read as one", async () => {
  box.write(PATH, box.read(PATH).replace("**队列：**", "**Labels:** UI， Api ,ui,\n**队列：**"));
  expect((await shown()).labels).toEqual(["api", "ui"]);
  expect((await box.ok("issue", "list", "--label", "ui")).json.total).toBe(1);
});
