import { Sandbox } from "./sandbox.ts";

/** Agents of the random team; `cy` may hold one issue at a time, `lena` owns the queue `lena`, `admin` is root. */
export const AGENTS = ["alice", "bob", "cy", "lena"] as const;
/** What an agent is called. */
export type AgentName = (typeof AGENTS)[number] | "admin";
const EVERYBODY: readonly AgentName[] = [...AGENTS, "admin"];
const NOBODY = "default";
const QUEUES = ["questions", "slow", "lena"] as const;

/** An issue as the test keeps its own account of it. */
interface Account {
  readonly id: string;
  readonly queue: string;
  state: "OPEN" | "IN_PROGRESS" | "BLOCKED" | "FINISHED";
  /** Whom it belongs to while nobody holds it. */
  owner: string;
  lease: { readonly holder: string; isLive: boolean } | null;
  givenBackBy: string | null;
  readonly waitsFor: Set<string>;
  /** Who escalated another issue as this one. */
  readonly escalatedBy: string | null;
}

/** One step: what happens, by whom, to which of the issues that it can happen to. */
interface Step {
  readonly name: keyof typeof STEPS;
  readonly who: AgentName;
  readonly pick: number;
}

/** A team whose every step is kept in an account of its own, which says who can take what. */
export class TeamModel {
  readonly box: Sandbox;
  readonly issues: Account[] = [];

  constructor(box: Sandbox) {
    this.box = box;
  }

  /** Makes the team. */
  static async start(program?: Sandbox["program"]): Promise<TeamModel> {
    const box = new Sandbox();
    if (program !== undefined) box.program = program;
    await box.ok("init", "-o", "admin");
    for (const name of AGENTS) await box.ok("agent", "add", name, "-o", "admin");
    await box.ok("config", "set", "agents.cy.max_in_progress", "1", "-o", "admin");
    const slow = ["--owner", "none", "--max-in-progress", "1"];
    await box.ok("queue", "create", "slow", ...slow, "-o", "admin");
    return new TeamModel(box);
  }

  /** Returns the ids of what somebody can take now, by the account. */
  takeable(name: string): ReadonlySet<string> {
    return new Set(this.issues.filter((issue) => this.#canTake(name, issue)).map(({ id }) => id));
  }

  /** Returns what comes before all else for somebody: what they hold, else what they held; by the account. */
  begun(name: string): ReadonlySet<string> {
    const theirs = this.issues.filter(
      (issue) => issue.state === "IN_PROGRESS" && issue.lease?.holder === name && this.#canTake(name, issue),
    );
    const live = theirs.filter(({ lease }) => lease?.isLive === true);
    return new Set((live.length > 0 ? live : theirs).map(({ id }) => id));
  }

  /** Does a step where it can happen. @returns whether it did */
  async take(step: Step): Promise<boolean> {
    const happened = await STEPS[step.name](this, step);
    this.#sweep();
    return happened;
  }

  /** Returns one of the issues that a step can happen to. */
  one(pick: number, fits: (issue: Account) => boolean): Account | undefined {
    const fitting = this.issues.filter(fits);
    return fitting[pick % Math.max(1, fitting.length)];
  }

  /** Each change may release leases of other issues that have ended; that changes nothing about who can take them. */
  #sweep(): void {
    for (const issue of this.issues) {
      if (issue.lease?.isLive !== false || this.box.exists(`.mai/locks/${issue.id}.lock`)) continue;
      freed(issue);
      issue.givenBackBy = null;
    }
  }

  #canTake(name: string, issue: Account): boolean {
    const { state, lease } = issue;
    const isLive = lease?.isLive === true;
    if (state === "FINISHED" || state === "BLOCKED") return false;
    if (isLive) return lease?.holder === name && state === "IN_PROGRESS";
    if (
      [...issue.waitsFor].some((id) => this.issues.some((one) => one.id === id && one.state !== "FINISHED"))
    )
      return false;
    if (!this.#hasRoom(name, issue)) return false;
    if (state === "IN_PROGRESS" && lease?.holder === name) return true;
    if (issue.givenBackBy === name) return false;
    if (
      issue.escalatedBy !== null &&
      name !== "admin" &&
      (issue.owner !== name || issue.escalatedBy === name)
    )
      return false;
    return issue.owner === NOBODY || issue.owner === name || issue.queue === name;
  }

  #hasRoom(name: string, issue: Account): boolean {
    const held = this.issues.filter((one) => one !== issue && one.lease?.isLive === true);
    if (name === "cy" && held.some(({ lease }) => lease?.holder === "cy")) return false;
    return issue.queue !== "slow" || !held.some(({ queue }) => queue === "slow");
  }
}

type Happening = (team: TeamModel, step: Step) => Promise<boolean>;

/** What can happen; each returns whether it did. */
const STEPS = {
  async create(team, { pick }) {
    const queue = QUEUES[pick % QUEUES.length] ?? "questions";
    const priority = `P${pick % 3}`;
    const { json } = await team.box.ok("issue", "new", queue, "Work", "--priority", priority, "-o", "admin");
    team.issues.push(account(json.issue_id, queue, queue === "lena" ? "lena" : NOBODY));
    return true;
  },
  async next(team, { who }) {
    const { json } = await team.box.json("next", "-o", who);
    const issue = team.issues.find(({ id }) => id === json.issue_id);
    if (issue !== undefined && json.reason !== "held") held(issue, who);
    return issue !== undefined;
  },
  async crash(team, { pick }) {
    const issue = team.one(pick, ({ lease }) => lease?.isLive === true);
    if (issue?.lease == null) return false;
    team.box.age(`.mai/locks/${issue.id}.lock`, 60);
    issue.lease.isLive = false;
    return true;
  },
  async giveBack(team, { pick }) {
    const issue = team.one(pick, ({ lease, state }) => lease?.isLive === true && state === "IN_PROGRESS");
    if (issue?.lease == null) return false;
    const { holder } = issue.lease;
    await team.box.ok("lock", "release", issue.id, "-o", holder);
    freed(issue);
    issue.givenBackBy = holder;
    return true;
  },
  async transfer(team, { pick, who }) {
    const issue = team.one(pick, isUnfinished);
    if (issue === undefined) return false;
    const to = pick % 3 === 0 ? "none" : who;
    const { json } = await team.box.ok("issue", "transfer", issue.id, to, "-o", "admin", "--force");
    if (json.idempotent) return false;
    freed(issue);
    issue.state = "OPEN";
    issue.owner = to === "none" ? NOBODY : to;
    issue.givenBackBy = null;
    return true;
  },
  async touch(team, { pick }) {
    const issue = team.one(
      pick,
      (one) => isUnfinished(one) && one.givenBackBy !== null && one.givenBackBy !== "admin",
    );
    if (issue === undefined) return false;
    await team.box.ok("issue", "amend", issue.id, `look again ${team.issues.length}${pick}`, "-o", "admin");
    issue.givenBackBy = null;
    return true;
  },
  async block(team, { pick }) {
    const issue = team.one(pick, ({ state }) => state === "OPEN");
    if (issue === undefined) return false;
    await team.box.ok("issue", "block", issue.id, "not yet", "-o", "admin");
    issue.state = "BLOCKED";
    if (issue.givenBackBy !== "admin") issue.givenBackBy = null;
    return true;
  },
  async unblock(team, { pick }) {
    const issue = team.one(pick, ({ state }) => state === "BLOCKED");
    if (issue === undefined) return false;
    await team.box.ok("issue", "unblock", issue.id, "-o", "admin");
    issue.state = "OPEN";
    return true;
  },
  async depend(team, { pick }) {
    const issue = team.one(pick, ({ state }) => state === "OPEN");
    const other = team.one(pick + 1, (one) => isUnfinished(one) && one !== issue && one.waitsFor.size === 0);
    if (
      issue === undefined ||
      other === undefined ||
      team.issues.some(({ waitsFor }) => waitsFor.has(issue.id))
    )
      return false;
    await team.box.ok("issue", "depend", issue.id, "--on", other.id, "-o", "admin");
    if (issue.givenBackBy !== "admin" && !issue.waitsFor.has(other.id)) issue.givenBackBy = null;
    issue.waitsFor.add(other.id);
    return true;
  },
  async escalate(team, { pick }) {
    const issue = team.one(pick, ({ lease }) => lease?.isLive === true && lease.holder !== "admin");
    if (issue?.lease == null) return false;
    const who = issue.lease.holder;
    const { json } = await team.box.ok("issue", "escalate", issue.id, "-o", who);
    if (json.idempotent) return false;
    const made = (await team.box.ok("issue", "show", json.new_id)).json.issue;
    team.issues.push({ ...account(json.new_id, "decisions", made.handler), escalatedBy: who });
    return true;
  },
  async complete(team, { pick }) {
    const issue = team.one(pick, isUnfinished);
    if (issue === undefined) return false;
    await team.box.ok("issue", "complete", issue.id, "done", "-o", "admin", "--force");
    issue.state = "FINISHED";
    issue.lease = null;
    return true;
  },
  async archive(team) {
    if (!team.issues.some(({ state }) => state === "FINISHED")) return false;
    await team.box.ok("archive", "--before", "2999-01-01", "-o", "admin");
    return true;
  },
} as const satisfies Record<string, Happening>;

function account(id: string, queue: string, owner: string): Account {
  return {
    ...{ id, queue, owner, state: "OPEN", lease: null, givenBackBy: null, escalatedBy: null },
    waitsFor: new Set(),
  };
}

function isUnfinished({ state }: Account): boolean {
  return state !== "FINISHED";
}

function held(issue: Account, holder: string): void {
  issue.state = "IN_PROGRESS";
  issue.lease = { holder, isLive: true };
  issue.givenBackBy = null;
}

function freed(issue: Account): void {
  issue.lease = null;
  if (issue.state === "IN_PROGRESS") issue.state = "OPEN";
}

/** Steps of a walk, the same for the same seed. */
export function walkOf(seed: number, length: number): readonly Step[] {
  const random = randomFrom(seed);
  const names = [
    ...Object.keys(STEPS),
    "create",
    "next",
    "next",
    "next",
    "giveBack",
  ] as (keyof typeof STEPS)[];
  return Array.from({ length }, () => ({
    name: names[random(names.length)] ?? "create",
    who: EVERYBODY[random(EVERYBODY.length)] ?? "alice",
    pick: random(30),
  }));
}

/** A small generator of numbers below a bound (mulberry32), so that a walk can be repeated anywhere. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * Walks, and asks after each step what everybody would get.
 * @returns the first thing that is wrong, null for nothing
 */
export async function faultOfWalk(team: TeamModel, steps: readonly Step[]): Promise<string | null> {
  for (const [number, step] of steps.entries()) {
    if (!(await team.take(step))) continue;
    for (const name of EVERYBODY) {
      const fault = await faultFor(team, name);
      if (fault !== null) return `after step ${number} (${step.name}): ${fault}`;
    }
  }
  return null;
}

async function faultFor(team: TeamModel, name: string): Promise<string | null> {
  const wanted = team.takeable(name);
  const { json } = await team.box.json("next", "--peek", "-o", name);
  const got: string | null = json.issue_id ?? null;
  const allowed = [...wanted].join(", ") || "nothing";
  if (got === null && wanted.size > 0) return `next gives ${name} nothing (${json.message}), not ${allowed}`;
  if (got !== null && !wanted.has(got)) return `next gives ${name} ${got}, and could give ${allowed}`;
  const begun = team.begun(name);
  if (got !== null && begun.size > 0 && !begun.has(got))
    return `next gives ${name} ${got} before ${[...begun].join(", ")}, which they began`;
  const waited = (await team.box.json("wait", "--timeout", "1ms", "-o", name)).json;
  const waitedFor: string | null = waited.issue_id ?? null;
  if (waitedFor !== got) return `wait tells ${name} of ${waitedFor}, next gives ${got}`;
  const listed: readonly string[] = (await team.box.json("issue", "list", "--ready", "--ids", "-o", name))
    .json.issues;
  const differs = listed
    .filter((id) => !wanted.has(id))
    .concat([...wanted].filter((id) => !listed.includes(id)));
  return differs.length === 0 ? null : `list --ready differs for ${name} in ${differs.join(", ")}`;
}
