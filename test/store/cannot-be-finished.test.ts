import { afterEach, beforeEach, expect, test } from "bun:test";
import { constants } from "node:fs";
import { formatJournalRecord, type JournalChange } from "../../src/codec/journal-record.ts";
import { sha256 } from "../../src/store/digest.ts";
import type { System } from "../../src/store/system.ts";
import { failing } from "../support/failing.ts";
import { Sandbox } from "../support/sandbox.ts";

const ISSUE = ".mai/queues/questions/REQ-001.md";
const LINE = ["issue", "amend", "REQ-001", "seen", "-o", "alice"] as const;

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
});
afterEach(() => box.remove());

/** Runs a change that has to be refused. @returns its answer; nothing of the project may have changed */
async function refused() {
  const before = box.tree();
  const run = await box.json(...LINE);
  expect(run.code).not.toBe(0);
  box.alterSystem = (system) => system;
  expect(box.tree()).toEqual(before);
  expect(box.names(".mai/journal")).toEqual([]);
  await box.ok(...LINE);
  return run.json;
}

/** A log with `chattr +a`: the kernel opens it to append alone. */
function appendOnly(ending: string) {
  return failing(
    "openSync",
    (path, flags) => {
      const asked = Number(flags);
      const isForWriting = (asked & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
      return String(path).endsWith(ending) && isForWriting && (asked & constants.O_APPEND) === 0;
    },
    "EPERM",
  );
}

test("logs that may only grow are appended to", async () => {
  box.alterSystem = (system) => appendOnly(".log")(appendOnly(".jsonl")(system));
  const { json } = await box.ok(...LINE);
  expect(json.warnings).toEqual([]);
  expect(box.names(".mai/journal")).toEqual([]);
});

test("a lease that may only grow stops the change before anything is committed, and is named", async () => {
  box.alterSystem = appendOnly("REQ-001.lock");
  expect(await refused()).toMatchObject({
    error: "IO_ERROR",
    errno: "EPERM",
    hint: expect.stringContaining("chattr"),
  });
});

test.each([ISSUE, ".mai/sequence.json", "async/questions/REQ-001.md"])(
  "where attributes or a directory forbid to replace %s, the change is refused before anything is committed",
  async (path) => {
    // Only the kernel can set such attributes: it answers so to whoever asks whether the file could be removed.
    box.alterSystem = failing("rmdirSync", (asked) => String(asked).endsWith(`/work/${path}`), "EPERM");
    const json = await refused();
    expect(json).toMatchObject({
      error: "IO_ERROR",
      errno: "EPERM",
      hint: expect.stringContaining("chattr"),
    });
    expect(json.message).toContain(path);
  },
);

test.each(["", " with a blank"])(
  "a file that is a mount%s is named before anything is committed",
  async (blank) => {
    const directory = `${box.cwd}${blank}`.replaceAll(" ", "\\040");
    box.write(
      "../mounts",
      `40 22 0:21 /x ${directory}/.mai/config.json rw - ext4 /dev/a rw\n41 22 0:21 /x ${box.cwd}/${ISSUE} rw - ext4 /dev/a rw\n`,
    );
    box.alterSystem = (system: System) => {
      const open: System["fs"]["openSync"] = (path, ...rest) =>
        system.fs.openSync(path === "/proc/self/mountinfo" ? box.path("../mounts") : path, ...rest);
      return { ...system, fs: { ...system.fs, openSync: open } };
    };
    expect(await refused()).toMatchObject({
      error: "IO_ERROR",
      path: ISSUE,
      hint: expect.stringContaining("Mount the directory"),
    });
  },
);

test.each(["EINVAL", "ENOTSUP"])(
  "a file system that answers %s to the flush of a directory gets one warning, and the change is done",
  async (code) => {
    box.alterSystem = (system) => ({
      ...system,
      fs: {
        ...system.fs,
        fsyncSync: (fd) => {
          if (system.fs.fstatSync(fd).isDirectory())
            throw Object.assign(new Error(code), { code, syscall: "fsync" });
        },
      },
    });
    const { json } = await box.ok(...LINE);
    expect(json.pending).toBeUndefined();
    expect(json.warnings).toEqual([expect.stringContaining("cannot flush directories")]);
    expect(box.names(".mai/journal")).toEqual([]);
  },
);

function leaveInFlight(...changes: readonly JournalChange[]): void {
  const record = { version: 1, txid: 99, operation: "x", durable: false, changes } as const;
  box.write(".mai/journal/commit.json", formatJournalRecord(record, sha256));
}

test("a tail of zeros that a power cut left is written over, and nothing is added twice", async () => {
  const path = ".mai/events/2020-01-01.jsonl";
  box.write(path, `{"seq":1}\n{"se${"\0".repeat(6)}`);
  leaveInFlight({ kind: "append", path, at: 10, text: '{"seq":2}\n' });
  await box.ok("issue", "list");
  expect(box.read(path)).toBe('{"seq":1}\n{"seq":2}\n');
});

test.each([
  ["EPERM", "chattr -i -a"],
  ["EBUSY", "Mount the directory in place of the file"],
])("a change in flight that meets %s says which file and what to do", async (code, advice) => {
  leaveInFlight({ kind: "write", path: ISSUE, before: sha256(box.read(ISSUE)), after: "x" });
  box.alterSystem = failing("renameSync", (_, to) => String(to).endsWith(ISSUE), code);
  const { json } = await box.json(...LINE);
  expect(json).toMatchObject({ error: "IO_ERROR", errno: code });
  expect(json.hint).toContain(advice);
  expect(json.hint).toContain("REQ-001.md");
});
