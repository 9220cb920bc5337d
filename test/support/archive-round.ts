import { type JsonRun, type Program, Sandbox } from "./sandbox.ts";
import { changedPaths } from "./whole-tree.ts";

const DAY_MS = 86_400_000;
const APRIL_30 = Date.parse("2026-04-30T12:00:00+08:00");
/** Files that every change writes to: no way leads back to what they were. */
const TODAYS = /(?:sequence\.json|2026-05-10\.(?:jsonl|log))$/;

/** Makes a project with three finished issues, two of which have decisions, and logs of several days. */
export async function finishedProject(program?: Program): Promise<Sandbox> {
  const box = new Sandbox();
  if (program !== undefined) box.program = program;
  box.clock.nowMs = APRIL_30;
  await box.ok("init", "-o", "admin");
  await box.ok("agent", "add", "alice", "-o", "admin");
  for (const queue of ["questions", "decisions", "reviews"]) {
    await box.ok("issue", "new", queue, `About ${queue}`, "-o", "alice");
    box.clock.nowMs += DAY_MS;
  }
  for (const id of ["REQ-001", "REQ-002"]) await box.ok("issue", "complete", id, "Yes", "-o", "alice");
  await box.ok("issue", "discard", "REQ-003", "No", "-o", "alice");
  box.clock.nowMs = APRIL_30 + 10 * DAY_MS;
  return box;
}

/** Archives all that {@link finishedProject} made. */
export function archiveAll(box: Sandbox): Promise<JsonRun> {
  return box.ok("archive", "--before", "2026-05-10", "-o", "admin");
}

/** Archives everything and brings it back. @returns files that are not as before, and both answers */
export async function archiveAndRestore(box: Sandbox) {
  const before = lastingTree(box);
  const { json: archived } = await archiveAll(box);
  if (changedPaths(before, lastingTree(box)).length === 0) throw new Error("nothing was archived");
  const { json: restored } = await box.ok("archive", "--restore", "-o", "admin");
  return { unlike: changedPaths(before, lastingTree(box)), archived, restored };
}

function lastingTree(box: Sandbox): ReadonlyMap<string, string> {
  return new Map([...box.tree()].filter(([path]) => !TODAYS.test(path)));
}
