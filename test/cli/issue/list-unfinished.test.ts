import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (const title of ["One", "Two", "Three"]) {
    await box.ok("issue", "new", "questions", title, "-o", "admin");
    box.clock.nowMs += 60_000;
  }
  await box.ok("issue", "complete", "REQ-001", "done", "-o", "admin");
});
afterEach(() => box.remove());

const ids = async (...more: readonly string[]) =>
  (await box.json("issue", "list", ...more)).json.issues.map(({ id }: { id: string }) => id);

test("a list shows unfinished issues, and says how many finished ones it does not show", async () => {
  const { json } = await box.ok("issue", "list");
  expect(json).toMatchObject({ total: 2, hidden_finished: 1 });
  expect((await box.run("issue", "list")).stdout).toEndWith("\n1 finished issue not shown (--all)\n");
  await box.ok("issue", "discard", "REQ-002", "needless", "-o", "admin");
  await box.ok("issue", "discard", "REQ-003", "needless", "-o", "admin");
  expect((await box.run("issue", "list")).stdout).toBe("No issues.\n3 finished issues not shown (--all)\n");
  expect((await box.run("issue", "list", "--handler", "bob")).stdout).toBe("No issues.\n");
});

test("--all, --status and --archived hide nothing", async () => {
  expect(await ids("--all")).toEqual(["REQ-001", "REQ-002", "REQ-003"]);
  expect(await ids("--status", "COMPLETED")).toEqual(["REQ-001"]);
  expect((await box.ok("issue", "list", "--all")).json.hidden_finished).toBe(0);
  await box.ok("archive", "--before", "2999-01-01", "-o", "admin");
  expect(await ids("--archived")).toEqual(["REQ-001"]);
});

test("each issue has its age, and who holds it for how long", async () => {
  await box.ok("issue", "claim", "REQ-003", "-o", "alice");
  const [two, three] = (await box.ok("issue", "list")).json.issues;
  expect(two).toMatchObject({ id: "REQ-002", age_seconds: 120 });
  expect(two).not.toHaveProperty("holder");
  expect(three).toMatchObject({ holder: "alice", lease_seconds_left: expect.any(Number) });
  const { stdout } = await box.run("issue", "list", "--long");
  expect(stdout).toMatch(/^REQ-002 .*unassigned +not held +2m old +due \S+ +Two$/m);
  expect(stdout).toMatch(/^REQ-003 .*held by @alice, 4\dm left +1m old +due \S+ +Three$/m);
  expect((await box.json("issue", "list", "--fields", "id,holder,age_seconds")).json.issues).toEqual([
    { id: "REQ-002", holder: null, age_seconds: 120 },
    { id: "REQ-003", holder: "alice", age_seconds: 60 },
  ]);
  expect((await box.run("issue", "list", "--long", "--ids")).code).toBe(64);
});
