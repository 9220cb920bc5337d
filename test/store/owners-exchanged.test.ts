import { afterEach, beforeEach, expect, test } from "bun:test";
import { chownSync, lstatSync, mkdirSync } from "node:fs";
import type { System } from "../../src/store/system.ts";
import { Sandbox } from "../support/sandbox.ts";

if (process.getuid?.() !== 0)
  throw new Error("These tests give directories to other users: run them as root.");

const EVE = 47_201;

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

/** Lets a fault happen at one call of the file system. */
function withCall(system: System, call: Partial<System["fs"]>): System {
  return { ...system, fs: Object.assign(Object.create(system.fs), call) };
}

test("a .mai that is found and missing a moment later is not used: its next owner is not known", async () => {
  await box.ok("init", "-o", "admin");
  let looks = 0;
  box.alterSystem = (system) =>
    withCall(system, {
      lstatSync: ((...args: Parameters<typeof system.fs.lstatSync>) => {
        if (args[0] !== box.path(".mai")) return system.fs.lstatSync(...args);
        looks += 1;
        return looks === 2 ? undefined : system.fs.lstatSync(...args);
      }) as System["fs"]["lstatSync"],
    });
  expect((await box.json("status")).json.error).toBe("PROJECT_NOT_FOUND");
  expect(looks).toBe(2);
});

test("a .mai that somebody else makes while init is at it is not used", async () => {
  box.alterSystem = (system) =>
    withCall(system, {
      mkdirSync: ((...args: Parameters<typeof system.fs.mkdirSync>) => {
        if (args[0] !== box.path(".mai")) return system.fs.mkdirSync(...args);
        mkdirSync(box.path(".mai"));
        chownSync(box.path(".mai"), EVE, EVE);
        return system.fs.mkdirSync(...args);
      }) as System["fs"]["mkdirSync"],
    });
  expect((await box.json("init", "-o", "admin")).json).toMatchObject({
    error: "PERMISSION_DENIED",
    owner: { uid: EVE },
  });
  expect(box.names(".mai")).toEqual([]);
});

test("where root may not give a file away it stays root's, and the command succeeds", async () => {
  await box.ok("init", "-o", "admin");
  chownSync(box.path(".mai"), EVE, EVE);
  box.env = { ...box.env, MAI_TRUST: "*" };
  box.alterSystem = (system) =>
    withCall(system, {
      fchownSync: () => {
        throw Object.assign(new Error("EINVAL"), { code: "EINVAL", syscall: "fchown" });
      },
    });
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
  expect(lstatSync(box.path(".mai/queues/questions/REQ-001.md")).uid).toBe(0);
});
