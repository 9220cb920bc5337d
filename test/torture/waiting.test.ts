import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BinaryProject, MAI, requireBinary } from "../support/binary.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { projectWithWork, untilThere } from "../support/work.ts";

const TIMEOUT_MS = 120_000;
/** Longest that a wait may last which has something to wake it; it lasts a moment. */
const PLENTY = "100s";
/** How long a program is watched that nothing can wake any more. */
const WATCHED_MS = 2500;

let project: BinaryProject;
beforeAll(requireBinary);
afterEach(() => project.remove());
afterAll(removeVariants);

const NEW = ["issue", "new", "questions", "Issue", "-o", "admin"] as const;

describe("what is there already", () => {
  async function waitForWhatIsThere(binary: string, timeout: string): Promise<number | null> {
    project = await projectWithWork({ workers: 1, issues: 1 });
    return (await project.run(["wait", "--timeout", timeout], { binary })).code;
  }

  test(
    "ends a wait at once",
    async () => {
      expect(await waitForWhatIsThere(MAI, PLENTY)).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    "is slept over by a program that sleeps before it looks",
    async () => {
      expect(await waitForWhatIsThere(await variant("wait-sleeps-first"), "1s")).toBe(124);
    },
    TIMEOUT_MS,
  );
});

describe("a change between the look and the sleep", () => {
  async function changeAfterLook(binary: string, timeout: string): Promise<number | null> {
    project = await projectWithWork({ workers: 1, issues: 0 });
    const waiting = project.run(["wait", "--timeout", timeout], { binary });
    await untilThere(project, "looked");
    await project.ok(...NEW);
    writeFileSync(join(project.root, "go"), "");
    return (await waiting).code;
  }

  test(
    "wakes it",
    async () => {
      expect(await changeAfterLook(await variant("slow-look"), PLENTY)).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    "is lost on a program that remembers too late from where on it waits",
    async () => {
      expect(await changeAfterLook(await variant("slow-look", "wake-lost"), "3s")).toBe(124);
    },
    TIMEOUT_MS,
  );
});

describe("a change while it sleeps", () => {
  /** @returns the exit status, or that it sleeps on */
  async function changeWhileAsleep(binary: string, watchedMs: number): Promise<number | null | "asleep"> {
    project = await projectWithWork({ workers: 1, issues: 0 });
    let waiter: Bun.Subprocess | null = null;
    const waiting = project.run(["wait"], {
      binary,
      started: (child) => {
        waiter = child;
      },
    });
    await untilThere(project, "asleep");
    await project.ok(...NEW);
    const ended = await Promise.race([
      waiting.then(({ code }) => code),
      Bun.sleep(watchedMs).then(() => "asleep" as const),
    ]);
    (waiter as Bun.Subprocess | null)?.kill("SIGKILL");
    await waiting;
    return ended;
  }

  test(
    "wakes it by the file system's report alone",
    async () => {
      const binary = await variant("tells-of-its-sleep", "wait-without-polling");
      expect(await changeWhileAsleep(binary, TIMEOUT_MS)).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    "wakes it where the file system reports nothing",
    async () => {
      const binary = await variant("tells-of-its-sleep", "silent-file-system");
      expect(await changeWhileAsleep(binary, TIMEOUT_MS)).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    "is never noticed there by a program that does not look by itself",
    async () => {
      const binary = await variant("tells-of-its-sleep", "silent-file-system", "wait-without-polling");
      expect(await changeWhileAsleep(binary, WATCHED_MS)).toBe("asleep");
    },
    TIMEOUT_MS,
  );
});
