import { BinaryProject } from "../support/binary.ts";
import { numbers, parseEvents } from "../support/work.ts";
import type { CrowdResult } from "./crowds.ts";

const ISSUES = 6;
const QUEUES = ["questions", "reviews"] as const;

/** How many write and read at once; the writers go on until the readers are done. */
export interface Readership {
  readonly writers: number;
  readonly readers: number;
  readonly readings: number;
  /** The program of the writers, which keeps committed changes unfinished for a while, and that of the readers. */
  readonly writing: string;
  readonly reading?: string;
  /** Whether the first mixed state ends it: enough to catch a faulty program. */
  readonly untilBad?: boolean;
}

/**
 * Lets readers look while issues are claimed, moved between queues and handed on. One answer tells of one state: each
 * issue lies in one queue, a lease goes with work, the numbers of the stream have no gap.
 */
export async function readWhileWriting(size: Readership): Promise<CrowdResult> {
  const project = await makeProject(size.writers);
  const state = { done: false, caught: false, turn: 0 };
  const writers = numbers(0, size.writers - 1).map(async (who) => {
    while (!state.done) {
      state.turn += 1;
      await project.run(changeOf(state.turn, who), { binary: size.writing });
    }
  });
  const start = size.reading === undefined ? {} : { binary: size.reading };
  const readers = numbers(0, size.readers - 1).map(async (reader) => {
    const bad: string[] = [];
    for (const reading of numbers(1, size.readings)) {
      if (state.caught && size.untilBad) break;
      const line = READINGS[(reader + reading) % READINGS.length] ?? READINGS[0];
      const { code, stdout, stderr } = await project.run(["--json", ...line], start);
      const faults = code === 0 && stderr === "" ? faultsOf(line, stdout) : [`${code} ${stdout}${stderr}`];
      state.caught ||= faults.length > 0;
      bad.push(...faults.map((fault) => `${line.join(" ")}: ${fault}`));
    }
    return bad;
  });
  const bad = (await Promise.all(readers)).flat();
  state.done = true;
  await Promise.all(writers);
  project.remove();
  return { processes: size.readers * size.readings, bad };
}

async function makeProject(writers: number): Promise<BinaryProject> {
  const agents = numbers(0, writers - 1).map((who) => ["agent", "add", `a${who}`, "-o", "admin"]);
  const issues = numbers(1, ISSUES).map((n) => ["issue", "new", "questions", `Issue ${n}`, "-o", "admin"]);
  return BinaryProject.after([["init", "-o", "admin"], ...agents, ...issues]);
}

/**
 * Claims, hand-overs and moves by a root: each issue in its turn is claimed, handed on, and moved to the other queue, so
 * that every round changes something; which of them met is no matter.
 */
function changeOf(turn: number, who: number): readonly string[] {
  const step = Math.floor(turn / 3);
  const id = `REQ-00${(step % ISSUES) + 1}`;
  if (turn % 3 === 0) return ["issue", "claim", id, "-o", `a${who}`];
  const forced = ["-o", "admin", "--force"];
  if (turn % 3 === 1) return ["issue", "transfer", id, `a${who}`, `turn ${turn}`, ...forced];
  return ["issue", "edit", id, "--queue", QUEUES[Math.floor(step / ISSUES) % 2] ?? "reviews", ...forced];
}

const READINGS = [
  ["queue", "check", "--all"],
  ["issue", "show", ...numbers(1, ISSUES).map((n) => `REQ-00${n}`)],
  ["events"],
  ["issue", "list"],
  ["status"],
] as const;

type Json = ReturnType<typeof JSON.parse>;

function faultsOf(line: readonly string[], stdout: string): readonly string[] {
  if (line[0] === "events") {
    const seqs = parseEvents(stdout).map(({ seq }) => seq);
    return seqs.every((seq, index) => seq === index + 1) ? [] : [`the numbers ${seqs.join()}`];
  }
  const json: Json = JSON.parse(stdout);
  if (json.warnings.length > 0) return [`it warns: ${json.warnings.join()}`];
  if (line[1] === "show") return json.issues.flatMap((entry: Json) => issueFaults(entry));
  if (line[0] === "status") return [];
  const issues: Json[] =
    line[0] === "queue" ? Object.values(json.queues).flatMap((queue: Json) => queue.issues) : json.issues;
  const ids = issues.map(({ id, issue_id }) => id ?? issue_id).sort();
  const expected = numbers(1, ISSUES).map((n) => `REQ-00${n}`);
  return ids.join() === expected.join() ? [] : [`it shows ${ids.join()}`];
}

/** An issue that is worked on has a lease of its handler, with its token; any other has none. */
function issueFaults({ issue, lock }: Json): readonly string[] {
  const isWorkedOn = issue.status === "IN_PROGRESS";
  if (isWorkedOn !== (lock !== null)) return [`${issue.id} is ${issue.status}, its lease ${lock?.holder}`];
  const newest = issue.records[0];
  if (isWorkedOn && lock.holder !== issue.handler)
    return [`${issue.id} is handled by ${issue.handler}, held by ${lock.holder}`];
  return isWorkedOn && newest.word === "IN_PROGRESS" && newest.actor !== lock.holder
    ? [`${issue.id} was claimed by ${newest.actor}, and is held by ${lock.holder}`]
    : [];
}
