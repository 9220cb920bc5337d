import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { System } from "../../src/store/system.ts";
import { Sandbox } from "../support/sandbox.ts";

const ISSUE = ".mai/queues/questions/REQ-001.md";
const MIRROR = "async/questions/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
});
afterEach(() => box.remove());

/** A machine on which a directory is a mount of its own: nothing is renamed into it or out of it. */
function mounted(directory: string): (system: System) => System {
  return (system) => {
    const isThere = (path: unknown) => String(path).startsWith(`${box.path(directory)}/`);
    const renameSync: typeof system.fs.renameSync = (from, to) => {
      if (!existsSync(dirname(String(to))))
        throw Object.assign(new Error("ENOENT"), { code: "ENOENT", syscall: "rename" });
      if (isThere(from) !== isThere(to))
        throw Object.assign(new Error("EXDEV"), { code: "EXDEV", syscall: "rename" });
      system.fs.renameSync(from, to);
    };
    return { ...system, fs: { ...system.fs, renameSync } };
  };
}

test.each(["async", ".mai/queues/questions", ".mai/locks"])(
  "a change goes through where %s is a mount of its own",
  async (directory) => {
    box.alterSystem = mounted(directory);
    // What is not there yet says so before it says that it is elsewhere.
    rmSync(box.path("async"), { recursive: true });
    mkdirSync(box.path("async"));
    const { json } = await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    expect(json.pending).toBeUndefined();
    expect(box.read(MIRROR)).toBe(box.read(ISSUE));
    expect(box.names(".mai/tmp")).toEqual([]);
    expect((await box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice")).json.pending).toBeUndefined();
  },
);

test("an edit by hand during a crash is set aside from a mount of its own too", async () => {
  const across = mounted("async");
  box.alterSystem = (system) => {
    const { fs } = across(system);
    const renameSync: typeof fs.renameSync = (from, to) => {
      if (String(to) === box.path(MIRROR))
        throw Object.assign(new Error("EIO"), { code: "EIO", syscall: "rename" });
      fs.renameSync(from, to);
    };
    return { ...system, fs: { ...fs, renameSync } };
  };
  await box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice");
  box.write(MIRROR, "mine");
  box.alterSystem = across;
  await box.ok("issue", "amend", "REQ-001", "again", "-o", "alice");
  const kept = box.names(".mai/journal").map((name) => box.read(`.mai/journal/${name}`));
  expect(kept).toEqual(["mine"]);
  expect(box.read(MIRROR)).toBe(box.read(ISSUE));
});

test("who may not replace the files of others in a sticky directory is refused before anything is committed", async () => {
  chmodSync(box.path(".mai/queues/questions"), 0o1775);
  const before = box.tree();
  box.alterSystem = (system) => ({ ...system, userId: () => system.userId() + 1 });
  const refused = await box.json("issue", "amend", "REQ-001", "seen", "-o", "alice");
  expect(refused.json).toMatchObject({ error: "PERMISSION_DENIED", path: ISSUE });
  expect(box.tree()).toEqual(before);
});

test.each([
  ["a symbolic link", (path: string) => symlinkSync("elsewhere", path)],
  ["a directory", (path: string) => mkdirSync(path)],
])("a log that is %s stops the change before anything is committed, and is named", async (_, put) => {
  const [log = ""] = box.names(".mai/events");
  box.delete(`.mai/events/${log}`);
  put(box.path(`.mai/events/${log}`));
  const before = box.tree();
  const refused = await box.json("issue", "amend", "REQ-001", "seen", "-o", "alice");
  expect(refused.json).toMatchObject({ error: "CORRUPT_FILE", path: expect.stringContaining(log) });
  expect(box.tree()).toEqual(before);
});

test.each([
  ["a FIFO, on which whoever opens it would wait", (path: string) => void Bun.spawnSync(["mkfifo", path])],
  ["a symbolic link", (path: string) => symlinkSync("elsewhere", path)],
])("a hold that is %s holds nothing", async (_, put) => {
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  box.write(".mai/locks/REQ-001.lock", `${box.read(".mai/locks/REQ-001.lock").trimEnd()}|hold`);
  put(box.path(".mai/locks/REQ-001.hold"));
  expect((await box.ok("lock", "check", "REQ-001")).json.lock.stale).toBe(true);
  expect((await box.ok("prime", "-o", "alice")).code).toBe(0);
  expect((await box.ok("issue", "claim", "REQ-001", "-o", "bob")).json.holder).toBe("bob");
});

test("a change of somebody else that cannot be finished is told as theirs", async () => {
  const refusing = (system: System): System => {
    const renameSync: typeof system.fs.renameSync = (from, to) => {
      if (String(to).endsWith(ISSUE))
        throw Object.assign(new Error("EPERM"), { code: "EPERM", syscall: "rename" });
      system.fs.renameSync(from, to);
    };
    return { ...system, fs: { ...system.fs, renameSync } };
  };
  box.alterSystem = refusing;
  expect((await box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice")).json.pending).toBe(true);
  const { json } = await box.json("agent", "add", "carol", "-o", "admin");
  expect(json).toMatchObject({ error: "IO_ERROR", errno: "EPERM" });
  expect(json.message).toContain("An earlier change cannot be finished");
  expect((await box.ok("issue", "show", "REQ-001")).json.issue.records[0].text).toBe("seen");
});
