import { afterEach, beforeEach, expect, test } from "bun:test";
import type { System } from "../../src/store/system.ts";
import { Sandbox } from "../support/sandbox.ts";

const ISSUE = ".mai/queues/questions/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
});
afterEach(() => box.remove());

/** A disk on which nothing can be renamed to the issue's file. */
function refusing(system: System): System {
  const renameSync = ((from: string, to: string) => {
    if (to.endsWith(ISSUE)) throw Object.assign(new Error("EIO"), { code: "EIO", syscall: "rename" });
    system.fs.renameSync(from, to);
  }) as typeof system.fs.renameSync;
  return { ...system, fs: { ...system.fs, renameSync } };
}

test("two crashes with an edit by hand after each keep both texts, and the change is finished", async () => {
  box.alterSystem = refusing;
  expect((await box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice")).json.pending).toBe(true);
  box.write(ISSUE, "first");
  expect((await box.json("agent", "add", "carol", "-o", "admin")).json.error).toBe("IO_ERROR");
  expect(box.exists(ISSUE)).toBe(false);
  box.write(ISSUE, "second");

  box.alterSystem = (system) => system;
  const { json } = await box.ok("agent", "add", "carol", "-o", "admin");
  const kept = box.names(".mai/journal").map((name) => box.read(`.mai/journal/${name}`));
  expect(kept.sort()).toEqual(["first", "second"]);
  expect(json.warnings.join()).toContain("edited by hand");
  expect(box.read(ISSUE)).toContain("seen");
});
