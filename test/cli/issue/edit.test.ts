import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "bob");
  await box.ok("issue", "new", "questions", "Two", "-o", "bob");
});
afterEach(() => box.remove());

const edit = (...options: readonly string[]) => box.ok("issue", "edit", "REQ-001", ...options, "-o", "bob");
const shown = async () => (await box.ok("issue", "show", "REQ-001")).json.issue;

describe("one field at a time", () => {
  const ROWS = [
    ["--title", "A new title", { title: "A new title" }, "修改 title，原值：One"],
    ["--body", "# what\n**to** do", { description: "# what\n**to** do" }, "修改 body，原值：One"],
    ["--priority", "p0", { priority: "P0" }, "修改 priority，原值：P2"],
    ["--ref", "req-002", { ref: "REQ-002", context: "- 关联 Issue：REQ-002" }, "修改 ref，原值：无"],
    ["--queue", "requests", { queue: "requests" }, "修改 queue，原值：questions"],
  ] as const;
  for (const [option, value, fields, record] of ROWS) {
    test(`${option} changes that field, keeps the old value in a record, and repeats without a byte`, async () => {
      const before = await shown();
      expect((await edit(option, value)).json).toMatchObject({ status: "OPEN", idempotent: false });
      const after = await shown();
      expect(after).toMatchObject(fields);
      expect(after.records[0]).toMatchObject({ actor: "bob", word: "AMENDED", text: record });
      expect({ ...after, ...same(before, fields) }).toEqual(before);
      const tree = box.tree();
      expect((await edit(option, value)).json.idempotent).toBe(true);
      expect(box.tree()).toEqual(tree);
    });
  }

  /** Takes from `before` what the edit was to change, and the deadline, which follows the queue. */
  function same(before: Record<string, unknown>, fields: object): Record<string, unknown> {
    const names = [...Object.keys(fields), "queue_owner", "sla_deadline", "timeline", "records"];
    return Object.fromEntries(names.map((name) => [name, before[name]]));
  }
});

test("several fields make one record, one event and one line of history", async () => {
  await edit("--title", "New", "--priority", "P0");
  expect((await shown()).records[0].text).toBe("修改 title，原值：One\n修改 priority，原值：P2");
  const [file = ""] = [...box.tree(".mai/events").keys()];
  const event = JSON.parse(box.read(file).trimEnd().split("\n").at(-1) ?? "");
  expect(event).toMatchObject({
    type: "issue.edited",
    data: { changes: { title: { from: "One", to: "New" }, priority: { from: "P2", to: "P0" } } },
  });
  const [log = ""] = [...box.tree(".mai/history").keys()];
  expect(box.read(log)).toEndWith("[BOB] [issue_amended] Issue REQ-001 edited: title, priority [amended]\n");
});

test("a repeat by the editor stays one when the editor has lost every role", async () => {
  await edit("--title", "New");
  const path = ".mai/queues/questions/REQ-001.md";
  box.write(path, box.read(path).replace("**发起方：** @bob", "**发起方：** @alice"));
  expect((await edit("--title", "New")).json.idempotent).toBe(true);
  expect((await box.json("issue", "edit", "REQ-001", "--title", "Newer", "-o", "bob")).code).toBe(3);
});

describe("a new queue", () => {
  test("takes file and mirror along under the same id, with the deadline of that queue from the creation", async () => {
    const before = await shown();
    await edit("--queue", "requests");
    for (const root of [".mai/queues", "async"]) {
      expect(box.exists(`${root}/questions/REQ-001.md`)).toBe(false);
      expect(box.read(`${root}/requests/REQ-001.md`)).toContain("**队列：** requests\n");
    }
    const after = await shown();
    expect(Date.parse(before.sla_deadline) - Date.parse(before.created)).toBe(120 * 60_000);
    expect(Date.parse(after.sla_deadline) - Date.parse(after.created)).toBe(60 * 60_000);
  });

  test("without an SLA leaves no deadline", async () => {
    await edit("--queue", "blockers");
    expect((await shown()).sla_deadline).toBeNull();
  });

  test("that does not exist refuses with the nearest name", async () => {
    const run = await box.json("issue", "edit", "REQ-001", "--queue", "reqests", "-o", "bob");
    expect(run.json.error).toBe("INVALID_QUEUE");
    expect(run.json.hint).toContain("'requests'");
  });

  test("that holds the id already refuses with ALREADY_EXISTS, and both stay byte for byte", async () => {
    box.write(".mai/queues/requests/REQ-001.md", box.read(".mai/queues/questions/REQ-001.md"));
    const before = box.tree();
    const run = await box.json("issue", "edit", "questions/REQ-001", "--queue", "requests", "-o", "bob");
    expect([run.code, run.json.error]).toEqual([1, "ALREADY_EXISTS"]);
    expect(run.json.hint).toContain("questions/REQ-001 requests/REQ-001");
    expect(box.tree()).toEqual(before);
  });

  test("into and out of `decisions` keeps the mirror of the issue and that of its decision apart", async () => {
    await box.ok("issue", "complete", "REQ-001", "done", "-o", "bob");
    const decision = box.read(".mai/decisions/REQ-001.md");
    const mirror = () => [...box.tree("async").keys()].filter((path) => path.includes("REQ-001")).sort();

    await edit("--queue", "decisions");
    expect(mirror()).toEqual(["async/decisions/REQ-001.decision.md", "async/decisions/REQ-001.md"]);
    expect(box.read("async/decisions/REQ-001.decision.md")).toBe(decision);
    expect(box.read("async/decisions/REQ-001.md")).toBe(box.read(".mai/queues/decisions/REQ-001.md"));

    await edit("--queue", "reports");
    expect(mirror()).toEqual(["async/decisions/REQ-001.md", "async/reports/REQ-001.md"]);
    expect(box.read("async/decisions/REQ-001.md")).toBe(decision);
    expect(box.read(".mai/decisions/REQ-001.md")).toBe(decision);
  });
});

test("a new reference takes the place of the old one in the context, and other lines stay", async () => {
  await edit("--ref", "REQ-002");
  const path = ".mai/queues/questions/REQ-001.md";
  box.write(
    path,
    box.read(path).replace("- 关联 Issue：REQ-002", "see also the wiki\n- 关联 Issue：REQ-002"),
  );
  await box.ok("issue", "new", "questions", "Three", "-o", "bob");
  await edit("--ref", "REQ-003");
  expect((await shown()).context).toBe("see also the wiki\n- 关联 Issue：REQ-003");
});

test("works on a COMPLETED issue and leaves its state, refuses a DISCARDED one", async () => {
  await box.ok("issue", "complete", "REQ-001", "done", "-o", "bob");
  expect((await edit("--title", "New")).json.status).toBe("COMPLETED");
  await box.ok("issue", "discard", "REQ-001", "why", "-o", "bob");
  const run = await box.json("issue", "edit", "REQ-001", "--title", "Newer", "-o", "bob");
  expect(run.json.error).toBe("ISSUE_DISCARDED");
});

test("by a handler who is neither creator nor owner exits 3, and says how to ask for it", async () => {
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  const run = await box.json("issue", "edit", "REQ-001", "--title", "New", "-o", "alice");
  expect(run.code).toBe(3);
  expect(run.json.hint).toContain("mai issue amend REQ-001");
});

test("by the holder renews the lease", async () => {
  await box.ok("issue", "claim", "REQ-001", "-o", "bob");
  box.age(".mai/locks/REQ-001.lock", 40);
  await edit("--title", "New");
  expect((await box.ok("lock", "check", "REQ-001")).json.lock.age_seconds).toBeLessThan(30);
});

describe("what is no edit", () => {
  const LINES = [
    [[], 64, "USAGE"],
    [["--body", "x", "--body-file", "f"], 64, "USAGE"],
    [["--priority", "P3"], 64, "USAGE"],
    [["--title", "two\nlines"], 1, "INVALID_TITLE"],
    [["--body", ""], 1, "INVALID_TEXT"],
    [["--ref", "REQ-999"], 1, "NOT_FOUND"],
    [["--body-file", "missing"], 1, "NOT_FOUND"],
  ] as const;
  for (const [options, code, error] of LINES) {
    test(`${JSON.stringify(options)} is refused with ${error}, and changes no byte`, async () => {
      const before = box.tree();
      const run = await box.json("issue", "edit", "REQ-001", ...options, "-o", "bob");
      expect([run.code, run.json.error]).toEqual([code, error]);
      expect(box.tree()).toEqual(before);
    });
  }
});
