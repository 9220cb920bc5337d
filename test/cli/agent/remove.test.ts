import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

const config = () => JSON.parse(box.read(".mai/config.json"));

test("agent remove takes the agent out of the settings and the summary order, and keeps its queue", async () => {
  await box.ok("config", "set", "daily_summary_order", "bob,alice", "-o", "admin");
  const run = await box.run("agent", "remove", "Bob", "-o", "admin");
  expect(run).toEqual({ code: 0, stdout: "Agent bob removed; its queue bob stays\n", stderr: "" });
  expect(Object.keys(config().agents)).toEqual(["default", "alice"]);
  expect(config().daily_summary_order).toEqual(["alice"]);
  expect(config().queues.bob).toEqual({ handler: "bob", sla_minutes: null, id_prefix: "BOB" });
  expect([...box.tree(".mai/events").values()].join("")).toMatch(
    /"actor":"admin","type":"agent.removed","data":\{"agent":"bob"\}\}\n$/,
  );
  expect([...box.tree("async/history").values()].join("")).toMatch(
    /\[ADMIN\] \[agent_remove\] Agent bob removed\n$/,
  );
});

test("agent remove again is idempotent; a name that never was refuses with the nearest one", async () => {
  await box.ok("agent", "remove", "bob", "-o", "admin");
  const before = box.tree();
  expect((await box.ok("agent", "remove", "bob", "-o", "admin")).json).toMatchObject({
    agent: "bob",
    queue_kept: true,
    idempotent: true,
  });
  const never = await box.json("agent", "remove", "alcie", "-o", "admin");
  expect(never.code).toBe(1);
  expect(never.json).toMatchObject({ error: "INVALID_AGENT", hint: expect.stringContaining("'alice'") });
  expect(box.tree()).toEqual(before);
});

test.each([
  ["a live lease", 0],
  ["a stale one, which the shorter heartbeat alone made stale", 44],
])("agent remove refuses while the agent holds %s", async (_what, minutes) => {
  await box.ok("config", "set", "agents.bob.heartbeat_minutes", "5", "-o", "admin");
  await box.ok("issue", "new", "questions", "One", "-o", "bob");
  await box.ok("issue", "claim", "REQ-001", "-o", "bob");
  box.age(".mai/locks/REQ-001.lock", minutes);
  const before = box.tree();
  const run = await box.json("agent", "remove", "bob", "-o", "admin");
  expect(run.code).toBe(2);
  expect(run.json).toMatchObject({ error: "LOCK_HELD", holder: "bob", issues: ["REQ-001"] });
  expect(box.tree()).toEqual(before);
  expect((await box.run("agent", "remove", "alice", "-o", "admin")).code).toBe(0);
});

test("only a root may remove an agent", async () => {
  const before = box.tree();
  expect((await box.json("agent", "remove", "bob", "-o", "alice")).json.error).toBe("PERMISSION_DENIED");
  expect(box.tree()).toEqual(before);
});

test("agent add leaves every other byte of the settings as it is", async () => {
  box.write(".mai/config.json", '{ "root": ["admin"], "x": 1.0, "agents": {"a": {}}, "queues": {} }');
  await box.ok("agent", "add", "carol", "-o", "admin");
  expect(box.read(".mai/config.json")).toBe(
    '{ "root": ["admin"], "x": 1.0, "agents": {"a": {}, "carol": {"heartbeat_minutes":30}}, ' +
      '"queues": {"carol": {"handler":"carol","sla_minutes":null,"id_prefix":"CAR"}} }',
  );
});
