import { expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

const ISSUE = ".mai/queues/questions/REQ-001.md";

test("a change that is committed and not finished says why, in words for a used-up quota too", async () => {
  const box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  box.alterSystem = (system) => ({
    ...system,
    fs: {
      ...system.fs,
      renameSync: (from, to) => {
        if (String(to).endsWith(ISSUE))
          throw Object.assign(new Error("EDQUOT: unknown error"), { code: "EDQUOT", syscall: "rename" });
        system.fs.renameSync(from, to);
      },
    },
  });
  const { json } = await box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice");
  expect(json).toMatchObject({ pending: true });
  expect(json.warnings).toEqual([
    `The change is committed; the next mai command finishes writing it: rename ${box.path(ISSUE)}: the disk quota is used up (EDQUOT).`,
  ]);
  box.remove();
});
