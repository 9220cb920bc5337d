import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "../support/sandbox.ts";

/** Issues after which a cache of their headers is worth keeping. */
const ENOUGH = 25;

test("a change never asks what the file system has as a whole, which would load streams and promises", async () => {
  const box = new Sandbox();
  try {
    await box.ok("init", "-o", "admin");
    for (let number = 1; number <= ENOUGH; number += 1)
      await box.ok("issue", "new", "questions", `Case ${number}`, "-o", "admin");
    await box.ok("queue", "check");
    // Only with a cache does a change watch its own renames.
    expect(existsSync(join(box.cwd, ".mai/cache"))).toBe(true);
    box.alterSystem = (system) => {
      const asked = () => {
        throw new Error("the whole file system was asked for");
      };
      return { ...system, fs: new Proxy(system.fs, { ownKeys: asked }) };
    };
    await box.ok("issue", "amend", "REQ-001", "seen", "-o", "admin");
  } finally {
    box.remove();
  }
});
