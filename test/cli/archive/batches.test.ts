import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

const ROOT = ["-o", "admin"] as const;
const COUNT = 250;

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  await box.ok("issue", "complete", "REQ-001", "Yes", "-o", "alice");
  const text = box.read(".mai/queues/questions/REQ-001.md");
  for (let number = 2; number <= COUNT; number += 1) {
    const id = `REQ-${String(number).padStart(3, "0")}`;
    box.write(`.mai/queues/questions/${id}.md`, text.replaceAll("REQ-001", id));
  }
});
afterEach(() => box.remove());

const archive = () => box.json("archive", "--before", "2999-01-01", ...ROOT);

/** Fails the n-th commit with a full disk: the rename of its record. */
function fullAtCommit(n: number): void {
  let commits = 0;
  box.alterSystem = (system) => ({
    ...system,
    fs: {
      ...system.fs,
      renameSync: (from, to) => {
        if (String(to).endsWith("/journal/commit.json")) commits += 1;
        if (commits === n) throw Object.assign(new Error("full"), { code: "ENOSPC", syscall: "rename" });
        system.fs.renameSync(from, to);
      },
    },
  });
}

test("many issues go in several transactions, and come back in several", async () => {
  const before = [...box.tree(".mai/queues")];
  const { json } = await archive();
  expect(json).toMatchObject({ shown: 50, total: COUNT, remaining: 0 });
  const lines: readonly string[] = (await box.ok("log", "history")).json.entries;
  expect(lines.flatMap((line) => line.match(/Archived .*/) ?? [])).toEqual([
    "Archived 200 issues, REQ-001 to REQ-200",
    "Archived 50 issues, REQ-201 to REQ-250",
  ]);
  expect((await box.ok("issue", "list", "--archived")).json.total).toBe(COUNT);
  expect((await box.ok("archive", "--restore", ...ROOT)).json.total).toBe(COUNT);
  expect([...box.tree(".mai/queues")]).toEqual(before);
});

test("a full disk at the first transaction is an error, and nothing changed", async () => {
  const before = box.tree();
  fullAtCommit(1);
  expect((await archive()).json).toMatchObject({ error: "IO_ERROR", exit_code: 74 });
  expect(box.tree()).toEqual(before);
});

test("a full disk at a later one leaves what is done, says what is left, and the next run finishes it", async () => {
  fullAtCommit(2);
  const run = await archive();
  expect(run.json).toMatchObject({ ok: true, total: 200, remaining: 50 });
  expect(run.json.warnings[0]).toStartWith(
    `It stopped half way: rename ${box.path(".mai/journal/commit.json")}: no space left on the disk (ENOSPC). What is done stays`,
  );
  box.alterSystem = (system) => system;
  expect((await archive()).json).toMatchObject({ total: 50, remaining: 0 });
  expect((await box.ok("issue", "list")).json.total).toBe(0);
});

test("an issue that is reopened while others go is left where it is", async () => {
  let reopened = false;
  box.alterSystem = (system) => ({
    ...system,
    tryFlock: (fd, operation) => {
      // Between the look at all issues and the first transaction.
      if (!reopened) {
        reopened = true;
        const path = ".mai/queues/questions/REQ-230.md";
        box.write(path, box.read(path).replace("✅ COMPLETED", "⭕ OPEN"));
      }
      return system.tryFlock(fd, operation);
    },
  });
  expect((await archive()).json.total).toBe(COUNT - 1);
  expect(box.names(".mai/queues/questions")).toEqual(["REQ-230.md"]);
});

test("logs that cannot be read after issues went are a warning, not an error", async () => {
  box.alterSystem = (system) => ({
    ...system,
    fs: {
      ...system.fs,
      readdirSync: ((path: string, ...rest: readonly []) => {
        if (path.endsWith("/.mai/events") && box.exists(".mai/archive/queues/questions"))
          throw Object.assign(new Error("EIO"), { code: "EIO", syscall: "scandir" });
        return system.fs.readdirSync(path, ...rest);
      }) as typeof system.fs.readdirSync,
    },
  });
  const { json } = await archive();
  expect(json).toMatchObject({ ok: true, total: COUNT });
  expect(json.warnings[0]).toContain("It stopped half way: scandir: the disk reports an error (EIO).");
});
