import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkMainJob } from "../../scripts/release/smoke/main-job.ts";
import { killAtRename, type SmokeProgram } from "../../scripts/release/smoke/smoke-program.ts";
import { PATIENCE_MS } from "./support/patience.ts";
import { withScratch } from "./support/scratch.ts";

setDefaultTimeout(PATIENCE_MS);

// Programs that break the promise in one place each: the check has to find every one of them.
const BROKEN = {
  "a program that lets a second agent claim": { claim: "exit 0", finds: "0 !== 2" },
  "a program whose first claim fails": { claim: "exit 1", finds: "mai issue claim REQ-001 -o alice: exit 1" },
  "a program that says it is done and writes nothing": {
    claim: 'test "$5" != bob || exit 2',
    finds: "no such file",
  },
};

async function standIn(scratch: string, claim: string): Promise<SmokeProgram> {
  const path = join(scratch, "mai");
  const script = `#!/bin/sh\ncase "$1 $2" in 'issue new') echo REQ-001 ;; 'issue claim') ${claim} ;; esac\n`;
  writeFileSync(path, script, { mode: 0o755 });
  mkdirSync(join(scratch, "work"));
  return { directory: join(scratch, "work"), command: [path], env: {} };
}

for (const [what, { claim, finds }] of Object.entries(BROKEN)) {
  test(`checkMainJob() finds out ${what}`, () =>
    withScratch(async (scratch) => {
      const program = await standIn(scratch, claim);
      await expect(checkMainJob(program)).rejects.toThrow(finds);
    }));
}

test("killAtRename() fails when there was nothing to kill", () =>
  withScratch(async (scratch) => {
    const program = await standIn(scratch, "exit 0");
    await expect(killAtRename(program, 1, "issue", "claim")).rejects.toThrow(
      "was not killed at rename 1: exit 0",
    );
  }));
