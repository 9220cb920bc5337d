import { afterEach, beforeEach, expect, test } from "bun:test";
import { constants, openSync, readdirSync } from "node:fs";
import { reachByWorkingDirectory } from "../../src/store/pinned/reach.ts";
import { openWorkingDirectory } from "../../src/store/pinned/working-directory.ts";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

/** What macOS does for a thread, done for the process: the calls differ in name alone. */
function workingDirectory() {
  const own = openSync(".", constants.O_RDONLY);
  return openWorkingDirectory({ library: "libc.so.6", change: "fchdir", own, errno: "__errno_location" });
}

test("a change goes through where directories are reached as the working one, and that is as before afterwards", async () => {
  const before = process.cwd();
  const paths: string[] = [];
  const reach = reachByWorkingDirectory(workingDirectory());
  box.seesDescriptors = true;
  box.alterSystem = (system) => {
    const openSync: typeof system.fs.openSync = (path, ...rest) => {
      paths.push(String(path));
      return system.fs.openSync(path, ...rest);
    };
    return { ...system, reach, fs: { ...system.fs, openSync } };
  };
  const { json } = await box.ok("issue", "new", "reviews", "One", "-o", "alice");
  await box.ok("issue", "claim", json.issue_id, "-o", "alice");
  expect(process.cwd()).toBe(before);
  expect(box.read(`async/reviews/${json.issue_id}.md`)).toContain("IN_PROGRESS");
  expect(box.names(".mai/tmp")).toEqual([]);
  // The mutex is opened by its bare name, and nothing that is written by a path.
  expect(paths).toContain("mutex");
  expect(paths.filter((path) => path.startsWith("/proc/self/fd"))).toEqual([]);
});

test("a rename that fails there says why in the words of the system", () => {
  const working = workingDirectory();
  const directory = openSync(box.cwd, constants.O_RDONLY);
  const rename = () => working.rename({ directory, name: "no" }, { directory, name: "new" });
  expect(rename).toThrow(expect.objectContaining({ code: "ENOENT", syscall: "rename", path: "no" }));
});

test("a change leaves no descriptor open", async () => {
  const open = () => readdirSync("/proc/self/fd").length;
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  const before = open();
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  await box.json("issue", "claim", "REQ-404", "-o", "alice");
  expect(open()).toBe(before);
});
