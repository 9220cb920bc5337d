import { afterEach, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { cpSync, readlinkSync, rmSync, statSync, symlinkSync } from "node:fs";
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

const DELETE = ["project", "delete", ".", "-o", "admin", "--yes"] as const;

/** With a backup, which takes many more calls, only some of them are disturbed. */
const WAYS = [
  { how: "without a backup", argv: [...DELETE, "--no-backup"], step: 1, backups: 0 },
  { how: "with a backup", argv: DELETE, step: 7, backups: 1 },
] as const;

test.each(WAYS)(
  "killed at any call, project delete $how leaves the project whole or gone, and the next commands find no trace of it",
  async ({ argv, step, backups }) => {
    box = await deletableProject();
    const before = box.tree();
    const copy = `${box.base}-copy`;
    cpSync(box.base, copy, { recursive: true, preserveTimestamps: true });
    let whole = 0;
    let gone = 0;
    for (let n = 1; n < MOST_CALLS; n += step) {
      restore(copy);
      const counter = { calls: 0 };
      box.alterSystem = (system) => ({ ...system, fs: failingAt(n, "killed", counter) });
      const run = await box.run(...argv);
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
        await expectSwept(n % 2 === 0 ? "init" : "delete", backups);
        if (backups > 0) expect([n, unpacked()]).toEqual([n, before]);
      }
      if (run.code === 0) break;
    }
    rmSync(copy, { recursive: true });
    expect(whole * step).toBeGreaterThan(20);
    expect(gone * step).toBeGreaterThan(20);
  },
  60_000,
);

async function expectSwept(how: "init" | "delete", backups: number): Promise<void> {
  if (how === "init") await box.ok("init");
  else await box.run(...DELETE);
  expect(box.names(".").filter((name) => name.startsWith("mai-backup-"))).toHaveLength(backups);
  const left = box.names(".").filter((name) => !name.startsWith("mai-backup-"));
  expect(left).toEqual(how === "init" ? [".mai", "async", "src"] : ["src"]);
  if (how === "init") expect(box.names("async")).toEqual(["config.json", "history"]);
  else expect((await box.ok("project", "list")).json.projects).toEqual([]);
}

/** Unpacks the backup as the answer says to, in place of what is there. */
function unpacked(): ReadonlyMap<string, string> {
  const [backup = ""] = box.names(".").filter((name) => name.startsWith("mai-backup-"));
  rmSync(box.path(".mai"), { recursive: true, force: true });
  rmSync(box.path("async"), { recursive: true, force: true });
  execFileSync("tar", ["-xpzf", box.path(backup), "-C", box.cwd]);
  rmSync(box.path(backup));
  return box.tree();
}

test.each(WAYS)(
  "a disk fault at any call of deleting $how: an error means that the project is whole, a success that it is gone",
  async ({ argv, step }) => {
    box = await deletableProject();
    const before = box.tree();
    const copy = `${box.base}-copy`;
    cpSync(box.base, copy, { recursive: true, preserveTimestamps: true });
    for (let n = 1; n < MOST_CALLS; n += step) {
      restore(copy);
      const counter = { calls: 0 };
      box.alterSystem = (system) => ({ ...system, fs: failingAt(n, "ENOSPC", counter) });
      const run = await box.json(...argv);
      box.alterSystem = (system) => system;
      if (run.code === 0) expect([n, box.exists(".mai"), box.exists("async")]).toEqual([n, false, false]);
      else {
        await box.ok("agent", "add", "alice", "-o", "admin");
        expect([n, box.tree()]).toEqual([n, before]);
      }
      if (counter.calls < n) break;
    }
    rmSync(copy, { recursive: true });
  },
  60_000,
);

test("a backup brings everything back with modes, times, links and long names, and is tar's to unpack", async () => {
  box = await deletableProject();
  const long = `.mai/queues/${"q".repeat(60)}/${"ü".repeat(60)}.md`;
  box.write(long, "long");
  box.write(".mai/empty", "");
  symlinkSync("nowhere", box.path(".mai/link"));
  box.chmod(".mai/queues", 0o750);
  box.age(".mai/locks/REQ-001.lock", 20);
  const before = box.tree();
  const lease = statSync(box.path(".mai/locks/REQ-001.lock")).mtimeMs;
  const { json } = await box.ok(...DELETE);
  expect(json.unpack).toBe(`tar -xpzf ${json.backup} -C ${box.cwd}`);
  expect(box.names(".")).toEqual([json.backup.slice(box.cwd.length + 1), "src"]);
  expect(unpacked()).toEqual(before);
  expect(readlinkSync(box.path(".mai/link"))).toBe("nowhere");
  expect(box.mode(".mai/queues")).toBe(0o750);
  expect(Math.floor(statSync(box.path(".mai/locks/REQ-001.lock")).mtimeMs / 1000)).toBe(
    Math.floor(lease / 1000),
  );
  expect((await box.ok("issue", "show", "REQ-001")).json.lock.holder).toBe("alice");
});

test("a backup is readable by nobody who may not read everything in it", async () => {
  box = await deletableProject();
  box.chmod(".mai/locks", 0o700);
  const { json } = await box.ok(...DELETE);
  expect(box.mode(json.backup.slice(box.cwd.length + 1))).toBe(0o600);
});

test("a backup that does not read back as it was written stops the deletion", async () => {
  box = await deletableProject();
  const before = box.tree();
  box.alterSystem = (system) => ({
    ...system,
    fs: {
      ...system.fs,
      writeSync: ((fd: number, bytes: Uint8Array, ...rest: readonly number[]) => {
        const [at = 0, length = 0, position] = rest;
        // A gzip file, on a disk that loses a byte.
        const broken = Uint8Array.from(bytes);
        if (bytes[0] === 0x1f && bytes[1] === 0x8b)
          broken.set([(bytes.at(bytes.length >> 1) ?? 0) ^ 1], bytes.length >> 1);
        return system.fs.writeSync(fd, broken, at, length, position);
      }) as typeof system.fs.writeSync,
    },
  });
  const { json } = await box.json(...DELETE);
  box.alterSystem = (system) => system;
  expect(json).toMatchObject({ error: "CORRUPT_FILE", hint: expect.stringContaining("--no-backup") });
  expect(box.tree()).toEqual(before);
});

test("what is neither file nor directory stops a backup, and --no-backup goes past it", async () => {
  box = await deletableProject();
  Bun.spawnSync(["mkfifo", box.path(".mai/fifo")]);
  const { json } = await box.json(...DELETE);
  expect(json).toMatchObject({ error: "CORRUPT_FILE", path: ".mai/fifo" });
  expect(box.exists(".mai/config.json")).toBe(true);
  expect((await box.ok(...DELETE, "--no-backup")).json).toMatchObject({ backup: null, unpack: null });
  expect(box.names(".")).toEqual(["src"]);
});

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
    /^The project is deleted, but \S+\.mai-deleted-[0-9a-f]{16} is left: rmdir: permission denied \(EACCES\)\.$/,
  );
  box.alterSystem = (system) => system;
  expect((await box.run(...DELETE)).code).toBe(0);
  expect(box.names(".").filter((name) => !name.startsWith("mai-backup-"))).toEqual(["src"]);
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

test("a project that cannot be looked at is not deleted in words alone, and stays registered", async () => {
  box = await deletableProject();
  const before = box.tree();
  box.alterSystem = (system) => ({
    ...system,
    fs: {
      ...system.fs,
      lstatSync: ((path: string, ...rest: readonly []) => {
        if (path === box.path(".mai")) throw fault("EACCES", "lstat");
        return system.fs.lstatSync(path, ...rest);
      }) as typeof system.fs.lstatSync,
    },
  });
  expect((await box.json(...DELETE)).json).toMatchObject({ error: "IO_ERROR", errno: "EACCES" });
  box.alterSystem = (system) => system;
  expect(box.tree()).toEqual(before);
  expect((await box.ok("project", "list")).json.total).toBe(1);
});
