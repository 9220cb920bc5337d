import { expect, test } from "bun:test";
import { archiveAndRestore, finishedProject } from "../support/archive-round.ts";
import type { MutantName } from "../support/mutants.ts";
import { variantInProcess } from "../support/variant.ts";

/** Each fault, and a file that it leaves otherwise than it was. */
const FAULTY = [
  ["archive-forgets-issues", ".mai/queues/questions/REQ-001.md"],
  ["restore-keeps-the-copy", ".mai/archive/queues/questions/REQ-001.md"],
] as const satisfies readonly (readonly [MutantName, string])[];

test.each(FAULTY)("archiving and restoring everything catches %s, by %s", async (name, path) => {
  const box = await finishedProject(await variantInProcess(name));
  try {
    expect((await archiveAndRestore(box)).unlike).toContain(path);
  } finally {
    box.remove();
  }
});
