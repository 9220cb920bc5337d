import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { COMMANDS } from "../../src/cli/commands.ts";
import { CHANGING, prepareTeam, READING } from "../support/every-command.ts";
import { Sandbox } from "../support/sandbox.ts";
import { changedPaths, wholeTree } from "../support/whole-tree.ts";

let box: Sandbox;

beforeEach(async () => {
  box = new Sandbox();
  await prepareTeam(box);
});
afterEach(() => box.remove());

test("every command is listed as one that changes files or as one that only reads, not as both", () => {
  expect([...Object.keys(CHANGING), ...Object.keys(READING)].sort()).toEqual(Object.keys(COMMANDS).sort());
});

describe("--dry-run changes no byte of project and home, and exits as the real one does:", () => {
  test.each(Object.entries(CHANGING))("%s", async (_name, command) => {
    await command.before?.(box);
    const before = wholeTree(box.base);
    const rehearsal = await box.json("--dry-run", ...command.argv);
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
    expect(rehearsal.json.dry_run).toBe(true);
    const real = await box.json(...command.argv);
    expect([rehearsal.code, real.code]).toEqual([0, 0]);
    // Renewing a lease changes its time, which is no byte of it.
    if (command.argv[1] !== "renew") expect(changedPaths(before, wholeTree(box.base))).not.toEqual([]);
  });
});

describe("--dry-run refuses what the real one refuses, and neither changes a byte:", () => {
  test.each(Object.entries(CHANGING))("%s", async (_name, command) => {
    await command.before?.(box);
    const before = wholeTree(box.base);
    const rehearsal = await box.json("--dry-run", ...command.refused);
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
    const real = await box.json(...command.refused);
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
    expect([rehearsal.code, rehearsal.json.error]).toEqual([real.code, real.json.error]);
    expect(real.code).toBeGreaterThan(0);
  });
});

describe("a command that reads changes no byte, with --dry-run and without:", () => {
  const runnable = Object.entries(READING).flatMap(([name, argv]) => (argv === null ? [] : [{ name, argv }]));
  test.each(runnable)("$name", async ({ argv }) => {
    const before = wholeTree(box.base);
    const rehearsal = await box.run("--dry-run", ...argv);
    const real = await box.run(...argv);
    expect(changedPaths(before, wholeTree(box.base)).filter((path) => !path.includes("/cache"))).toEqual([]);
    expect(rehearsal.code).toBe(real.code);
  });
});
