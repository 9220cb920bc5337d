import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

const home = (name: string) => join(box.base, "home", ".mai-cli", name);
const registry = () => JSON.parse(readFileSync(home("registry.json"), "utf8"));
/** In the sandbox `admin` is root of the project alone; new projects take a global root. */
const GLOBAL_ROOT = () => JSON.parse(readFileSync(home("config.json"), "utf8")).root[0];

test("project init makes the directory, the project and its entry in the registry; again it changes nothing", async () => {
  const run = await box.run("project", "init", "sub/..//api", "-o", GLOBAL_ROOT());
  expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining("lies inside another one") });
  expect(run.stdout).toBe(`Project api is ready in ${box.path("api")}; root: ${GLOBAL_ROOT()}\n`);
  expect(box.exists("api/.mai/config.json")).toBe(true);
  expect(registry().projects.map(({ path }: { path: string }) => path)).toEqual([box.cwd, box.path("api")]);
  const before = box.tree();
  expect((await box.ok("project", "init", "api", "-o", GLOBAL_ROOT())).json.idempotent).toBe(true);
  expect(box.tree()).toEqual(before);
});

test("project init --dry-run makes not even the directory", async () => {
  await box.ok("--dry-run", "project", "init", "api", "-o", GLOBAL_ROOT());
  expect(box.exists("api")).toBe(false);
  expect(registry().projects).toHaveLength(1);
});

test("project list reads each project's own settings, and shows missing and unreadable ones as such", async () => {
  for (const name of ["gone", "torn"]) await box.ok("project", "init", name, "-o", GLOBAL_ROOT());
  box.delete("gone");
  box.write("torn/.mai/config.json", "{");
  const { json } = await box.ok("project", "list");
  expect(json.projects).toMatchObject([
    { name: "work", path: box.cwd, agents: ["default", "alice", "bob"], state: "here" },
    { name: "gone", path: box.path("gone"), agents: [], state: "missing" },
    { name: "torn", agents: [], state: "unreadable" },
  ]);
  expect(json.warnings).toEqual([expect.stringContaining("torn: .mai/config.json is not JSON")]);
  const lines = (await box.run("project", "list")).stdout.split("\n");
  expect(lines[1]).toMatch(/^gone {2}\S+gone +missing$/);
});

test("project list --agent shows the projects that it works in, any case, with or without @", async () => {
  await box.ok("project", "init", "api", "-o", GLOBAL_ROOT());
  for (const name of ["bob", "@bob", "BOB"]) {
    const { json } = await box.ok("project", "list", "--agent", name);
    expect(json.projects.map((project: { name: string }) => project.name)).toEqual(["work"]);
  }
  expect((await box.run("project", "list", "--agent", "nobody")).stdout).toBe("No projects.\n");
});

test("project prune removes entries whose project is gone, and shows which", async () => {
  for (const name of ["gone", "kept"]) await box.ok("project", "init", name, "-o", GLOBAL_ROOT());
  box.delete("gone");
  const pruned = [{ name: "gone", path: box.path("gone") }];
  expect((await box.ok("--dry-run", "project", "prune")).json.pruned).toEqual(pruned);
  expect(registry().projects).toHaveLength(3);
  expect((await box.ok("project", "prune")).json).toMatchObject({ pruned, total: 1, idempotent: false });
  expect(registry().projects.map(({ name }: { name: string }) => name)).toEqual(["work", "kept"]);
  expect((await box.run("project", "prune")).stdout).toBe("Every registered project is there.\n");
});

test("project prune keeps a project that may not be looked at", async () => {
  const closed = box.path(".mai");
  box.alterSystem = (system) => ({
    ...system,
    fs: {
      ...system.fs,
      lstatSync: ((path: string, options: object) => {
        if (path === closed) throw Object.assign(new Error("denied"), { code: "EACCES", syscall: "lstat" });
        return system.fs.lstatSync(path, options);
      }) as typeof system.fs.lstatSync,
    },
  });
  expect((await box.ok("project", "prune")).json.total).toBe(0);
});

test("an entry whose project is gone makes a name neither ambiguous nor found", async () => {
  for (const name of ["one", "two"]) box.mkdir(name);
  for (const name of ["one/api", "two/api"]) await box.ok("project", "init", name, "-o", GLOBAL_ROOT());
  expect((await box.json("--project", "api", "status")).json.error).toBe("AMBIGUOUS_ID");
  box.delete("one");
  expect((await box.ok("--project", "api", "status")).json.project.path).toBe(box.path("two/api"));
  const deleted = await box.ok("--dry-run", "project", "delete", "api", "--yes", "-o", GLOBAL_ROOT());
  expect(deleted.json.path).toBe(box.path("two/api"));
  box.delete("two");
  const { json } = await box.json("--project", "api", "status");
  expect(json).toMatchObject({
    error: "PROJECT_NOT_FOUND",
    hint: expect.stringContaining("mai project prune"),
  });
});

test("project delete removes .mai, async and the registry entry, and nothing else; links are not followed", async () => {
  box.write("src/main.c", "int main;");
  mkdirSync(join(box.base, "outside"));
  writeFileSync(join(box.base, "outside", "precious"), "1");
  symlinkSync(join(box.base, "outside"), box.path(".mai/cache"));
  symlinkSync(join(box.base, "outside"), box.path("async/link"));
  const run = await box.run("project", "delete", "work", "-o", "admin", "--yes", "--no-backup");
  expect(run).toEqual({ code: 0, stdout: `Project work deleted (${box.cwd})\n`, stderr: "" });
  expect([...box.tree().keys()]).toEqual(["src/main.c"]);
  expect(box.names(".")).toEqual(["src"]);
  expect(readFileSync(join(box.base, "outside", "precious"), "utf8")).toBe("1");
  expect(registry().projects).toEqual([]);
  expect((await box.json("project", "delete", ".", "-o", "admin", "--yes")).json.error).toBe(
    "PROJECT_NOT_FOUND",
  );
});

test("a mirror that is a link goes as a link", async () => {
  mkdirSync(join(box.base, "outside"));
  writeFileSync(join(box.base, "outside", "precious"), "1");
  box.delete("async");
  symlinkSync(join(box.base, "outside"), box.path("async"));
  await box.ok("project", "delete", ".", "-o", "admin", "--yes", "--no-backup");
  expect(box.names(".")).toEqual([]);
  expect(existsSync(join(box.base, "outside", "precious"))).toBe(true);
});

test.each([
  ["NON_INTERACTIVE", 1, ["-o", "admin"]],
  ["PERMISSION_DENIED", 3, ["-o", "alice", "--yes"]],
  ["INVALID_NAME", 1, ["-o", "a|b", "--yes"]],
])("%s (%i): project delete . %p changes no byte, dry or not", async (error, code, options) => {
  const before = box.tree("..");
  for (const dry of [[], ["--dry-run"]]) {
    const run = await box.json(...dry, "project", "delete", ".", ...options);
    expect([run.code, run.json.error]).toEqual([code, error]);
  }
  expect(box.tree("..")).toEqual(before);
});

test("project delete --dry-run changes no byte", async () => {
  const before = box.tree("..");
  expect((await box.run("--dry-run", "project", "delete", ".", "-o", "admin", "--yes")).stdout).toBe(
    `[dry-run] Project work deleted (${box.cwd})\n`,
  );
  expect(box.tree("..")).toEqual(before);
});

test("a name that two projects share refuses and lists the paths; a path names one", async () => {
  for (const name of ["a/team", "b/team"]) {
    box.mkdir(name);
    await box.ok("project", "init", name, "-o", GLOBAL_ROOT());
  }
  const paths = [box.path("a/team"), box.path("b/team")];
  const before = box.tree("..");
  const run = await box.json("project", "delete", "team", "-o", GLOBAL_ROOT(), "--yes");
  expect(run.json).toMatchObject({
    error: "AMBIGUOUS_ID",
    paths,
    hint: expect.stringContaining(paths[0] ?? ""),
  });
  expect(box.tree("..")).toEqual(before);
  await box.ok("project", "delete", "b/team", "-o", GLOBAL_ROOT(), "--yes");
  expect([box.exists("a/team/.mai"), box.exists("b/team/.mai")]).toEqual([true, false]);
  await box.ok("project", "delete", "team", "-o", GLOBAL_ROOT(), "--yes");
  expect(box.exists("a/team/.mai")).toBe(false);
});

test("a word that is the path of one project and the name of another refuses", async () => {
  box.mkdir("x/api");
  await box.ok("project", "init", "x/api", "-o", GLOBAL_ROOT());
  await box.ok("project", "init", "api", "-o", GLOBAL_ROOT());
  const run = await box.json("project", "delete", "api", "-o", GLOBAL_ROOT(), "--yes");
  expect(run.json).toMatchObject({ error: "AMBIGUOUS_ID", paths: [box.path("api"), box.path("x/api")] });
});

test("a registered project that is gone from disk loses its entry; a misspelt one gets the nearest name", async () => {
  await box.ok("project", "init", "gone", "-o", GLOBAL_ROOT());
  box.delete("gone");
  expect((await box.json("project", "delete", "gnoe", "--yes")).json).toMatchObject({
    error: "PROJECT_NOT_FOUND",
    hint: expect.stringContaining("'gone'"),
  });
  await box.ok("project", "delete", "gone", "--yes");
  expect(registry().projects).toHaveLength(1);
});

test.each([
  ["y", true],
  ["YES", true],
  ["", false],
  ["n", false],
  ["yes please", false],
])("on a terminal project delete asks, and %p means deleted: %p", async (typed, deleted) => {
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  Object.assign(box, { stdinIsTerminal: true, stderrIsTerminal: true, stdin: `${typed}\n` });
  const run = await box.run("project", "delete", ".", "-o", "admin");
  expect(run).toMatchObject({ code: 0, stderr: `Delete project work in ${box.cwd} with 1 issue? [y/N] ` });
  expect(box.exists(".mai")).toBe(!deleted);
  expect(box.exists("async")).toBe(!deleted);
});

test("who ends the input instead of answering is not told that there is no terminal", async () => {
  Object.assign(box, { stdinIsTerminal: true, stderrIsTerminal: true, stdin: "" });
  const run = await box.run("project", "delete", ".", "-o", "admin");
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("[y/N] \n");
  expect(run.stderr).toContain("needs a yes, and none came");
  expect(box.exists(".mai")).toBe(true);
});

test("in JSON nothing is asked, on a terminal either", async () => {
  Object.assign(box, { stdinIsTerminal: true, stderrIsTerminal: true, stdin: "y\n" });
  const run = await box.json("project", "delete", ".", "-o", "admin");
  expect(run).toMatchObject({ code: 1, stderr: "" });
  expect(run.json.error).toBe("NON_INTERACTIVE");
  expect(box.exists(".mai")).toBe(true);
});
