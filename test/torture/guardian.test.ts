import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BinaryProject, MAI, requireBinary, requireTool } from "../support/binary.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { projectWithWork, untilThere } from "../support/work.ts";

const TIMEOUT_MS = 120_000;
/** More than one command may look at, and far more than it may release. */
const MANY = 60;
const MOST_LOOKED_AT = 32;
const MOST_RELEASED = 3;

let project: BinaryProject;
beforeAll(() => {
  requireBinary();
  requireTool("strace", "strace");
});
afterEach(() => project.remove());
afterAll(removeVariants);

const CLAIM = ["issue", "claim", "REQ-001", "-o", "w0"] as const;
const SOMETHING_ELSE = ["log", "write", "w1", "note", "something else", "-o", "w1"] as const;
const lockPath = (name: string) => join(project.root, ".mai/locks", name);

/** Makes a lease look as if its holder had fallen silent long ago. */
function age(name: string): void {
  utimesSync(lockPath(name), 0, 0);
}

function leases(): readonly string[] {
  return readdirSync(join(project.root, ".mai/locks")).filter((name) => name.endsWith(".lock"));
}

describe("a live lease", () => {
  async function leasesAfterChange(binary: string): Promise<readonly string[]> {
    project = await projectWithWork({ workers: 2, issues: 1 });
    await project.ok(...CLAIM);
    expect((await project.run(SOMETHING_ELSE, { binary })).code).toBe(0);
    return leases();
  }

  test(
    "stays when somebody changes something else",
    async () => {
      expect(await leasesAfterChange(MAI)).toEqual(["REQ-001.lock"]);
    },
    TIMEOUT_MS,
  );

  test(
    "is taken away by a guardian that does not ask whether it is stale",
    async () => {
      expect(await leasesAfterChange(await variant("guardian-releases-live-leases"))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe("a stale lease that is taken over while the guardian is about to release it", () => {
  /** @param claimFirst the claim has ended before the guardian goes on. @returns leases that are left */
  async function releaseDuringClaim(binary: string, claimFirst: boolean): Promise<readonly string[]> {
    project = await projectWithWork({ workers: 3, issues: 1 });
    await project.ok(...CLAIM);
    age("REQ-001.lock");
    const guardian = project.run(SOMETHING_ELSE, { binary });
    await untilThere(project, "decided");
    const claim = project.run(["issue", "claim", "REQ-001", "-o", "w2"]);
    if (claimFirst) await claim;
    writeFileSync(join(project.root, "go"), "");
    expect([(await guardian).code, (await claim).code]).toEqual([0, 0]);
    return leases();
  }

  test(
    "belongs to the one who took it",
    async () => {
      expect(await releaseDuringClaim(await variant("slow-guardian"), false)).toEqual(["REQ-001.lock"]);
    },
    TIMEOUT_MS,
  );

  test(
    "is lost to a guardian that decides before it has the mutex",
    async () => {
      expect(await releaseDuringClaim(await variant("guardian-outside-the-mutex"), true)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe("many leases", () => {
  /** @returns leases that one change looked at, and those that it released */
  async function workOf(binary: string): Promise<{ lookedAt: number; released: number }> {
    project = await projectWithWork({ workers: 2, issues: 1 });
    await project.ok(...CLAIM);
    for (let number = 1; number <= MANY; number += 1) {
      const name = `OLD-${String(number).padStart(3, "0")}.lock`;
      writeFileSync(lockPath(name), "w0|2026-01-01T00:00:00.000+00:00|fence=1");
      // Every other one is stale.
      if (number % 2 === 0) age(name);
    }
    const before = leases().length;
    const log = join(project.base, "calls");
    const under = ["strace", "-f", "-e", "trace=%file", "-o", log];
    expect((await project.run(SOMETHING_ELSE, { binary, under })).code).toBe(0);
    const looks = (await Bun.file(log).text()).matchAll(/\.mai\/locks\/([A-Z]+-\d+)\.lock/g);
    return { lookedAt: new Set([...looks].map(([, id]) => id)).size, released: before - leases().length };
  }

  test(
    "cost a change a look at 32 of them and the release of three, however many there are",
    async () => {
      const { lookedAt, released } = await workOf(MAI);
      expect(released).toBe(MOST_RELEASED);
      expect(lookedAt).toBeGreaterThan(0);
      expect(lookedAt).toBeLessThanOrEqual(MOST_LOOKED_AT);
    },
    TIMEOUT_MS,
  );

  test(
    "are all looked at and released by a guardian without bounds",
    async () => {
      const { lookedAt, released } = await workOf(await variant("guardian-without-bounds"));
      expect(released).toBe(MANY / 2);
      expect(lookedAt).toBeGreaterThan(MOST_LOOKED_AT);
    },
    TIMEOUT_MS,
  );
});
