import { afterAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { MutantName } from "../support/mutants.ts";
import { counted, mustBeCaught } from "../support/report.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { type Race, race } from "./races.ts";

afterAll(removeVariants);

const TIMEOUT_MS = 120_000;
/** Events of the project before the race: init, two agents with their queues, one issue. */
const EVENTS_BEFORE = 6;
const HISTORY_BEFORE = 4;

const claims = Array.from({ length: 32 }, (_, index) => [
  "issue",
  "claim",
  "REQ-001",
  "-o",
  index % 2 ? "bob" : "alice",
  "--session",
  `s${index}`,
]);
const amends = Array.from({ length: 64 }, (_, index) => [
  "issue",
  "amend",
  "REQ-001",
  `remark ${index}.`,
  "-o",
  index % 2 ? "bob" : "alice",
]);
const creations = Array.from({ length: 64 }, (_, index) => [
  "--json",
  "issue",
  "new",
  "questions",
  `Issue ${index}`,
  "-o",
  "alice",
]);

test(
  "32 processes claim one issue: one exits 0, 31 exit 2, and the files name the winner",
  async () => {
    const started = performance.now();
    const result = await race(claims);
    counted("races", result.ended.length, started);
    expect(result.codes).toEqual({ 0: 1, 2: 31 });
    expect(result.seqs).toEqual(numbersTo(EVENTS_BEFORE + 1));
    expect(result.history).toHaveLength(HISTORY_BEFORE + 1);
    const winner = /claimed by @(\w+)/.exec(result.ended.find(({ code }) => code === 0)?.stdout ?? "")?.[1];
    expect(result.read(".mai/locks/REQ-001.lock")).toStartWith(`${winner}|`);
    expect(result.read(".mai/queues/questions/REQ-001.md")).toContain(`**处理方：** @${winner}\n`);
    expect(result.mirrorsEqual).toBe(true);
  },
  TIMEOUT_MS,
);

test(
  "64 processes amend one issue: 64 remarks, 64 history lines, 64 events without a gap, the mirror equal",
  async () => {
    const started = performance.now();
    const result = await race(amends);
    counted("races", result.ended.length, started);
    expect(result.codes).toEqual({ 0: 64 });
    expect(lostRemarks(result)).toBe(0);
    expect(result.history).toHaveLength(HISTORY_BEFORE + 64);
    expect(result.seqs).toEqual(numbersTo(EVENTS_BEFORE + 64));
    expect(result.mirrorsEqual).toBe(true);
  },
  TIMEOUT_MS,
);

test(
  "64 processes make an issue each: 64 different ids without a gap",
  async () => {
    const started = performance.now();
    const result = await race(creations);
    counted("races", result.ended.length, started);
    expect(result.codes).toEqual({ 0: 64 });
    const ids = result.ended.map(({ stdout }) => JSON.parse(stdout).issue_id as string).sort();
    expect(ids).toEqual(
      numbersTo(65)
        .slice(1)
        .map((number) => `REQ-${String(number).padStart(3, "0")}`),
    );
    expect(result.list(".mai/queues/questions")).toHaveLength(65);
    expect(result.seqs).toEqual(numbersTo(EVENTS_BEFORE + 64));
    expect(result.mirrorsEqual).toBe(true);
  },
  TIMEOUT_MS,
);

/** What each control is built with: in all of them two that decided meet before they commit. */
const CONTROLS = [
  ["meeting", "no-lock"],
  ["meeting", "slow-lock", "unlinked-lock-file", "no-inode-check", "no-directory-lock"],
  ["decide-before-lock"],
] as const satisfies readonly (readonly MutantName[])[];

for (const faults of CONTROLS) {
  test(
    `the same races are lost by a program with the faults ${faults.join(" and ")}`,
    async () => {
      const faulty = await variant(...faults);
      const claimed = await race(claims, faulty);
      expect(claimed.codes).not.toEqual({ 0: 1, 2: 31 });
      const amended = await race(amends, faulty);
      expect(lostRemarks(amended)).toBeGreaterThan(0);
      const created = await race(creations, faulty);
      const lost = 65 - created.list(".mai/queues/questions").length;
      mustBeCaught("races", faults.join(" and "), lost > 0);
    },
    TIMEOUT_MS,
  );
}

test(
  "the mutex file is deleted again and again while 64 amend: nothing is lost",
  async () => {
    const started = performance.now();
    const result = await race(amends, undefined, deleteMutexNowAndThen);
    counted("races", result.ended.length, started);
    expect(result.codes).toEqual({ 0: 64 });
    expect(lostRemarks(result)).toBe(0);
    expect(result.seqs).toEqual(numbersTo(EVENTS_BEFORE + 64));
  },
  TIMEOUT_MS,
);

test(
  "the same is lost by a program that locks the mutex file alone",
  async () => {
    const faulty = await variant("meeting", "no-directory-lock");
    const lost = lostRemarks(await race(amends, faulty, deleteMutexNowAndThen));
    mustBeCaught("races", "no-directory-lock, the mutex deleted", lost > 0);
  },
  TIMEOUT_MS,
);

test(
  "a program that only takes longer to decide wins them: the window alone loses nothing",
  async () => {
    const slow = await variant("slow-decision");
    expect((await race(claims, slow)).codes).toEqual({ 0: 1, 2: 31 });
    expect(lostRemarks(await race(amends, slow))).toBe(0);
  },
  TIMEOUT_MS,
);

function deleteMutexNowAndThen(root: string): void {
  rmSync(join(root, ".mai/mutex"), { force: true });
}

function lostRemarks(result: Race): number {
  const text = result.read(".mai/queues/questions/REQ-001.md");
  return amends.filter((line) => !text.includes(`${line[3]}`)).length;
}

function numbersTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
