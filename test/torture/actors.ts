import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BinaryProject, type Ended, requireTool } from "../support/binary.ts";
import { deadlineMs } from "../support/budget.ts";
import type { Answer, IssueTold } from "./issue-model.ts";
import type { Operation } from "./linearizable.ts";

/** A call on one issue; `tag` stands in the text that it wrote. */
export interface IssueOperation extends Operation<IssueTold> {
  readonly issue: string;
  readonly tag: string;
}

/** How many actors do how much to how many issues. */
export interface Crowd {
  readonly actors: number;
  readonly operations: number;
  readonly issues: number;
  /** Part of the processes that are killed at a random time. */
  readonly killed: number;
  /** Part of the processes that are stopped for a while. */
  readonly stopped: number;
  /** Whether every second actor comes through a mount of its own: the same directory under another path. */
  readonly mounted?: boolean;
  /** Whether the file of the mutex is deleted again and again. */
  readonly mutexDeleted?: boolean;
  /** What the actors do, each as likely as it stands here often; all of it where none is named. */
  readonly kinds?: readonly IssueTold["kind"][];
  readonly binary?: string;
}

/** What a crowd was told, and what it left. */
export interface Run {
  readonly history: readonly IssueOperation[];
  /** Text of each issue, and of its mirror. */
  readonly texts: ReadonlyMap<string, readonly [issue: string, mirror: string]>;
  readonly seqs: readonly number[];
  /** Answers that were neither an answer nor a killed process. */
  readonly odd: readonly string[];
}

/** A process that is killed lives as long as the last one that was not, times something up to this. */
const LONGEST_LIFE = 1.2;
const FIRST_LIFE_MS = 400;
const DELETE_EVERY_MS = 20;
const STOP_MS = 150;
const KINDS: readonly IssueTold["kind"][] = [
  ...(["claim", "claim", "claim", "amend", "amend", "complete", "show", "show", "back-date"] as const),
];

/** Lets a crowd of processes loose on a project, half of them in PID namespaces of their own. */
export async function runCrowd(crowd: Crowd): Promise<Run> {
  requireTool("unshare", "util-linux");
  requireTool("flock", "util-linux");
  const project = await crowdedProject(crowd);
  const history: IssueOperation[] = [];
  const odd: string[] = [];
  const endMs = deadlineMs();
  const pace = { lifeMs: FIRST_LIFE_MS };
  const actor = async (number: number) => {
    for (let turn = 0; turn < crowd.operations && performance.now() < endMs; turn += 1) {
      const { operation, fault } = await act(project, { ...crowd, pace }, { number, turn });
      history.push(operation);
      if (fault !== null) odd.push(fault);
    }
  };
  const deleting = setInterval(() => {
    if (crowd.mutexDeleted) rmSync(join(project.root, ".mai/mutex"), { force: true });
  }, DELETE_EVERY_MS);
  await Promise.all(Array.from({ length: crowd.actors }, (_, number) => actor(number)));
  clearInterval(deleting);
  await project.ok("agent", "add", "a0", "-o", "admin");
  const run = { history, odd, texts: textsOf(project, crowd), seqs: seqsOf(project) };
  project.remove();
  return run;
}

async function crowdedProject({ actors, issues }: Crowd): Promise<BinaryProject> {
  const project = await BinaryProject.after([["init", "-o", "admin"]]);
  mkdirSync(join(project.base, "mount"));
  for (let number = 0; number < actors; number += 1)
    await project.ok("agent", "add", `a${number}`, "-o", "admin");
  // Every actor is a root, so that any of them may complete.
  const path = join(project.root, ".mai/config.json");
  const config = JSON.parse(readFileSync(path, "utf8"));
  await Bun.write(path, JSON.stringify({ ...config, root: ["admin", ...Object.keys(config.agents)] }));
  for (let number = 0; number < issues; number += 1)
    await project.ok("issue", "new", "questions", `Issue ${number}`, "-o", "admin");
  return project;
}

async function act(
  project: BinaryProject,
  crowd: Crowd & { readonly pace: { lifeMs: number } },
  who: { readonly number: number; readonly turn: number },
): Promise<{ readonly operation: IssueOperation; readonly fault: string | null }> {
  const issue = idOf(Math.floor(Math.random() * crowd.issues));
  const { kinds = KINDS } = crowd;
  const kind = kinds[Math.floor(Math.random() * kinds.length)] ?? "show";
  const agent = `a${who.number}`;
  const tag = `${agent} turn ${who.turn}.`;
  const startMs = performance.now();
  if (kind === "back-date") {
    await backDate(project, issue);
    const told = { kind, agent, answer: null };
    return { operation: { issue, tag, startMs, endMs: performance.now(), told }, fault: null };
  }
  const ended = await project.run(commandOf(kind, { issue, agent, tag }), {
    ...(crowd.binary === undefined ? {} : { binary: crowd.binary }),
    under: who.number % 2 === 1 ? namespace(crowd.mounted ? project : null) : [],
    env: { MAI_LOCK_TIMEOUT: "120" },
    started: (child) => disturb(child, crowd),
  });
  const answer = answerOf(ended);
  const endMs = answer === null ? Number.POSITIVE_INFINITY : performance.now();
  if (answer !== null) crowd.pace.lifeMs = endMs - startMs;
  const fault = answer === null && ended.code !== null ? `${kind}: ${JSON.stringify(ended)}` : null;
  return { operation: { issue, tag, startMs, endMs, told: { kind, agent, answer } }, fault };
}

function commandOf(
  kind: "claim" | "amend" | "complete" | "show",
  { issue, agent, tag }: { readonly issue: string; readonly agent: string; readonly tag: string },
): readonly string[] {
  if (kind === "show") return ["--json", "issue", "show", issue];
  return ["--json", "issue", kind, issue, ...(kind === "claim" ? [] : [tag]), "-o", agent];
}

/**
 * A namespace of process ids, whose process dies with `unshare`, and of mounts, where the project gets a second path;
 * without being root it takes one of users as well.
 */
function namespace(mounted: BinaryProject | null): readonly string[] {
  const users = process.geteuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const unshare = ["unshare", ...users, "--mount", "--pid", "--fork", "--kill-child"];
  if (mounted === null) return unshare;
  const place = join(mounted.base, "mount");
  const script = `mount --bind '${mounted.root}' '${place}' && cd '${place}' && exec "$0" "$@"`;
  return [...unshare, "sh", "-c", script];
}

function disturb(
  child: Bun.Subprocess,
  { killed, stopped, pace }: Crowd & { pace: { lifeMs: number } },
): void {
  const fate = Math.random();
  const lifeMs = Math.random() * LONGEST_LIFE * pace.lifeMs;
  if (fate < killed) setTimeout(() => child.kill("SIGKILL"), lifeMs);
  else if (fate < killed + stopped) {
    const stopMs = lifeMs;
    setTimeout(() => child.kill("SIGSTOP"), stopMs);
    setTimeout(() => child.kill("SIGCONT"), stopMs + STOP_MS);
  }
}

/**
 * Makes a lease look as if its holder had been silent for hours; under the lock, since a writer that has looked at the
 * lease would renew it after all.
 */
async function backDate(project: BinaryProject, issue: string): Promise<void> {
  const path = join(project.root, `.mai/locks/${issue}.lock`);
  const touch = ["touch", "--no-create", "--date=10 hours ago", path];
  await Bun.spawn(["flock", join(project.root, ".mai"), ...touch]).exited;
}

/** Reads an answer; null for a process that was killed before it had said all. */
function answerOf({ stdout }: Ended): Answer | null {
  if (!stdout.endsWith("\n")) return null;
  const json = JSON.parse(stdout);
  if (json.issue === undefined) return json;
  const { status, fence, records } = json.issue;
  const lease = { holder: json.lock?.holder ?? null, stale: json.lock?.stale ?? false };
  return { ok: json.ok, status, fence, records: records.length, ...lease };
}

function textsOf(project: BinaryProject, { issues }: Crowd): Run["texts"] {
  const read = (path: string) => textOf(join(project.root, path));
  const ids = Array.from({ length: issues }, (_, number) => idOf(number));
  return new Map(
    ids.map((id) => [
      id,
      [read(`.mai/queues/questions/${id}.md`), read(`async/questions/${id}.md`)] as const,
    ]),
  );
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function seqsOf(project: BinaryProject): readonly number[] {
  const files = [...new Bun.Glob("*.jsonl").scanSync(join(project.root, ".mai/events"))].sort();
  const text = files.map((file) => readFileSync(join(project.root, ".mai/events", file), "utf8")).join("");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => Number(/"seq":(\d+)/.exec(line)?.[1]));
}

function idOf(number: number): string {
  return `REQ-${String(number + 1).padStart(3, "0")}`;
}
