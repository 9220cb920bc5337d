import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  BinaryProject,
  type Ended,
  MAI,
  requireBinary,
  requireTool,
  scratchDirectory,
} from "../support/binary.ts";
import { leftovers, snapshotOf } from "../support/snapshot.ts";

/** Root may write anywhere: as root these tests act as nobody. */
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;
const directory = scratchDirectory("disk");
const mai = join(directory, "mai");

beforeAll(() => {
  requireBinary();
  if (isRoot) requireTool("setpriv", "util-linux");
  chmodSync(directory, 0o755);
  cpSync(MAI, mai);
});
afterAll(() => rmSync(directory, { recursive: true }));

for (const [what, path] of [
  ["a read-only queue", ".mai/queues/questions"],
  ["a read-only mirror", "async/questions"],
  ["a read-only events directory with no file of today", ".mai/events"],
] as const) {
  test(`${what} is an IO_ERROR before anything is written, and other work goes on`, async () => {
    const project = await ownProject();
    if (path === ".mai/events")
      for (const name of readdirSync(join(project.root, path))) rmSync(join(project.root, path, name));
    const before = snapshotOf(project.root, { modes: false });
    chmodSync(join(project.root, path), 0o500);
    const refused = await act(project, "--json", "issue", "new", "questions", "Two", "-o", "admin");
    expect(refused.code).toBe(74);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: "IO_ERROR",
      errno: "EACCES",
      path: expect.stringContaining(path),
    });
    expect(snapshotOf(project.root, { modes: false })).toEqual(before);
    expect(leftovers(project.root)).toEqual([]);
    if (path !== ".mai/events")
      expect((await act(project, "issue", "new", "reviews", "Three", "-o", "admin")).code).toBe(0);
    project.remove();
  });
}

test("a log that may not be written is an IO_ERROR before anything is written", async () => {
  const project = await ownProject();
  const history = join(project.root, ".mai/history");
  for (const name of readdirSync(history)) chmodSync(join(history, name), 0o400);
  const before = snapshotOf(project.root);
  const refused = await act(project, "--json", "issue", "new", "questions", "Two", "-o", "admin");
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: "IO_ERROR", exit_code: 74, errno: "EACCES" });
  expect(snapshotOf(project.root)).toEqual(before);
  expect(leftovers(project.root)).toEqual([]);
  project.remove();
});

async function ownProject(): Promise<BinaryProject> {
  const project = new BinaryProject(mai, join(directory, crypto.randomUUID()));
  mkdirSync(project.root, { recursive: true });
  if (isRoot)
    for (const path of [project.base, project.root, join(project.base, "home")])
      chownSync(path, NOBODY, NOBODY);
  for (const line of [["init"], ["issue", "new", "questions", "One"]])
    expect(await act(project, ...line, "-o", "admin")).toMatchObject({ code: 0 });
  return project;
}

function act(project: BinaryProject, ...argv: readonly string[]): Promise<Ended> {
  const under = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  return project.run(argv, { under: isRoot ? under : [] });
}
