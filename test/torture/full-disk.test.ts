import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { BinaryProject, MAI, requireTool, scratchDirectory } from "../support/binary.ts";
import { inParallel } from "../support/pool.ts";
import { type Bad, counted, mustBeCaught, type Report, settle } from "../support/report.ts";
import { leftovers } from "../support/snapshot.ts";
import { fileCalls, runWithFault } from "../support/strace.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { type Scenario, SHAPES, type Stage, setStage } from "./scenarios.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";
import { judge } from "./verdict.ts";

/** Fails every call that makes anything durable or names it, but lets answers be printed. */
const FULL = ["strace", "-o", "/dev/null", "-e", "inject=fsync,rename,mkdir,pwrite64:error=ENOSPC"];
/** Deleting a project moves it, and writes nothing. */
const WRITING = SHAPES.filter(({ deletes }) => deletes !== true);
/** Largest file that a command may write, in bytes: from nothing to more than a record takes. */
const LARGEST_LIMIT = 6000;

afterAll(removeVariants);

test(
  "writes that end short at any byte are told honestly",
  async () => {
    const report = await endWritesShort(WRITING, sized(20, 3000));
    settle("short writes", report);
  },
  TEST_TIMEOUT_MS,
);

test(
  "the short writes catch a program that takes what one write took for all",
  async () => {
    const report = await endWritesShort([SHAPES[0]], 40, await variant("write-once"));
    mustBeCaught("short writes", "write-once", report.bad.length > 0);
  },
  TEST_TIMEOUT_MS,
);

test(
  "on a disk that stays full, a reader shows the change that a crash left, and a writer refuses and leaves it for later",
  async () => {
    const stage = await setStage(SHAPES[0]);
    const { project, scenario } = stage;
    const calls = await callsOf(stage);
    // The directory of the journal is named by its descriptor.
    const commit = calls.findIndex(({ name, line }) => name === "rename" && line.includes('/commit.json"'));
    const call = calls[commit + 1];
    if (commit === -1 || call === undefined) throw new Error("the command never commits");
    await runWithFault(project, scenario.command, { call, what: "signal=SIGKILL", forever: false });
    const record = join(project.root, ".mai/journal/commit.json");
    expect(existsSync(record)).toBe(true);

    const reader = await project.run(["issue", "show", "REQ-001"], { under: FULL });
    expect(reader).toMatchObject({ code: 0, stdout: expect.stringContaining("IN_PROGRESS") });
    const writer = await project.run(["--json", "issue", "amend", "REQ-001", "x", "-o", "bob"], {
      under: FULL,
    });
    expect(writer.code).toBe(74);
    expect(JSON.parse(writer.stdout)).toMatchObject({ ok: false, error: "IO_ERROR", errno: "ENOSPC" });
    expect(existsSync(record)).toBe(true);

    expect(await judge(stage, project, "killed")).toBeNull();
    project.remove();
  },
  TEST_TIMEOUT_MS,
);

test(
  "a file system of 64 KiB fills up: what was acknowledged is there, the rest is not, and room lets work go on",
  async () => {
    const started = performance.now();
    const disk = await mountSmall();
    try {
      const project = new BinaryProject(MAI, disk);
      await project.ok("init", "-o", "admin");
      const runs = [];
      for (let number = 0; number < 40; number += 1)
        runs.push(
          await project.run(["--json", "issue", "new", "questions", `Issue ${number}`, "-o", "admin"]),
        );
      const told = runs.map(({ stdout, code }) => ({ ...JSON.parse(stdout), code }));
      const refused = told.filter(({ ok }) => !ok);
      expect(refused.length).toBeGreaterThan(0);
      for (const { error, code, errno } of refused)
        expect({ error, code, errno }).toEqual({ error: "IO_ERROR", code: 74, errno: "ENOSPC" });

      await run("mount", "-o", "remount,size=1m", disk);
      await project.ok("issue", "amend", "REQ-001", "room again", "-o", "admin");
      const { stdout } = await project.ok("--json", "issue", "list", "--limit", "100");
      const titles = (JSON.parse(stdout).issues as { title: string }[]).map(({ title }) => title);
      expect(titles.sort()).toEqual(
        told
          .filter(({ ok }) => ok)
          .map(({ title }) => title)
          .sort(),
      );
      expect(leftovers(project.root)).toEqual([]);
      counted("small file system", told.length, started);
    } finally {
      await run("umount", disk);
    }
  },
  TEST_TIMEOUT_MS,
);

/** Runs each command once per limit, spread from nothing to the largest. */
async function endWritesShort(
  scenarios: readonly Scenario[],
  count: number,
  binary?: string,
): Promise<Report> {
  requireTool("prlimit", "util-linux");
  const started = performance.now();
  const stages = await Promise.all(scenarios.map((scenario) => setStage(scenario, binary)));
  const limits = Array.from({ length: count }, (_, index) => Math.round((index * LARGEST_LIMIT) / count));
  const cases = stages.flatMap((stage) => limits.map((limit) => ({ stage, limit })));
  const bad = (await inParallel(cases, ({ stage, limit }) => limited(stage, limit))).filter(
    (fault) => fault !== null,
  );
  for (const { project } of stages) project.remove();
  return { name: "short writes", cases: cases.length, bad, seconds: (performance.now() - started) / 1000 };
}

async function callsOf(stage: Stage) {
  const trial = stage.project.copy();
  const calls = await fileCalls(trial, stage.scenario.command);
  trial.remove();
  return calls;
}

/** Runs a command that may write no file beyond a size: the write that crosses it ends short, the next one fails. */
async function limited(stage: Stage, limit: number): Promise<Bad | null> {
  const project = stage.project.copy();
  const { code } = await project.run(stage.scenario.command, {
    under: ["prlimit", `--fsize=${limit}`, "sh", "-c", 'trap \'\' XFSZ; exec "$0" "$@"'],
  });
  const what = await judge(stage, project, code === 0 ? "done" : "failed");
  project.remove();
  return what === null ? null : { at: `${stage.scenario.name}, ${limit} bytes`, what };
}

/** Mounts a file system of 64 KiB: as root, as the project's check runs. */
async function mountSmall(): Promise<string> {
  const disk = join(scratchDirectory("disk"), "small");
  mkdirSync(disk);
  await run("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk);
  return disk;
}

async function run(...command: readonly string[]): Promise<void> {
  const { exitCode, stderr } = Bun.spawnSync([...command]);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} (this test needs root): ${stderr}`);
}
