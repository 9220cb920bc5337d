import { expect } from "bun:test";
import { cpSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type JsonRun, Sandbox } from "./sandbox.ts";

/** One step: what is done, by whom, to which issues (counted round), in which queue. */
interface WebStep {
  readonly verb: keyof typeof VERBS;
  readonly who: "alice" | "bob" | "admin";
  readonly which: number;
  readonly other: number;
  readonly queue: "questions" | "reviews";
  readonly force: boolean;
}

/** How an issue stands, read from its file by other means than the program's. */
interface Standing {
  readonly id: string;
  readonly queue: string;
  readonly status: string;
  readonly waits: readonly string[];
  /** Holder of its live lease. */
  readonly holder: string | null;
}

/** What may be held at once; who is not here has no limit. */
const AGENT_LIMITS: Readonly<Record<string, number>> = { alice: 2, admin: 1 };
const QUEUE_LIMITS: Readonly<Record<string, number>> = { reviews: 2 };
/** Leases of agents who are registered live so long. */
const LEASE_MS = 45 * 60_000;
const ROOT = ["-o", "admin", "--force"];

const VERBS = {
  new: ({ which, other, queue }, ids) => [
    ...["issue", "new", queue, "Title", "-o", "admin"],
    ...(ids.length > 1 && which % 2 === 0 ? ["--blocked-by", at(ids, other)] : []),
  ],
  depend: ({ which, other }, ids) => ["issue", "depend", at(ids, which), "--on", at(ids, other), ...ROOT],
  independ: ({ which, other }, ids) => [
    ...["issue", "depend", at(ids, which), "--on", at(ids, other), "--remove", ...ROOT],
  ],
  claim: ({ which, who, force }, ids) => [
    ...["issue", "claim", at(ids, which), "-o", who, ...(force ? ["--force"] : [])],
  ],
  next: ({ who }) => ["next", "--any", "-o", who],
  block: ({ which }, ids) => ["issue", "block", at(ids, which), "stuck", ...ROOT],
  unblock: ({ which }, ids) => ["issue", "unblock", at(ids, which), ...ROOT],
  complete: ({ which }, ids) => ["issue", "complete", at(ids, which), "done", ...ROOT],
  reopen: ({ which }, ids) => ["issue", "reopen", at(ids, which), "again", "-o", "admin"],
  discard: ({ which }, ids) => ["issue", "discard", at(ids, which), "no", ...ROOT],
  transfer: ({ which, who }, ids) => ["issue", "transfer", at(ids, which), who, ...ROOT],
  amend: ({ which, who }, ids) => ["issue", "amend", at(ids, which), "seen", "-o", who],
  move: ({ which, queue }, ids) => ["issue", "edit", at(ids, which), "--queue", queue, ...ROOT],
  renew: ({ who }) => ["lock", "renew", "-o", who],
  release: ({ which }, ids) => ["lock", "release", at(ids, which), "-o", "admin", "--force", "--yes"],
  age: () => [],
} as const satisfies Record<string, (step: WebStep, ids: readonly string[]) => readonly string[]>;

const WEIGHTS: Partial<Record<keyof typeof VERBS, number>> = { new: 3, depend: 4, claim: 7, age: 2, next: 2 };

/** Steps on few issues, so that they meet. */
export const WEB_STEPS: fc.Arbitrary<readonly WebStep[]> = fc.array(
  fc.record({
    verb: fc.oneof(
      ...(Object.keys(VERBS) as (keyof typeof VERBS)[]).map((verb) => ({
        weight: WEIGHTS[verb] ?? 1,
        arbitrary: fc.constant(verb),
      })),
    ),
    who: fc.constantFrom("alice" as const, "alice" as const, "bob" as const, "admin" as const),
    which: fc.nat(5),
    other: fc.nat(5),
    queue: fc.constantFrom("questions" as const, "reviews" as const),
    force: fc.constantFrom(false, false, true),
  }),
  { minLength: 20, maxLength: 50, size: "max" },
);

/** Runs steps on a project of three issues, and checks after each what must hold whatever was done. */
export class WebRunner {
  /** How often each refusal was heard, and how often something was freed. */
  readonly tally = new Map<string, number>();
  readonly #template: Sandbox;

  private constructor(template: Sandbox) {
    this.#template = template;
  }

  static async make(): Promise<WebRunner> {
    const box = await Sandbox.withTeam();
    for (const [name, max] of Object.entries(AGENT_LIMITS)) {
      if (name === "admin") await box.ok("agent", "add", "admin", "-o", "admin");
      await box.ok("config", "set", `agents.${name}.max_in_progress`, String(max), "-o", "admin");
    }
    await box.ok("queue", "set", "reviews", "--max-in-progress", "2", "-o", "admin");
    for (const queue of ["questions", "questions", "reviews"]) {
      await box.ok("issue", "new", queue, "Title", "-o", "admin");
    }
    return new WebRunner(box);
  }

  remove(): void {
    this.#template.remove();
  }

  async run(steps: readonly WebStep[]): Promise<void> {
    const box = new Sandbox();
    cpSync(this.#template.base, box.base, { recursive: true, preserveTimestamps: true });
    try {
      for (const step of steps) await this.#take(box, step);
      expect((await box.json("doctor")).json.findings.filter(isAboutWaiting)).toEqual([]);
    } finally {
      rmSync(box.base, { recursive: true });
    }
  }

  async #take(box: Sandbox, step: WebStep): Promise<void> {
    const before = readWeb(box.cwd);
    const ids = [...before.keys()];
    if (step.verb === "age") return age(box, at(ids, step.which));
    const answer = await box.json(...VERBS[step.verb](step, ids));
    const { error, freed = [] } = answer.json;
    if (error !== undefined) this.#note(error);
    if (freed.length > 0) this.#note("freed");
    const after = readWeb(box.cwd);
    expectNoCycle(after);
    expectLimits(after);
    expectRightAnswer({ step, before, ids, answer });
  }

  #note(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }
}

type Web = ReadonlyMap<string, Standing>;

function at(ids: readonly string[], which: number): string {
  return ids[which % ids.length] ?? "";
}

function age(box: Sandbox, id: string): void {
  if (box.exists(`.mai/locks/${id}.lock`)) box.age(`.mai/locks/${id}.lock`, 60);
}

function readWeb(root: string): Web {
  const directory = join(root, ".mai/queues");
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".md"),
  );
  const standings = files.map((name) => readStanding(root, name)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(standings.map((standing) => [standing.id, standing]));
}

function readStanding(root: string, name: string): Standing {
  const [queue = "", file = ""] = name.split("/");
  const id = file.replace(".md", "");
  const text = readFileSync(join(root, ".mai/queues", name), "utf8");
  return {
    ...{ id, queue, holder: liveHolder(root, id) },
    status: /\*\*状态：\*\* \S+ (\w+)/.exec(text)?.[1] ?? "",
    waits: /\*\*依赖：\*\* (.*)/.exec(text)?.[1]?.split(", ") ?? [],
  };
}

function liveHolder(root: string, id: string): string | null {
  const path = join(root, ".mai/locks", `${id}.lock`);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || Date.now() - stat.mtimeMs > LEASE_MS) return null;
  return readFileSync(path, "utf8").split("|")[0] ?? "";
}

function expectNoCycle(web: Web): void {
  // Taking away what waits for nothing that is left takes everything away, unless some wait in a ring.
  const left = new Map([...web].map(([id, { waits }]) => [id, waits]));
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const [id, waits] of left) if (!waits.some((blocker) => left.has(blocker))) left.delete(id);
  }
  expect([...left.keys()]).toEqual([]);
}

function expectLimits(web: Web): void {
  for (const [name, max] of Object.entries(AGENT_LIMITS)) {
    expect(heldBy(web, name)).toBeLessThanOrEqual(max);
  }
  for (const [queue, max] of Object.entries(QUEUE_LIMITS)) {
    expect(heldIn(web, queue)).toBeLessThanOrEqual(max);
  }
}

function heldBy(web: Web, name: string): number {
  return [...web.values()].filter(({ holder }) => holder === name).length;
}

function heldIn(web: Web, queue: string): number {
  return [...web.values()].filter((issue) => issue.holder !== null && issue.queue === queue).length;
}

function isWaiting(web: Web, { waits }: Standing, but?: string): boolean {
  return waits.some((id) => id !== but && !isFinished(web.get(id)));
}

function isFinished(issue: Standing | undefined): boolean {
  return issue?.status === "COMPLETED" || issue?.status === "DISCARDED";
}

interface Taken {
  readonly step: WebStep;
  readonly before: Web;
  readonly ids: readonly string[];
  readonly answer: JsonRun;
}

function expectRightAnswer({ step, before, ids, answer: { json } }: Taken): void {
  const target = before.get(at(ids, step.which));
  const taken = before.get(step.verb === "claim" ? (target?.id ?? "") : json.issue_id);
  const isNew = json.ok && !json.idempotent && (step.verb === "claim" || step.verb === "next");
  const forced = step.verb === "claim" && step.force && step.who === "admin";
  if (isNew && taken !== undefined && !forced) expect(isWaiting(before, taken)).toBe(false);
  if (json.error === "ISSUE_BLOCKED" && target?.status !== "BLOCKED") {
    expect(json.blocked_by).toEqual(target?.waits.filter((id) => !isFinished(before.get(id))));
  }
  if (json.error === "LIMIT_REACHED") expectReached(before, json.limit);
  if (json.error === "CYCLE") expectClosed(before, json.cycle);
  if (["complete", "discard"].includes(step.verb) && json.ok && target !== undefined) {
    expect(json.freed).toEqual(isFinished(target) ? [] : freedBy(before, target.id));
  }
}

function expectReached(web: Web, limit: { readonly of: string; readonly name: string }): void {
  const { of, name } = limit;
  if (of === "agent") expect(heldBy(web, name)).toBe(AGENT_LIMITS[name] ?? -1);
  else expect(heldIn(web, name)).toBe(QUEUE_LIMITS[name] ?? -1);
}

/** The first step of the cycle is what was asked for; every other one is there already. */
function expectClosed(web: Web, cycle: readonly string[]): void {
  expect(cycle.at(-1)).toBe(cycle[0] as string);
  for (const [index, id] of cycle.slice(1, -1).entries()) {
    expect(web.get(id)?.waits).toContain(cycle[index + 2]);
  }
}

function freedBy(web: Web, id: string): readonly string[] {
  return [...web.values()]
    .filter((issue) => issue.waits.includes(id) && !isFinished(issue) && !isWaiting(web, issue, id))
    .map((issue) => issue.id);
}

function isAboutWaiting({ code }: { readonly code: string }): boolean {
  return /^(?:blocker|dependenc|dependents)/.test(code);
}
