import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

const home = (name = "") => join(box.base, "home", ".mai-cli", name);
const config = () => JSON.parse(readFileSync(home("config.json"), "utf8"));
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

test("setup --root makes the home for its user alone: 0700, files 0600", async () => {
  const run = await box.run("setup", "--root", "admin,@alice", "--root", "bob");
  expect(run).toEqual({
    code: 0,
    stdout: `${home()} is ready; root: admin, alice, bob\n`,
    stderr: "",
  });
  expect(config()).toEqual({
    root: ["admin", "alice", "bob"],
    initialized_at: expect.stringMatching(/\+08:00$/),
  });
  await box.ok("init", "-o", "bob");
  expect(mode(home())).toBe("700");
  for (const name of ["config.json", "registry.json", "registry.lock"]) expect(mode(home(name))).toBe("600");
});

test("a home that is there keeps its mode, and doctor says what is wrong with it", async () => {
  mkdirSync(home());
  writeFileSync(home("config.json"), '{"root":["admin"]}');
  chmodSync(home(), 0o775);
  await box.ok("init", "-o", "admin");
  expect([mode(home()), mode(home("registry.json"))]).toEqual(["775", "600"]);
  const told = async () => (await box.json("doctor")).json.findings[0];
  expect(await told()).toMatchObject({
    code: "home_open",
    path: join(box.base, "home", ".mai-cli"),
    message: expect.stringContaining("Others may write to it"),
  });
  chmodSync(home(), 0o755);
  expect(await told()).toMatchObject({ message: expect.stringContaining("Others may read it") });
});

test("setup without a terminal takes the operating-system user; again, and with the same roots, it changes nothing", async () => {
  const { json } = await box.ok("setup");
  expect(json.idempotent).toBe(false);
  expect(json.root).toHaveLength(1);
  const before = box.tree("../home");
  expect((await box.ok("setup")).json.idempotent).toBe(true);
  expect((await box.ok("setup", "--root", json.root[0])).json.idempotent).toBe(true);
  expect(box.tree("../home")).toEqual(before);
});

test("setup with other roots than those that are there refuses and changes no byte", async () => {
  await box.ok("setup", "--root", "admin");
  const before = box.tree("../home");
  const run = await box.json("setup", "--root", "bob");
  expect(run.json).toMatchObject({ error: "ALREADY_EXISTS", root: ["admin"], exit_code: 1 });
  expect(box.tree("../home")).toEqual(before);
});

test.each([
  ["alice, bob", ["alice", "bob"]],
  ["", null],
])("on a terminal setup asks for the roots: %p", async (typed, roots) => {
  Object.assign(box, { stdinIsTerminal: true, stderrIsTerminal: true, stdin: `${typed}\n` });
  const run = await box.run("setup");
  expect(run.stderr).toMatch(/^Who are the roots\? Names with commas between, or nothing for \S+: $/);
  expect(config().root).toEqual(roots ?? [expect.any(String)]);
  expect((await box.run("setup")).stderr).toBe("");
});

test("setup --dry-run and a name that is none make no home", async () => {
  expect((await box.run("--dry-run", "setup", "--root", "admin")).stdout).toStartWith("[dry-run] ");
  expect((await box.json("setup", "--root", "a|b")).json.error).toBe("INVALID_NAME");
  expect(existsSync(home())).toBe(false);
});

test("MAI_HOME stands for ~/.mai-cli; a relative one is relative to the current directory", async () => {
  box.env = { ...box.env, MAI_HOME: "my-home" };
  await box.ok("setup", "--root", "admin");
  expect(JSON.parse(box.read("my-home/config.json")).root).toEqual(["admin"]);
  expect(existsSync(home())).toBe(false);
});

test("without a home everything works: init warns, the project is there", async () => {
  const system = (original: ReturnType<Sandbox["alterSystem"]>) => ({ ...original, userId: () => 4242 });
  box.alterSystem = system;
  box.env = {};
  expect((await box.json("setup")).json).toMatchObject({
    error: "NOT_FOUND",
    hint: expect.stringContaining("MAI_HOME"),
  });
  const { json } = await box.ok("init");
  expect(json.root).toEqual(["uid4242"]);
  expect(json.warnings).toEqual(["There is no home directory, so the project is not registered by name."]);
  expect((await box.ok("project", "list")).json.projects).toEqual([]);
});

test("a home that cannot be written is a warning for init and an IO_ERROR for setup", async () => {
  writeFileSync(join(box.base, "home", ".mai-cli"), "a file where the directory should be");
  const run = await box.json("setup", "--root", "admin");
  expect(run).toMatchObject({ code: 74, stderr: "" });
  const { json } = await box.ok("init", "-o", "admin");
  expect(json.warnings).toHaveLength(2);
  expect(box.exists(".mai/config.json")).toBe(true);
});

test("a home on a read-only file system is a warning for init and an IO_ERROR for setup", async () => {
  box.alterSystem = (system) => ({ ...system, fs: readOnlyBelow(join(box.base, "home"), system.fs) });
  expect((await box.json("setup", "--root", "admin")).json).toMatchObject({
    error: "IO_ERROR",
    errno: "EROFS",
  });
  const { json } = await box.ok("init", "-o", "admin");
  expect(json.warnings).toEqual([expect.stringContaining("EROFS"), expect.stringContaining("EROFS")]);
  expect(box.exists(".mai/config.json")).toBe(true);
});

test("keys of the registry that mai does not know survive; a registry that is none is left alone", async () => {
  mkdirSync(home());
  const entry = {
    name: "old",
    path: "/old",
    description: "d",
    agents: [{ name: "x" }],
    created_at: "t",
    colour: 1,
  };
  writeFileSync(home("registry.json"), JSON.stringify({ version: 3, projects: [entry] }));
  await box.ok("init");
  const registry = JSON.parse(readFileSync(home("registry.json"), "utf8"));
  expect(registry).toMatchObject({ version: 3, projects: [entry, { name: "work", path: box.cwd }] });
  writeFileSync(home("registry.json"), "[1]");
  box.delete(".mai");
  const { json } = await box.ok("init");
  expect(json.warnings).toEqual([expect.stringContaining("registry.json is not a list of projects")]);
  expect(readFileSync(home("registry.json"), "utf8")).toBe("[1]");
});

type Fs = ReturnType<Sandbox["alterSystem"]>["fs"];

function readOnlyBelow(directory: string, fs: Fs): Fs {
  const refuse = (path: unknown, syscall: string) => {
    if (!String(path).startsWith(directory)) return;
    throw Object.assign(new Error(`EROFS: read-only file system, ${syscall}`), {
      code: "EROFS",
      syscall,
      path,
    });
  };
  return {
    ...fs,
    mkdirSync: ((path: string) => {
      refuse(path, "mkdir");
      return fs.mkdirSync(path);
    }) as Fs["mkdirSync"],
    openSync: ((path: string, flags: number, openMode?: number) => {
      if (typeof flags === "number" && (flags & 0o103) !== 0) refuse(path, "open");
      return fs.openSync(path, flags, openMode);
    }) as Fs["openSync"],
  };
}

test("what 'init -o admin' set up does not keep admin from a second project, nor anybody else of this user", async () => {
  await box.ok("init", "-o", "admin");
  expect(config().root).not.toContain("admin");
  for (const name of ["admin", "bob"]) {
    const { json } = await box.ok("project", "init", `of-${name}`, "-o", name);
    expect(json.root).toEqual([name]);
  }
});

test("where setup named the roots, nobody else makes a project", async () => {
  await box.ok("setup", "--root", "admin");
  const refused = await box.json("project", "init", "inner", "-o", "bob");
  expect([refused.code, refused.json.error]).toEqual([3, "PERMISSION_DENIED"]);
  await box.ok("project", "init", "inner", "-o", "admin");
});
