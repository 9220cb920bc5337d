import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BinaryProject, type Ended, requireTool } from "../support/binary.ts";
import { removeVariants, variant } from "../support/variant.ts";

const TIMEOUT_MS = 180_000;

let project: BinaryProject;
beforeAll(async () => {
  project = await BinaryProject.after([["init", "-o", "admin"]]);
});
afterAll(() => project.remove());
afterAll(removeVariants);

/** Has no other program: the probe and the race start their own. */
const ALONE = { env: { PATH: "" } };

/** On a machine that is very busy the second process may take longer than the probe waits; then once more. */
async function doctor(start: Parameters<BinaryProject["run"]>[1] = {}): Promise<Ended> {
  for (;;) {
    const ended = await project.run(["--json", "doctor"], start);
    if (!found(ended).includes("probe_not_run")) return ended;
  }
}

function found(ended: Ended): readonly string[] {
  return JSON.parse(ended.stdout).findings.map(({ code }: { code: string }) => code);
}

test("doctor proves with a second process of its own that flock excludes, with no other program at hand", async () => {
  const ended = await doctor(ALONE);
  expect([ended.code, found(ended)]).toEqual([0, []]);
});

test("doctor starts the second process free of what steers this one", async () => {
  const env = { PATH: "", MAI_PROJECT: project.root, MAI_FORMAT: "text" };
  const ended = await doctor({ env });
  expect([ended.code, found(ended)]).toEqual([0, []]);
});

test("doctor of a program that does not lock says that flock is broken", async () => {
  const ended = await doctor({ binary: await variant("no-lock") });
  expect([ended.code, found(ended)]).toEqual([1, ["flock_broken"]]);
});

/** Starts a process that holds the probe's lock; its only try may meet one of ours, then another is started. */
async function lockHolder(
  under: readonly string[] = [],
): Promise<{ child: Bun.Subprocess; ended: Promise<Ended> }> {
  for (;;) {
    let child: Bun.Subprocess | null = null;
    const ended = project.run(["selftest", "flock", "--hold", "600"], {
      under,
      started: (process) => {
        child = process;
      },
    });
    const holder = child as Bun.Subprocess | null;
    while (holder?.exitCode === null) {
      const { code } = await project.run(["selftest", "flock"]);
      if (code !== 0) return { child: holder, ended };
    }
    await ended;
  }
}

test(
  "doctor does not wait for who holds the probe's lock, and notes that nothing was proved",
  async () => {
    const { child, ended } = await lockHolder();
    const examined = await project.run(["--json", "doctor"]);
    expect([examined.code, found(examined)]).toEqual([0, ["probe_not_run"]]);
    expect(child.exitCode).toBeNull();
    child.kill("SIGKILL");
    await ended;
    expect((await project.run(["selftest", "flock"])).code).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  "doctor finds nothing while others change the project: what it reads is one state",
  async () => {
    await project.ok("issue", "new", "questions", "Busy", "-o", "admin");
    let busy = 48;
    const amends = Array.from({ length: busy }, async (_, number) => {
      const { code } = await project.run(["issue", "amend", "REQ-001", `remark ${number}`, "-o", "admin"]);
      busy -= 1;
      return code;
    });
    const answers: (readonly string[])[] = [];
    while (busy > 0) answers.push(found(await project.run(["--json", "doctor"])));
    expect(answers.flat().filter((code) => code !== "probe_not_run" && code !== "change_finished")).toEqual(
      [],
    );
    expect(new Set(await Promise.all(amends))).toEqual(new Set([0]));
  },
  TIMEOUT_MS,
);

test(
  "two processes in different PID namespaces lock each other out",
  async () => {
    requireTool("unshare", "util-linux");
    const { child, ended } = await lockHolder(["unshare", "--pid", "--fork", "--kill-child"]);
    expect((await project.run(["selftest", "flock"])).code).toBe(75);
    child.kill("SIGKILL");
    await ended;
  },
  TIMEOUT_MS,
);

test(
  "race of 16 processes is right on this file system, with no other program at hand, and leaves nothing behind",
  async () => {
    const place = join(project.base, "race");
    mkdirSync(place);
    const ended = await project.run(["--json", "selftest", "race", "--dir", place], ALONE);
    const { ok, rounds, findings } = JSON.parse(ended.stdout);
    expect([ended.code, ok, findings]).toEqual([0, true, []]);
    expect(rounds.map(({ won }: { won: number }) => won)).toEqual([1, 1, 1, 1, 1, 16, 16, 16]);
    expect(readdirSync(place)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "race of a program that does not lock loses, and says so",
  async () => {
    const binary = await variant("slow-decision", "no-lock");
    const ended = await project.run(["--json", "selftest", "race"], { binary });
    const { ok, rounds, findings } = JSON.parse(ended.stdout);
    expect([ended.code, ok]).toEqual([1, false]);
    expect(rounds.some(({ right }: { right: boolean }) => !right)).toBe(true);
    expect(findings.map(({ code }: { code: string }) => code)).toContain("flock_broken");
    expect(readdirSync(project.root).sort()).toEqual([".mai", "async"]);
  },
  TIMEOUT_MS,
);

test("race where nothing may be made is refused, and nothing is left", async () => {
  requireTool("setpriv", "util-linux");
  const place = join(project.base, "closed");
  mkdirSync(place, { mode: 0o555 });
  for (const path of [project.base, project.root]) chmodSync(path, 0o755);
  writeFileSync(join(place, "mine"), "x");
  const ended = await project.run(["--json", "selftest", "race", "--dir", place], {
    under: ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"],
  });
  expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: "IO_ERROR" });
  expect(readdirSync(place)).toEqual(["mine"]);
});
