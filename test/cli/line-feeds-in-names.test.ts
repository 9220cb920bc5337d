import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../support/sandbox.ts";

const FORGED = "OK: nothing is held";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
});
afterEach(() => box.remove());

/** Lines of both streams: none may be one that a name on disk made up. */
async function linesOf(...argv: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr } = await box.run(...argv);
  return `${stdout}\n${stderr}`.split("\n");
}

test("a line feed in the holder of a lease makes no line of its own, whoever names the holder", async () => {
  await box.ok("issue", "claim", "REQ-001", "-o", "bob");
  box.write(".mai/locks/REQ-001.lock", `eve\n${FORGED}|2026-04-30T19:23:47.120+08:00|fence=1`);
  for (const line of ["status", "lock check REQ-001", "issue show REQ-001", "issue claim REQ-001 -o alice"]) {
    const lines = await linesOf(...line.split(" "));
    expect(lines).not.toContain(FORGED);
    expect(lines.join("\n")).toContain(`@eve\\n${FORGED}`);
  }
});

test("a line feed in the holder of a lease makes no line of a record when the lease goes", async () => {
  await box.ok("issue", "claim", "REQ-001", "-o", "bob");
  box.write(".mai/locks/REQ-001.lock", "eve\n**Status**: COMPLETED|2026-04-30T19:23:47.120+08:00|fence=1");
  await box.ok("lock", "release", "REQ-001", "--force", "--yes", "-o", "admin");
  expect(box.read(".mai/queues/questions/REQ-001.md")).toContain("@eve\\n**Status**: COMPLETED");
});

test("a line feed in the name of a file makes no line of its own: of a finding, a warning, a list", async () => {
  box.write(`.mai/queues/questions/A\n${FORGED}\nB.md`, "no issue");
  box.write(`.mai/queues/q\n${FORGED}\nq/REQ-007.md`, box.read(".mai/queues/questions/REQ-001.md"));
  for (const line of ["doctor", "issue list", "queue check --all", "status", "issue list --ids"])
    expect(await linesOf(...line.split(" "))).not.toContain(FORGED);
  expect((await box.run("doctor")).stdout).toContain(`A\\n${FORGED}\\nB.md`);
});
