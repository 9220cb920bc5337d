/**
 * What the specification says about issues, written a second time and differently: one small world in memory that
 * predicts what every command answers. It imports nothing of the program.
 */

/** Rules that a test can bend, to see that the comparison notices. */
export const RULES = {
  liveLeaseRefuses: true,
  handlerMayAccept: false,
  discardedIsFinal: true,
  repeatsSettle: true,
  fenceIsChecked: true,
  sessionsDiffer: true,
  rejectGoesBack: true,
  releaseOpens: true,
  releaseGivesBack: true,
  changesReleaseStale: true,
  heartbeatsOfGrace: 1.5,
};

export type Rules = typeof RULES;

/** The user that runs the tests: `setup` made it a root, too. */
const OTHER_ROOT = Bun.spawnSync(["id", "-un"]).stdout.toString().trim();

export const OPERATIONS = [
  "new",
  "claim",
  "block",
  "unblock",
  "transfer",
  "complete",
  "confirm",
  "reject",
  "reopen",
  "amend",
  "edit",
  "discard",
  "escalate",
  "release",
  "guardian",
  "age",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One step of a run: which operation, by whom, with which choice of what it can take. */
export interface Step {
  readonly operation: Operation;
  readonly actor: string;
  readonly session: string | null;
  /** Which issue, counted round. */
  readonly which: number;
  readonly text: string;
  readonly handler: string;
  readonly queue: string;
  readonly key: string | null;
  readonly fence: "none" | "current" | "old";
  readonly force: boolean;
  readonly ageMinutes: number;
  readonly dryRunFirst: boolean;
}

export interface ModelLease {
  readonly holder: string;
  readonly session: string | null;
  ageMinutes: number;
  /** Whom the issue belonged to before the claim. */
  readonly from: string;
}

interface ModelRecord {
  /** The escalation that was made. */
  readonly made?: string;
  readonly actor: string;
  readonly operation: Operation;
  readonly says: string;
  /** Who handles the issue from here on, where the record says so. */
  readonly handler: string | null;
}

export interface ModelIssue {
  readonly id: string;
  readonly creator: string;
  queue: string;
  title: string;
  state: "OPEN" | "IN_PROGRESS" | "BLOCKED" | "COMPLETED" | "DISCARDED";
  handler: string;
  fence: number;
  lease: ModelLease | null;
  blockedFor: string | null;
  escalation: string | null;
  /** What was escalated as this one. */
  origin: string | null;
  readonly records: ModelRecord[];
}

/** What a command has to answer: an error, or success that changes something or finds it done. */
export interface Prediction {
  readonly error: string | null;
  readonly idempotent: boolean;
  /** Id that a new issue or an escalation names. */
  readonly id: string | null;
  /** The answer is that of an earlier command. */
  readonly remembered?: boolean;
}

const ROOT = "admin";
export const AGENTS: ReadonlySet<string> = new Set(["default", "alice", "bob", "dave"]);
const QUEUES: Readonly<Record<string, { readonly owner: string; readonly prefix: string }>> = {
  questions: { owner: "alice", prefix: "REQ" },
  bob: { owner: "bob", prefix: "BOB" },
  decisions: { owner: "default", prefix: "REQ" },
};
const ACCEPTING: ReadonlySet<Operation> = new Set([
  "complete",
  "confirm",
  "reject",
  "reopen",
  "edit",
  "discard",
]);
const RELEASING: ReadonlySet<Operation> = new Set(["transfer", "complete", "confirm", "reject", "discard"]);
const CHANGED: Prediction = { error: null, idempotent: false, id: null };
const SETTLED: Prediction = { error: null, idempotent: true, id: null };

function refused(error: string): Prediction {
  return { error, idempotent: false, id: null };
}

/** A project with the agents alice, bob and dave, the root admin, and a queue each for alice and bob. */
export class Model {
  readonly issues: ModelIssue[] = [];
  readonly #rules: Rules;
  readonly #numbers = new Map<string, number>();
  readonly #keys = new Map<string, { readonly by: string; readonly prediction: Prediction }>();

  /** The issue that a step changed beside the one it is about. */
  #told: ModelIssue | null = null;

  constructor(rules: Rules = RULES) {
    this.#rules = rules;
  }

  /** The issue that a step is about, null before the first. */
  target(step: Step): ModelIssue | null {
    return this.issues[step.which % Math.max(1, this.issues.length)] ?? null;
  }

  /** Predicts a step and takes it; a change of anybody also releases a few stale leases of other issues. */
  take(step: Step): Prediction {
    const about = step.operation === "new" ? null : this.target(step);
    this.#told = null;
    const prediction = this.#taken(step);
    const isChange = prediction.error === null && !prediction.idempotent && step.operation !== "guardian";
    if (isChange && this.#rules.changesReleaseStale) this.#tidy(about, step);
    return prediction;
  }

  #taken(step: Step): Prediction {
    if (step.operation === "new") return this.#new(step);
    if (step.operation === "guardian") return this.#guardian(step);
    const issue = this.target(step);
    if (issue === null) return refused("NOT_FOUND");
    if (step.operation === "age") return this.#age(issue, step);
    if (step.operation === "amend") return this.#amend(issue, step);
    if (step.operation === "claim") return this.#claim(issue, step);
    if (step.operation === "edit") return this.#edit(issue, step);
    if (step.operation === "escalate") return this.#escalate(issue, step);
    if (step.operation === "release") return this.#release(issue, step);
    return this.#move(issue, step);
  }

  isLive(lease: ModelLease): boolean {
    const heartbeat = AGENTS.has(lease.holder) ? 30 : 17;
    return lease.ageMinutes <= heartbeat * this.#rules.heartbeatsOfGrace;
  }

  #new(step: Step): Prediction {
    return this.#keyed(step, () => {
      if (step.actor !== ROOT && !AGENTS.has(step.actor)) return refused("PERMISSION_DENIED");
      return { ...CHANGED, id: this.#make(step.actor, step.queue, step.text).id };
    });
  }

  #keyed(step: Step, act: () => Prediction): Prediction {
    if (step.key === null) return act();
    const by = `${step.operation} ${step.actor}`;
    const earlier = this.#keys.get(step.key);
    if (earlier !== undefined) {
      if (earlier.by !== by) return refused("ALREADY_EXISTS");
      return { ...earlier.prediction, idempotent: true, remembered: true };
    }
    const prediction = act();
    if (prediction.error === null) this.#keys.set(step.key, { by, prediction });
    return prediction;
  }

  #make(creator: string, queue: string, title: string): ModelIssue {
    const { owner = "", prefix = "" } = QUEUES[queue] ?? {};
    const number = (this.#numbers.get(prefix) ?? 0) + 1;
    this.#numbers.set(prefix, number);
    const issue: ModelIssue = {
      id: `${prefix}-${String(number).padStart(3, "0")}`,
      ...{ creator, queue, title, state: "OPEN", handler: owner, fence: 0 },
      ...{ lease: null, blockedFor: null, escalation: null, origin: null, records: [] },
    };
    this.issues.push(issue);
    return issue;
  }

  #age({ lease }: ModelIssue, step: Step): Prediction {
    if (lease !== null) lease.ageMinutes = step.ageMinutes;
    return SETTLED;
  }

  #guardian(step: Step): Prediction {
    const stale = this.issues.filter(({ lease }) => lease !== null && !this.isLive(lease));
    for (const issue of stale) this.#free(issue, step);
    return stale.length === 0 ? SETTLED : CHANGED;
  }

  #tidy(about: ModelIssue | null, step: Step): void {
    const stale = this.issues
      .filter(
        (issue) =>
          issue !== about && issue !== this.#told && issue.lease !== null && !this.isLive(issue.lease),
      )
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    for (const issue of stale.slice(0, 3)) this.#free(issue, { ...step, actor: "guardian" });
  }

  #claim(issue: ModelIssue, step: Step): Prediction {
    const { lease } = issue;
    if (lease !== null && this.isLive(lease) && this.#isOwn(lease, step)) {
      if (this.#isOldFence(issue, step)) return refused("STALE_FENCE");
      lease.ageMinutes = 0;
      return SETTLED;
    }
    const refusal = this.#refusal(issue, step);
    if (refusal !== null) return refused(refusal);
    if (issue.state === "BLOCKED") return refused("ISSUE_BLOCKED");
    if (issue.state === "COMPLETED") return refused("ALREADY_COMPLETED");
    if (issue.state === "DISCARDED") return refused("ISSUE_DISCARDED");
    const from = lease?.from ?? issue.handler;
    issue.state = "IN_PROGRESS";
    issue.handler = step.actor;
    issue.fence += 1;
    issue.lease = { holder: step.actor, session: step.session, ageMinutes: 0, from };
    issue.records.unshift({ actor: step.actor, operation: "claim", says: "", handler: step.actor });
    return CHANGED;
  }

  #amend(issue: ModelIssue, step: Step): Prediction {
    return this.#keyed(step, () => {
      const refusal = this.#refusal(issue, step);
      if (refusal !== null) return refused(refusal);
      if (issue.state === "DISCARDED") return refused("ISSUE_DISCARDED");
      this.#record(issue, step);
      return CHANGED;
    });
  }

  #edit(issue: ModelIssue, step: Step): Prediction {
    const isSame = issue.title === step.text && issue.queue === step.queue;
    const [newest] = issue.records;
    if (isSame && newest?.operation === "edit" && newest.actor === step.actor) return SETTLED;
    const refusal = this.#refusal(issue, step);
    if (refusal !== null) return refused(refusal);
    if (issue.state === "DISCARDED") return refused("ISSUE_DISCARDED");
    if (isSame) return SETTLED;
    issue.title = step.text;
    issue.queue = step.queue;
    this.#record(issue, step);
    return CHANGED;
  }

  #escalate(issue: ModelIssue, step: Step): Prediction {
    const made = this.issues.find(({ id }) => id === issue.escalation);
    const [newest] = issue.records;
    const again = { ...SETTLED, id: issue.escalation };
    if (newest?.operation === "escalate" && newest.actor === step.actor) return again;
    const refusal = this.#refusal(issue, step);
    if (refusal !== null) return refused(refusal);
    if (made !== undefined && !["COMPLETED", "DISCARDED"].includes(made.state)) return again;
    if (issue.state === "COMPLETED") return refused("ALREADY_COMPLETED");
    if (issue.state === "DISCARDED") return refused("ISSUE_DISCARDED");
    const decision = this.#make(step.actor, "decisions", `升级自 ${issue.id}: ${issue.title}`);
    const { id } = decision;
    decision.origin = issue.id;
    decision.handler = step.actor === ROOT ? OTHER_ROOT : ROOT;
    issue.escalation = id;
    this.#record(issue, step);
    issue.records[0] = { ...issue.records[0], made: id } as ModelRecord;
    return { ...CHANGED, id };
  }

  #release(issue: ModelIssue, step: Step): Prediction {
    const { lease } = issue;
    if (lease === null) return SETTLED;
    if (!this.#isOwn(lease, step) && this.isLive(lease)) {
      if (!step.force) return refused("LOCK_HELD");
      if (step.actor !== ROOT) return refused("PERMISSION_DENIED");
    }
    this.#free(issue, step);
    return CHANGED;
  }

  #move(issue: ModelIssue, step: Step): Prediction {
    const [newest] = issue.records;
    const says = saidBy(step);
    const isRepeat = newest?.operation === step.operation && newest.says === says;
    if (this.#rules.repeatsSettle && isRepeat && newest.actor === step.actor) return SETTLED;
    const refusal = this.#refusal(issue, step);
    if (refusal !== null) return refused(refusal);
    if (this.#isDone(issue, step)) return SETTLED;
    const misfit = this.#misfit(issue, step.operation);
    if (misfit !== null) return refused(misfit);
    const known = AGENTS.has(step.handler) || step.handler === ROOT;
    if (step.operation === "transfer" && !known) return refused("INVALID_AGENT");
    const wasFinished = issue.state === "COMPLETED";
    this.#apply(issue, step);
    const isFinished = issue.state === "COMPLETED" || issue.state === "DISCARDED";
    if (isFinished && !wasFinished) this.#tellOrigin(issue, step);
    return CHANGED;
  }

  #isDone(issue: ModelIssue, step: Step): boolean {
    const { operation } = step;
    if (operation === "complete" || operation === "confirm") return issue.state === "COMPLETED";
    if (operation === "discard") return issue.state === "DISCARDED";
    if (operation === "reopen") return issue.state === "OPEN";
    if (operation === "unblock") return issue.state === "OPEN" || issue.state === "IN_PROGRESS";
    if (operation === "block") return issue.state === "BLOCKED" && issue.blockedFor === step.text;
    if (operation !== "transfer" || step.text !== "") return false;
    return issue.state === "OPEN" && issue.lease === null && issue.handler === step.handler;
  }

  #misfit({ state }: ModelIssue, operation: Operation): string | null {
    if (operation === "unblock") return state === "BLOCKED" ? null : "INVALID_STATE";
    if (state === "DISCARDED" && (this.#rules.discardedIsFinal || operation !== "reopen"))
      return "ISSUE_DISCARDED";
    if (operation === "reopen")
      return state === "COMPLETED" || state === "DISCARDED" ? null : "INVALID_STATE";
    return state === "COMPLETED" && operation !== "discard" ? "ALREADY_COMPLETED" : null;
  }

  #apply(issue: ModelIssue, step: Step): void {
    const { operation } = step;
    if (operation === "block") issue.blockedFor = step.text;
    if (operation === "reject" && this.#rules.rejectGoesBack)
      issue.handler = handlerBefore(issue, step.actor);
    if (operation === "transfer") issue.handler = step.handler;
    if (operation === "unblock" && issue.lease !== null && !this.isLive(issue.lease))
      issue.handler = issue.lease.from;
    const unblocked = issue.lease !== null && this.isLive(issue.lease) ? "IN_PROGRESS" : "OPEN";
    if (operation === "complete" || operation === "confirm") issue.state = "COMPLETED";
    else if (operation === "discard") issue.state = "DISCARDED";
    else if (operation === "block") issue.state = "BLOCKED";
    else issue.state = operation === "unblock" ? unblocked : "OPEN";
    if (RELEASING.has(operation) || issue.state === "OPEN") issue.lease = null;
    this.#record(issue, step);
  }

  /** The end of an escalation is recorded in what was escalated, and unblocks what was blocked then. */
  #tellOrigin(issue: ModelIssue, step: Step): void {
    const origin = this.issues.find(({ id }) => id === issue.origin);
    if (origin === undefined || origin.state === "DISCARDED") return;
    this.#told = origin;
    const escalated = origin.records.findIndex(({ made }) => made === issue.id);
    const blocked = origin.records.findIndex(({ operation }) => operation === "block");
    if (origin.state === "BLOCKED" && blocked > escalated) {
      const isLive = origin.lease !== null && this.isLive(origin.lease);
      origin.state = isLive ? "IN_PROGRESS" : "OPEN";
      if (!isLive && origin.lease !== null) {
        origin.handler = origin.lease.from;
        origin.lease = null;
      }
    }
    origin.records.unshift({ actor: step.actor, operation: "amend", says: "decided", handler: null });
  }

  /** Roles, then the fence, then the lease. */
  #refusal(issue: ModelIssue, step: Step): string | null {
    if (!this.#isAllowed(issue, step)) return "PERMISSION_DENIED";
    if (this.#isOldFence(issue, step)) return "STALE_FENCE";
    const { lease } = issue;
    if (!takesForce(step.operation) || !this.#rules.liveLeaseRefuses) return null;
    if (lease === null || !this.isLive(lease) || this.#isOwn(lease, step)) return null;
    if (!step.force) return "LOCK_HELD";
    return step.actor === ROOT ? null : "PERMISSION_DENIED";
  }

  #isAllowed(issue: ModelIssue, { operation, actor }: Step): boolean {
    if (issue.origin !== null && (operation === "complete" || operation === "confirm"))
      return actor === ROOT || actor === QUEUES.decisions?.owner;
    if (actor === ROOT || actor === QUEUES[issue.queue]?.owner || actor === issue.creator) return true;
    if (operation === "claim" || operation === "amend") return AGENTS.has(actor);
    const blocker = issue.records.find((record) => record.operation === "block")?.actor;
    if (operation === "unblock" && issue.state === "BLOCKED" && blocker === actor) return true;
    const mayAccept = this.#rules.handlerMayAccept || !ACCEPTING.has(operation);
    return mayAccept && actor === issue.handler;
  }

  #isOldFence(issue: ModelIssue, step: Step): boolean {
    return this.#rules.fenceIsChecked && fenceOf(step, issue) !== null && step.fence === "old";
  }

  #isOwn(lease: ModelLease, { actor, session }: Step): boolean {
    const isSameSession = lease.session === null || lease.session === session || !this.#rules.sessionsDiffer;
    return lease.holder === actor && isSameSession;
  }

  #free(issue: ModelIssue, step: Step): void {
    if (issue.lease !== null && this.#rules.releaseGivesBack) issue.handler = issue.lease.from;
    if (issue.state === "IN_PROGRESS" && this.#rules.releaseOpens) issue.state = "OPEN";
    issue.lease = null;
    issue.records.unshift({ actor: step.actor, operation: "release", says: "", handler: null });
  }

  #record(issue: ModelIssue, step: Step): void {
    const handler = step.operation === "transfer" ? step.handler : null;
    issue.records.unshift({ actor: step.actor, operation: step.operation, says: saidBy(step), handler });
    const { lease } = issue;
    const isWorkedOn = issue.state === "IN_PROGRESS" || issue.state === "BLOCKED";
    if (lease !== null && isWorkedOn && this.#isOwn(lease, step)) lease.ageMinutes = 0;
  }
}

/** The fencing token that a step passes, null for none. */
export function fenceOf(step: Step, issue: ModelIssue): number | null {
  if (step.fence === "none" || step.operation === "release") return null;
  return step.fence === "old" ? issue.fence + 7 : issue.fence;
}

/** Whether `--force` means anything to an operation. */
export function takesForce(operation: Operation): boolean {
  return RELEASING.has(operation) || ["claim", "block", "unblock", "edit", "release"].includes(operation);
}

function saidBy(step: Step): string {
  if (step.operation === "unblock" || step.operation === "confirm") return "";
  return step.operation === "transfer" ? `${step.handler}: ${step.text}` : step.text;
}

function handlerBefore(issue: ModelIssue, operator: string): string {
  const names = [issue.handler, ...issue.records.map(({ handler }) => handler)];
  const other = names.find((name) => name !== null && name !== operator);
  return other ?? QUEUES[issue.queue]?.owner ?? "";
}
