import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

const FIRST = ".mai/queues/questions/REQ-001.md";
const QUOTED = "See:\n<<<<<<< HEAD\nours\n||||||| base\nwas\n=======\ntheirs\n>>>>>>> branch\nWhich?";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (const title of ["One", "Two"]) await box.ok("issue", "new", "questions", title, "-o", "admin");
});
afterEach(() => box.remove());

/** Puts a conflict in the place of a text, as a merge does. */
function conflict(path: string, at: string | RegExp): void {
  const text = box.read(path);
  const mine = at instanceof RegExp ? (at.exec(text)?.[0] ?? "") : at;
  if (mine === "" || !text.includes(mine)) throw new Error(`${path} does not hold ${at}`);
  box.write(path, text.replace(mine, `<<<<<<< HEAD\n${mine}=======\nother\n>>>>>>> branch\n`));
}

test.each([
  ["its header", /\*\*状态：.*\n/],
  ["its records", /- \[.*\n/],
])("an issue with a conflict in %s is passed over, named, and not written", async (_, at) => {
  conflict(FIRST, at);
  const before = box.read(FIRST);
  const { json } = await box.ok("next", "-o", "alice");
  expect(json).toMatchObject({
    issue_id: "REQ-002",
    warnings: [expect.stringMatching(/REQ-001\.md: line \d+ has/)],
  });
  expect(JSON.stringify((await box.ok("issue", "list")).json.warnings)).toContain("conflict marker of git");
  const refused = await box.json("issue", "amend", "REQ-001", "More", "-o", "alice");
  expect(refused.json).toMatchObject({
    error: "CORRUPT_FILE",
    path: FIRST,
    hint: expect.stringContaining("git add"),
  });
  expect(box.read(FIRST)).toBe(before);
  const { json: found } = await box.json("doctor", "--fix");
  expect(found.findings).toContainEqual(
    expect.objectContaining({ severity: "error", code: "issue_invalid", path: FIRST }),
  );
  expect(box.read(FIRST)).toBe(before);
});

test("an issue that quotes a conflict in its body, a remark, a conclusion and a hand-over note goes on working", async () => {
  const { json } = await box.ok("issue", "new", "questions", "Three", "--body", QUOTED, "-o", "admin");
  const id = String(json.issue_id);
  await box.ok("issue", "claim", id, "-o", "alice");
  await box.ok("issue", "amend", id, QUOTED, "-o", "alice");
  await box.ok("issue", "transfer", id, "bob", "--done", QUOTED, "-o", "alice");
  await box.ok("issue", "claim", id, "-o", "bob");
  await box.ok("lock", "release", id, "-o", "bob");
  await box.ok("issue", "complete", id, QUOTED, "-o", "admin");
  await box.ok("issue", "reopen", id, QUOTED, "-o", "admin");
  await box.ok("issue", "complete", id, QUOTED, "-o", "admin");
  expect((await box.ok("issue", "show", id)).json).toMatchObject({ issue: { description: QUOTED } });
  expect((await box.json("doctor")).json).toMatchObject({ findings: [] });
});

test("decisions with a conflict take no conclusion", async () => {
  await box.ok("issue", "complete", "REQ-001", "Yes", "-o", "admin");
  await box.ok("issue", "reopen", "REQ-001", "Again", "-o", "admin");
  conflict(".mai/decisions/REQ-001.md", "Yes\n");
  const { json } = await box.json("issue", "complete", "REQ-001", "No", "-o", "admin");
  expect(json).toMatchObject({ error: "CORRUPT_FILE", path: ".mai/decisions/REQ-001.md" });
  const { json: found } = await box.json("doctor");
  expect(found.findings).toContainEqual(expect.objectContaining({ code: "decision_invalid" }));
});

test.each([
  [".mai/config.json", "CONFIG_INVALID", /.*"format".*\n/],
  [".mai/sequence.json", "CORRUPT_FILE", /.*\n/],
])("%s with a conflict says which line it is on", async (path, error, at) => {
  conflict(path, at);
  const { json } = await box.json("issue", "new", "questions", "Three", "-o", "admin");
  expect(json).toMatchObject({
    error,
    message: expect.stringMatching(/line \d+ has a conflict marker of git/),
  });
});

test("a log that was joined with its markers left in hides no event", async () => {
  const [path = ""] = box.tree(".mai/events").keys();
  box.write(path, `<<<<<<< HEAD\n${box.read(path)}=======\n>>>>>>> branch\n`);
  expect((await box.ok("next", "-o", "alice")).json).toMatchObject({ issue_id: "REQ-001" });
  expect(JSON.stringify((await box.json("doctor")).json)).toContain("event_invalid");
});
