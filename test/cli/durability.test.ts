import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
let flushes: number;
beforeEach(() => {
  box = new Sandbox();
  flushes = 0;
  box.alterSystem = (system) => ({
    ...system,
    fs: {
      ...system.fs,
      fsyncSync: () => {
        flushes += 1;
      },
    },
  });
});
afterEach(() => box.remove());

test.each([[["init"]], [["project", "init"]]])(
  "%p --durability process makes a project that flushes nothing",
  async (words) => {
    await box.ok(...words, "--durability", "process", "-o", "admin");
    expect((await box.ok("config", "get", "durability")).json.value).toBe("process");
    flushes = 0;
    await box.ok("issue", "new", "questions", "One", "-o", "admin");
    expect(flushes).toBe(0);
  },
);

test("without it changes are flushed, and in a project that exists it changes nothing", async () => {
  await box.ok("init", "-o", "admin");
  const again = await box.ok("init", "--durability", "process", "-o", "admin");
  expect(again.json.idempotent).toBe(true);
  flushes = 0;
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
  expect(flushes).toBeGreaterThan(0);
});

test("another word is refused", async () => {
  expect((await box.json("init", "--durability", "none")).json.error).toBe("USAGE");
});
