import { afterEach, expect, test } from "bun:test";
import { cpSync, rmSync } from "node:fs";
import { type FileSystem, machineFileSystem } from "../../src/store/file-system.ts";
import { Sandbox } from "../support/sandbox.ts";

const MOST_CALLS = 1000;
/** Calls that a dead process makes no more, but whose effect the kernel gives: it closes what was open. */
const BY_THE_KERNEL: ReadonlySet<string> = new Set(["closeSync"]);

let box: Sandbox;
afterEach(() => box.remove());

async function deletableProject(): Promise<Sandbox> {
  const made = await Sandbox.withTeam();
  await made.ok("config", "set", "durability", "process", "-o", "admin");
  await made.ok("issue", "new", "questions", "One", "-o", "alice");
  await made.ok("issue", "claim", "REQ-001", "-o", "alice");
  made.write("src/main.c", "int main;");
  return made;
}

/** Brings the sandbox back to what it was when the copy was made: quicker than making it anew for every call. */
function restore(from: string): void {
  rmSync(box.base, { recursive: true });
  cpSync(from, box.base, { recursive: true, preserveTimestamps: true });
}

/** Fails the n-th call and, as in a process that was killed, every call after it; a disk fault fails that one only. */
function failingAt(n: number, how: "killed" | "ENOSPC", counter: { calls: number }): FileSystem {
  const entries = Object.entries(machineFileSystem).filter(([, value]) => typeof value === "function");
  return Object.fromEntries(
    entries.map(([name, call]) => [
      name,
      (...args: readonly unknown[]) => {
        if (!BY_THE_KERNEL.has(name)) counter.calls += 1;
        const dies = how === "killed" ? counter.calls >= n : counter.calls === n;
        if (dies && !BY_THE_KERNEL.has(name)) throw fault(how, name);
        return (call as (...all: readonly unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as FileSystem;
}

function fault(how: string, syscall: string): Error {
  return how === "killed" ? new Error("killed") : Object.assign(new Error(how), { code: how, syscall });
}

test("killed at any call, project delete leaves the project whole or gone, and the next commands find no trace of it", async () => {
  box = await deletableProject();
  const before = box.tree();
  const copy = `${box.base}-copy`;
  cpSync(box.base, copy, { recursive: true, preserveTimestamps: true });
  let whole = 0;
  let gone = 0;
  for (let n = 1; n < MOST_CALLS; n += 1) {
    restore(copy);
    const counter = { calls: 0 };
    box.alterSystem = (system) => ({ ...system, fs: failingAt(n, "killed", counter) });
    const run = await box.run("project", "delete", ".", "-o", "admin", "--yes");
    box.alterSystem = (system) => system;
    if (box.exists(".mai")) {
      whole += 1;
      // Recovery is the next change's: an idempotent one, so that the tree can be compared.
      await box.ok("agent", "add", "alice", "-o", "admin");
      expect([n, box.tree()]).toEqual([n, before]);
    } else {
      gone += 1;
      expect([n, box.exists("async")]).toEqual([n, false]);
      expect([n, (await box.json("issue", "list")).json.error]).toEqual([n, "PROJECT_NOT_FOUND"]);
      await expectSwept(n % 2 === 0 ? "init" : "delete");
    }
    if (run.code === 0) break;
  }
  rmSync(copy, { recursive: true });
  expect(whole).toBeGreaterThan(20);
  expect(gone).toBeGreaterThan(20);
}, 60_000);

async function expectSwept(how: "init" | "delete"): Promise<void> {
  if (how === "init") {
    await box.ok("init");
    expect(box.names(".")).toEqual([".mai", "async", "src"]);
    expect(box.names("async")).toEqual(["config.json", "history"]);
    return;
  }
  await box.run("project", "delete", ".", "-o", "admin", "--yes");
  expect(box.names(".")).toEqual(["src"]);
  expect((await box.ok("project", "list")).json.projects).toEqual([]);
}

test("a disk fault at any call: an error means that the project is whole, a success that it is gone", async () => {
  box = await deletableProject();
  const before = box.tree();
  const copy = `${box.base}-copy`;
  cpSync(box.base, copy, { recursive: true, preserveTimestamps: true });
  for (let n = 1; n < MOST_CALLS; n += 1) {
    restore(copy);
    const counter = { calls: 0 };
    box.alterSystem = (system) => ({ ...system, fs: failingAt(n, "ENOSPC", counter) });
    const run = await box.json("project", "delete", ".", "-o", "admin", "--yes");
    box.alterSystem = (system) => system;
    if (run.code === 0) expect([n, box.exists(".mai"), box.exists("async")]).toEqual([n, false, false]);
    else {
      await box.ok("agent", "add", "alice", "-o", "admin");
      expect([n, box.tree()]).toEqual([n, before]);
    }
    if (counter.calls < n) break;
  }
  rmSync(copy, { recursive: true });
}, 60_000);

test("what is left after the commit point is named in a warning with pending, and the next delete removes it", async () => {
  box = await deletableProject();
  box.alterSystem = (system) => ({
    ...system,
    fs: {
      ...system.fs,
      rmdirSync: () => {
        throw Object.assign(new Error("EACCES: not permitted"), { code: "EACCES", syscall: "rmdir" });
      },
    },
  });
  const run = await box.json("project", "delete", ".", "-o", "admin", "--yes");
  expect(run.json).toMatchObject({ ok: true, pending: true });
  expect(run.json.warnings[0]).toMatch(
    /^The project is deleted, but \S+\.mai-deleted-[0-9a-f]{16} is left: EACCES/,
  );
  box.alterSystem = (system) => system;
  expect((await box.run("project", "delete", ".", "-o", "admin", "--yes")).code).toBe(0);
  expect(box.names(".")).toEqual(["src"]);
});

test("a change that waited for the mutex while the project was deleted finds no project, and makes no file", async () => {
  box = await deletableProject();
  box.alterSystem = (system) => ({
    ...system,
    // The delete happens between the opening of the mutex and its lock, as when the deleter held it until now.
    tryFlock: (fd, operation) => {
      box.move(".mai", ".mai-deleted-0123456789abcdef");
      box.delete("async");
      box.alterSystem = (original) => original;
      return system.tryFlock(fd, operation);
    },
  });
  const run = await box.json("issue", "amend", "REQ-001", "x", "-o", "alice");
  expect([run.code, run.json.error]).toEqual([4, "PROJECT_NOT_FOUND"]);
  expect(box.names(".")).toEqual([".mai-deleted-0123456789abcdef", "src"]);
});

test("a directory whose name only begins like a tombstone is not swept", async () => {
  box = new Sandbox();
  box.write(".mai-deleted-mine/x", "1");
  await box.ok("init");
  expect(box.read(".mai-deleted-mine/x")).toBe("1");
});
