import { afterEach, beforeEach, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOCK_EX, LOCK_SH } from "../../src/store/lock/flock-operations.ts";
import { libcByProgram } from "../../src/store/lock/flock-program.ts";
import { openLibc } from "../../src/store/lock/libc.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mai-flock-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const opened = () => openSync(join(directory, "lock"), "a");

test("the program and flock(2) exclude each other, until the file is closed", () => {
  const [program, bound] = [libcByProgram(), openLibc()];
  const [mine, other] = [opened(), opened()];
  expect(program.tryFlock(mine, LOCK_EX)).toBe(true);
  expect(bound.tryFlock(other, LOCK_SH)).toBe(false);
  closeSync(mine);
  expect(bound.tryFlock(other, LOCK_EX)).toBe(true);
  const third = opened();
  expect(program.tryFlock(third, LOCK_SH)).toBe(false);
  closeSync(other);
  expect(program.tryFlock(third, LOCK_SH)).toBe(true);
  const fourth = opened();
  expect(program.tryFlock(fourth, LOCK_SH)).toBe(true);
  for (const fd of [third, fourth]) closeSync(fd);
});

test("without the program the error says what to allow", () => {
  const fd = opened();
  const attempt = () => libcByProgram([join(directory, "flock")]).tryFlock(fd, LOCK_EX);
  expect(attempt).toThrow("This process may not make executable memory");
  closeSync(fd);
});

const TIMES = ["1970-01-01T00:00:00.000Z", "2026-03-29T04:30:00.120Z", "2026-10-25T05:30:00Z"];
const PRINT_TIMES = `
  const [{ libcByProgram }, { openLibc }] = await Promise.all(
    ["flock-program", "libc"].map((name) => import("${join(import.meta.dir, "../../src/store/lock")}/" + name + ".ts")));
  for (const libc of [libcByProgram(), openLibc()])
    console.log(JSON.stringify(${JSON.stringify(TIMES)}.map((time) =>
      [libc.offsetMinutesAt(Date.parse(time)), libc.epochMsOfLocal(Date.parse(time))])));`;

for (const [zone, offset] of [
  ["UTC", 0],
  ["Europe/Berlin", 60],
  ["Asia/Kolkata", 330],
  ["America/St_Johns", -210],
] as const)
  test(`times in the zone ${zone} are those of the C library`, () => {
    const { stdout } = Bun.spawnSync([process.execPath, "-e", PRINT_TIMES], { env: { TZ: zone } });
    const [program = "", bound = ""] = stdout.toString().split("\n");
    expect(program).toBe(bound);
    expect(JSON.parse(program)[0][0]).toBe(offset);
  });
