import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BinaryProject, MAI } from "../support/binary.ts";
import { eventsOf, projectWithWork, type StreamEvent } from "../support/work.ts";

const WORKER = resolve(import.meta.dir, "worker.sh");
/** How often the killer looks whether it is time for the next kill, in milliseconds. */
const LOOK_EVERY_MS = 10;

/** How a loop is run. */
export interface LoopSize {
  readonly workers: number;
  readonly issues: number;
  readonly kills: number;
  /** When the loop is given up, in milliseconds. */
  readonly limitMs: number;
  readonly binary?: string;
}

/** What came of it, by the account of the event stream. */
export interface LoopResult {
  readonly completed: number;
  readonly kills: number;
  /** Claims of an issue that somebody else worked on, work of somebody who had no claim, numbers out of order. */
  readonly faults: readonly string[];
}

/** Lets real worker processes take, do and hand over work, while some of them are killed, until all is accepted. */
export async function workerLoop(size: LoopSize): Promise<LoopResult> {
  const project = await projectWithWork(size);
  const stopAtMs = performance.now() + size.limitMs;
  const state = { stopped: false, kills: 0, accepted: 0 };
  const groups = new Map<string, number>();
  const workers = Array.from({ length: size.workers }, (_, index) =>
    keepWorking(project, `w${index}`, { binary: size.binary ?? MAI, groups, state }),
  );
  const killer = killNowAndThen(groups, state, size);
  const completed = await acceptAll(project, state, size.issues, stopAtMs);
  state.stopped = true;
  writeFileSync(join(project.root, "stop"), "");
  await Promise.all([...workers, killer]);
  const faults = faultsIn(await eventsOf(project));
  project.remove();
  return { completed, kills: state.kills, faults };
}

interface LoopState {
  stopped: boolean;
  kills: number;
  accepted: number;
}

/** Starts a worker again whenever it was killed, under the same name. */
async function keepWorking(
  project: BinaryProject,
  name: string,
  loop: { readonly binary: string; readonly groups: Map<string, number>; readonly state: LoopState },
): Promise<void> {
  while (!loop.state.stopped) {
    const child = Bun.spawn(["setsid", "sh", WORKER, loop.binary, name], {
      cwd: project.root,
      env: { HOME: join(project.base, "home"), PATH: process.env.PATH ?? "" },
      stdio: ["ignore", "ignore", "ignore"],
    });
    loop.groups.set(name, child.pid);
    await child.exited;
    loop.groups.delete(name);
  }
}

/** Spreads the kills over the work that is accepted. Kills a whole worker, or just one process of it: its mai while the command goes on, or the command. */
async function killNowAndThen(
  groups: ReadonlyMap<string, number>,
  state: LoopState,
  { kills, issues }: LoopSize,
): Promise<void> {
  while (!state.stopped && state.kills < kills) {
    await Bun.sleep(LOOK_EVERY_MS);
    if (state.kills > (state.accepted / issues) * kills) continue;
    const pgids = [...groups.values()];
    const pgid = pgids[Math.floor(Math.random() * pgids.length)];
    if (pgid === undefined) continue;
    const members = Bun.spawnSync(["pgrep", "-g", String(pgid)])
      .stdout.toString()
      .trim()
      .split("\n");
    const one = Number(members[Math.floor(Math.random() * members.length)]);
    const target = Math.random() < 0.5 ? -pgid : one;
    if (target !== 0 && kill(target)) state.kills += 1;
  }
}

function kill(target: number): boolean {
  try {
    process.kill(target, "SIGKILL");
    return true;
  } catch {
    return false; // It ended by itself meanwhile.
  }
}

/** Accepts what is handed over until everything is. @returns how many issues are completed */
async function acceptAll(
  project: BinaryProject,
  state: LoopState,
  issues: number,
  stopAtMs: number,
): Promise<number> {
  while (state.accepted < issues && performance.now() < stopAtMs) {
    const waited = await project.run(["--json", "wait", "--handler", "admin", "--timeout", "1s"]);
    if (waited.code !== 0) continue;
    const { issue_id: id } = JSON.parse(waited.stdout);
    const accepted = await project.run(["issue", "complete", id, "accepted", "-o", "admin"]);
    if (accepted.code === 0) state.accepted += 1;
  }
  return state.accepted;
}

/** Events after which nobody works on an issue. */
const ENDS = new Set(["issue.transferred", "lease.expired", "issue.completed"]);

/** Reads the stream as a ledger: who works on what, from claim to hand-over. */
export function faultsIn(events: readonly StreamEvent[]): readonly string[] {
  const ledger: Ledger = { holders: new Map(), latest: new Map() };
  return events.flatMap((event, index) => {
    const { seq, type, actor, issue } = event;
    const fault = faultOf(event, ledger);
    if (type === "issue.claimed") {
      ledger.holders.set(issue, actor);
      ledger.latest.set(issue, actor);
    }
    if (ENDS.has(type)) ledger.holders.delete(issue);
    const order = seq === index + 1 ? [] : [`${seq} stands at ${index + 1}`];
    return fault === null ? order : [...order, `${seq}: ${fault}`];
  });
}

interface Ledger {
  /** Who works on an issue now. */
  readonly holders: Map<string | null, string>;
  /** Who claimed it last. */
  readonly latest: Map<string | null, string>;
}

function faultOf({ type, actor, issue }: StreamEvent, { holders, latest }: Ledger): string | null {
  const holder = holders.get(issue);
  if (type === "issue.claimed" && holder !== undefined)
    return `${actor} claims ${issue}, which ${holder} works on`;
  const isWork = type === "issue.amended" || type === "issue.transferred";
  if (!isWork || holder === actor) return null;
  // A command that outlives its killed mai may still say what it found, until somebody else claims the issue.
  if (type === "issue.amended" && holder === undefined && latest.get(issue) === actor) return null;
  return `${actor} works on ${issue} of ${holder ?? "nobody"}`;
}
