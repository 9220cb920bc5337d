import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BinaryProject } from "../support/binary.ts";

const TEAM = [
  ["init", "-o", "admin"],
  ["agent", "add", "alice", "-o", "admin"],
  ["issue", "new", "questions", "One", "-o", "alice"],
];

test("issue run holds the first issue of a project, which has no locks/ before", async () => {
  const project = await BinaryProject.after(TEAM);
  expect(existsSync(join(project.root, ".mai/locks"))).toBe(false);
  const ended = await project.run([
    "issue",
    "run",
    "REQ-001",
    "-o",
    "alice",
    "--",
    "cat",
    ".mai/locks/REQ-001.lock",
  ]);
  expect(ended).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^alice\|[^|]+\|fence=1\|hold$/m),
    stderr: "",
  });
  project.remove();
});

test("a dry run of issue run makes no locks/", async () => {
  const project = await BinaryProject.after(TEAM);
  await project.ok("--dry-run", "issue", "run", "REQ-001", "-o", "alice", "--", "true");
  expect(existsSync(join(project.root, ".mai/locks"))).toBe(false);
  project.remove();
});
