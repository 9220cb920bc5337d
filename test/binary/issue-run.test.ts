import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BinaryProject } from "../support/binary.ts";
import { wholeTree } from "../support/whole-tree.ts";

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
    stdout: expect.stringMatching(/^alice\|[^|]+\|fence=1\|from=default\|hold$/m),
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

test("with too few open files for one step or another, only a command that ran leaves a lease", async () => {
  const project = await BinaryProject.after(TEAM);
  const line = ["issue", "run", "REQ-001", "-o", "alice", "--", "touch", "ran"];
  for (let files = 6; files <= 24; files += 1) {
    const copy = project.copy();
    const { code } = await copy.run(line, { under: ["sh", "-c", `ulimit -n ${files}; exec "$@"`, "sh"] });
    const ran = existsSync(join(copy.root, "ran"));
    const { stdout } = await copy.ok("--json", "lock", "check", "REQ-001");
    const isClaimed = JSON.parse(stdout).lock !== null;
    expect({ files, isClaimed, succeeded: code === 0 }).toEqual({ files, isClaimed: ran, succeeded: ran });
    copy.remove();
  }
  project.remove();
});

test("a lease that was taken is told at once, while the command goes on", async () => {
  const project = await BinaryProject.after(TEAM);
  const read = (name: string) =>
    existsSync(join(project.root, name)) ? readFileSync(join(project.root, name), "utf8") : "";
  const script = ": > started; while [ ! -e go ]; do sleep 0.02; done; echo over >&2";
  const running = project.run(["issue", "run", "REQ-001", "-o", "alice", "--", "sh", "-c", script], {
    under: ["sh", "-c", 'exec "$@" 2> err', "sh"],
  });
  while (!existsSync(join(project.root, "started"))) await Bun.sleep(5);
  await project.ok("lock", "release", "REQ-001", "-o", "admin", "--force", "--yes");
  while (!read("err").endsWith("\n")) await Bun.sleep(5);
  const warning =
    "WARNING: The lease of REQ-001 was taken by @admin before the command ended. Look: mai issue show REQ-001\n";
  expect(read("err")).toBe(warning);
  await Bun.write(join(project.root, "go"), "");
  expect(await running).toMatchObject({ code: 0 });
  expect(read("err")).toBe(`${warning}over\n`);
  project.remove();
});

test("an interrupt ends the command of a completion that hangs, and nothing is changed", async () => {
  const project = await BinaryProject.after(TEAM);
  const before = wholeTree(project.root);
  let mai: Bun.Subprocess | null = null;
  const ended = project.run(
    ["issue", "confirm", "REQ-001", "-o", "alice", "--evidence", "cmd:: > started; exec sleep 1000"],
    {
      started: (child) => {
        mai = child;
      },
    },
  );
  while (!existsSync(join(project.root, "started"))) await Bun.sleep(5);
  // Others are not kept waiting: the mutex is free while the command runs.
  await project.ok("log", "write", "alice", "note", "meanwhile", "-o", "alice");
  (mai as Bun.Subprocess | null)?.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining("was interrupted") });
  const issue = ".mai/queues/questions/REQ-001.md";
  expect(wholeTree(project.root).get(issue)).toEqual(before.get(issue));
  expect(existsSync(join(project.root, ".mai/decisions/REQ-001.md"))).toBe(false);
  project.remove();
});
