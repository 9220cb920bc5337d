import { afterEach, expect, test } from "bun:test";
import { BinaryProject } from "../support/binary.ts";
import { fileCalls } from "../support/strace.ts";

/**
 * Most that a claim does to the file system from the mutex on; docs/performance.md says what each call is for. Looks have
 * a little room, what changes the disk has none.
 */
const CLAIM = { openat: 42, statx: 69, getdents64: 8, fsync: 16, rename: 6, pwrite64: 3, unlink: 1 } as const;
const CLAIM_IDS = ["REQ-001", "REQ-002"] as const;

let project: BinaryProject;
afterEach(() => project.remove());

/** A project where a claim of REQ-001 is done, so that every directory and log is there. */
async function busyProject(...settings: readonly (readonly string[])[]): Promise<BinaryProject> {
  const issues = CLAIM_IDS.map((id) => ["issue", "new", "questions", id, "-o", "alice"]);
  const claim = ["issue", "claim", "REQ-001", "-o", "alice"];
  return await BinaryProject.after([
    ["init", "-o", "admin"],
    ["agent", "add", "alice", "-o", "admin"],
    ...settings,
    ...issues,
    claim,
  ]);
}

/** Counts the calls on paths of the project and its home; those on descriptors are alike everywhere. */
async function claimCalls(): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { name, line } of await fileCalls(project, ["issue", "claim", "REQ-002", "-o", "alice"])) {
    const isElsewhere =
      line.includes('"/') && !line.includes(project.base) && !line.includes('"/proc/self/fd/');
    if (!isElsewhere) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test("a claim makes no more calls of the file system than docs/performance.md counts", async () => {
  project = await busyProject();
  const counts = await claimCalls();
  for (const [name, most] of Object.entries(CLAIM)) {
    expect([name, counts[name]]).toEqual([name, expect.any(Number)]);
    expect({ name, more: Math.max(0, (counts[name] ?? 0) - most) }).toEqual({ name, more: 0 });
  }
  expect(counts.mkdir).toBeUndefined();
});

test("with durability process a claim makes the same renames and not one fsync", async () => {
  project = await busyProject(["config", "set", "durability", "process", "-o", "admin"]);
  const counts = await claimCalls();
  expect(counts.rename).toBe(CLAIM.rename);
  expect(counts.fsync).toBeUndefined();
});
