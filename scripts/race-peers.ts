/**
 * How many of 16 processes are told that they have the one item that all of them claim at once? One row for mai and one
 * for each peer that is installed: a program that promises one winner has 1 everywhere.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROCESSES = 16;
const ROUNDS = 10;
const MAI = resolve(import.meta.dir, "../dist/mai");

/** A program that items are claimed with. */
interface Peer {
  readonly name: string;
  /** How it is found; null where it is not installed. */
  readonly program: string | null;
  readonly prepare: readonly (readonly string[])[];
  /** Makes the item of a round, counted from one. */
  readonly make: (round: number) => readonly string[];
  readonly claim: (round: number, process: number) => readonly string[];
  readonly env: (directory: string) => Readonly<Record<string, string>>;
}

const PEERS: readonly Peer[] = [
  {
    name: "mai issue claim",
    program: existsSync(MAI) ? MAI : null,
    prepare: [
      ["init", "-o", "admin"],
      ["agent", "add", "racer", "-o", "admin"],
    ],
    make: () => ["issue", "new", "questions", "Item", "-o", "racer"],
    claim: (round, process) => [
      ...["issue", "claim", `REQ-${String(round).padStart(3, "0")}`, "-o", "racer"],
      ...["--session", `s${process}`],
    ],
    env: (directory) => ({ MAI_HOME: join(directory, "home") }),
  },
  {
    name: "task ID start (Taskwarrior)",
    program: Bun.which("task"),
    prepare: [],
    make: () => ["add", "Item"],
    claim: (round) => [String(round), "start"],
    env: (directory) => ({ TASKRC: join(directory, "taskrc"), TASKDATA: join(directory, "data") }),
  },
];

const scratch = mkdtempSync(join(tmpdir(), "mai-race-peers-"));
try {
  console.log(`winners of ${PROCESSES} processes, round by round`);
  for (const peer of PEERS) console.log(`${peer.name}: ${await rowOf(peer)}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function rowOf(peer: Peer): Promise<string> {
  if (peer.program === null) return "not installed";
  const cwd = mkdtempSync(join(scratch, "peer-"));
  mkdirSync(join(cwd, "data"));
  writeFileSync(join(cwd, "taskrc"), "confirmation=off\nverbose=nothing\n");
  const run = async (argv: readonly string[]) =>
    Bun.spawn([peer.program ?? "", ...argv], {
      cwd,
      env: { HOME: cwd, PATH: process.env.PATH ?? "", ...peer.env(cwd) },
      stdio: ["ignore", "ignore", "ignore"],
    }).exited;
  for (const line of peer.prepare) await run(line);
  const winners: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    if ((await run(peer.make(round))) !== 0) return "it could not make an item";
    const all = Array.from({ length: PROCESSES }, (_, process) => run(peer.claim(round, process)));
    winners.push((await Promise.all(all)).filter((code) => code === 0).length);
  }
  return winners.join(" ");
}
