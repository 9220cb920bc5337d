import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { EXIT_CODES } from "../../src/domain/errors.ts";
import { BinaryProject, type Medium, requireTool } from "../support/binary.ts";
import { snapshotOf } from "../support/snapshot.ts";

requireTool("chattr", "e2fsprogs");
requireTool("unshare", "util-linux");
if (process.getuid?.() !== 0)
  throw new Error("Only root sets attributes and mounts: run these tests as root.");

const STEPS = [
  ["init", "-o", "admin"],
  ["agent", "add", "alice", "-o", "admin"],
  ["issue", "new", "questions", "One", "-o", "alice"],
  ["issue", "claim", "REQ-001", "-o", "alice"],
];
const LINE = ["issue", "amend", "REQ-001", "seen", "-o", "alice"];
const ISSUE = ".mai/queues/questions/REQ-001.md";

let project: BinaryProject;
beforeEach(async () => {
  project = await onAttributes();
});
afterEach(() => project.remove());

/** Makes a project where the file system knows attributes: some disks do not, and some kernels not in memory. */
async function onAttributes(): Promise<BinaryProject> {
  for (const medium of ["disk", "memory"] satisfies Medium[]) {
    const made = await BinaryProject.after(STEPS, { medium });
    if (chattr(made, "+a", ISSUE) && chattr(made, "-a", ISSUE)) return made;
    made.remove();
  }
  throw new Error(
    "Neither the temporary files nor /dev/shm know chattr: set TMPDIR to a directory on ext4, xfs or btrfs.",
  );
}

function chattr({ root }: BinaryProject, change: string, path: string): boolean {
  return Bun.spawnSync(["chattr", change, join(root, path)], { stderr: "ignore" }).exitCode === 0;
}

const logOf = (directory: string) => `${directory}/${readdirSync(join(project.root, directory))[0]}`;

test.each([".mai/events", ".mai/history", "async/history"])(
  "the log in %s may be one that only grows (chattr +a)",
  async (directory) => {
    const log = logOf(directory);
    chattr(project, "+a", log);
    const { code } = await project.run(LINE);
    chattr(project, "-a", log);
    expect(code).toBe(0);
    expect(readdirSync(join(project.root, ".mai/journal"))).toEqual([]);
  },
);

test.each([
  ["+i", ".mai/events/*"],
  ["+i", "async/history/*"],
  ["+a", ISSUE],
  ["+i", ISSUE],
  ["+a", ".mai/queues/questions"],
  ["+i", ".mai/queues/questions"],
  ["+a", "async/questions"],
  ["+i", "async/questions"],
  ["+a", ".mai/sequence.json"],
  ["+i", ".mai/sequence.json"],
  ["+a", ".mai/locks/REQ-001.lock"],
  ["+i", ".mai/locks/REQ-001.lock"],
] as const)("chattr %s on %s refuses the change before anything is committed", async (attribute, place) => {
  const path = place.endsWith("/*") ? logOf(place.slice(0, -2)) : place;
  const before = snapshotOf(project.root);
  chattr(project, attribute, path);
  const refused = await project.run(LINE);
  chattr(project, attribute.replace("+", "-"), path);
  expect([refused.code, refused.stderr]).toEqual([EXIT_CODES.IO_ERROR, expect.stringContaining("chattr")]);
  expect(snapshotOf(project.root)).toEqual(before);
  expect((await project.run(LINE)).code).toBe(0);
});

test("a settings file that is a mount refuses a change of it, and no other change", async () => {
  const other = join(project.base, "config.json");
  copyFileSync(join(project.root, ".mai/config.json"), other);
  const script = 'mount --bind "$0" .mai/config.json && exec "$@"';
  const mounted = (...line: readonly string[]) =>
    project.run(line, { under: ["unshare", "-m", "sh", "-c", script, other] });
  const refused = await mounted("config", "set", "escalation_queue", "reviews", "-o", "admin");
  expect([refused.code, refused.stderr]).toEqual([
    EXIT_CODES.IO_ERROR,
    expect.stringContaining(".mai/config.json is a mount of its own"),
  ]);
  expect((await mounted(...LINE)).code).toBe(0);
  expect(readdirSync(join(project.root, ".mai/journal"))).toEqual([]);
});
