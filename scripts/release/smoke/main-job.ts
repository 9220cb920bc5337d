import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  expectDone,
  issueOnDisk,
  killAtRename,
  runMai,
  type SmokeProgram,
  unfinishedFiles,
} from "./smoke-program.ts";

const RACERS = Array.from({ length: 8 }, (_, index) => `racer${index + 1}`);

/**
 * Has a program do its main job: the six lines of the README, a race of eight agents for one issue, and recovery
 * from a kill on both sides of the commit point.
 * @throws Error that says what went otherwise than promised.
 */
export async function checkMainJob(program: SmokeProgram): Promise<void> {
  await checkSixLines(program);
  await checkRace(program);
  for (const rename of [1, 2]) {
    await checkKilledClaim(program, rename);
    await checkKilledComplete(program, rename);
  }
}

async function checkSixLines(program: SmokeProgram) {
  await expectDone(program, "init");
  await expectDone(program, "agent", "add", "alice", "--heartbeat-minutes", "30");
  match(
    await expectDone(program, "issue", "new", "questions", "Technical review", "-o", "alice"),
    /\bREQ-001\b/,
  );
  await expectDone(program, "issue", "claim", "REQ-001", "-o", "alice");
  await expectDone(program, "agent", "add", "bob");
  strictEqual((await runMai(program, "issue", "claim", "REQ-001", "-o", "bob")).exitCode, 2);
  await expectDone(program, "issue", "complete", "REQ-001", "Approved for implementation", "-o", "alice");
  await expectDone(program, "queue", "check", "--overdue");
  const finished = { state: "COMPLETED", isMirrored: true, hasLease: false, hasDecision: true };
  deepStrictEqual(issueOnDisk(program, "REQ-001"), finished);
}

async function checkRace(program: SmokeProgram) {
  for (const racer of RACERS) await expectDone(program, "agent", "add", racer);
  const id = await newIssue(program, "Who gets it?");
  const results = await Promise.all(
    RACERS.map((racer) => runMai(program, "issue", "claim", id, "-o", racer)),
  );
  const codes = results.map((result) => result.exitCode).sort();
  deepStrictEqual(codes, [0, 2, 2, 2, 2, 2, 2, 2]);
  const claimed = { state: "IN_PROGRESS", isMirrored: true, hasLease: true, hasDecision: false };
  deepStrictEqual(issueOnDisk(program, id), claimed);
}

async function checkKilledClaim(program: SmokeProgram, rename: number) {
  const id = await newIssue(program, `Killed at rename ${rename} of its claim`);
  await killAtRename(program, rename, "issue", "claim", id, "-o", "alice");
  await expectDone(program, "issue", "amend", id, "the command after the kill", "-o", "alice");
  const found = issueOnDisk(program, id);
  ok(["OPEN", "IN_PROGRESS"].includes(found.state), `${id} is ${found.state}`);
  strictEqual(found.hasLease, found.state === "IN_PROGRESS");
  checkNothingHalfDone(program, id);
  const claim = await runMai(program, "issue", "claim", id, "-o", "bob");
  strictEqual(claim.exitCode, found.hasLease ? 2 : 0);
}

async function checkKilledComplete(program: SmokeProgram, rename: number) {
  const id = await newIssue(program, `Killed at rename ${rename} of its completion`);
  await expectDone(program, "issue", "claim", id, "-o", "alice");
  await killAtRename(program, rename, "issue", "complete", id, "Done", "-o", "alice");
  await expectDone(program, "issue", "amend", id, "the command after the kill", "-o", "alice");
  const found = issueOnDisk(program, id);
  ok(["IN_PROGRESS", "COMPLETED"].includes(found.state), `${id} is ${found.state}`);
  strictEqual(found.hasLease, found.state === "IN_PROGRESS");
  strictEqual(found.hasDecision, found.state === "COMPLETED");
  checkNothingHalfDone(program, id);
}

function checkNothingHalfDone(program: SmokeProgram, id: string) {
  ok(issueOnDisk(program, id).isMirrored, `the mirror of ${id} differs from its source`);
  deepStrictEqual(unfinishedFiles(program), []);
}

async function newIssue(program: SmokeProgram, title: string): Promise<string> {
  const answer = await expectDone(program, "issue", "new", "questions", title, "-o", "alice");
  const id = /\bREQ-\d+\b/.exec(answer)?.[0];
  if (id === undefined) throw new Error(`mai issue new named no id: ${answer}`);
  return id;
}
