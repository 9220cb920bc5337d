import { cpSync, mkdirSync, rmSync } from "node:fs";
import fc from "fast-check";
import {
  fenceOf,
  Model,
  type ModelIssue,
  OPERATIONS,
  type Operation,
  type Prediction,
  RULES,
  type Rules,
  type Step,
  takesForce,
} from "./model.ts";
import { Sandbox } from "./sandbox.ts";

/** Often enough that issues are made, claimed and finished within one run. */
const WEIGHTS: Partial<Record<Operation, number>> = { new: 3, claim: 4, age: 2, complete: 2 };
const EXIT_STATUS: Readonly<Record<string, number>> = { LOCK_HELD: 2, PERMISSION_DENIED: 3 };

/** Steps with few names, texts and keys, so that they meet. */
export const STEPS: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    operation: fc.oneof(
      ...OPERATIONS.map((name) => ({ weight: WEIGHTS[name] ?? 1, arbitrary: fc.constant(name) })),
    ),
    actor: fc.constantFrom("alice", "bob", "dave", "admin", "alice", "bob", "mallory"),
    session: fc.constantFrom(null, null, null, "s1", "s2"),
    which: fc.constantFrom(0, 0, 0, 1, 2, 3),
    text: fc.constantFrom("one", "two"),
    handler: fc.constantFrom("alice", "bob", "dave", "admin", "mallory"),
    queue: fc.constantFrom("questions", "questions", "bob"),
    key: fc.constantFrom(null, null, null, "k1", "k2"),
    fence: fc.constantFrom(
      "none" as const,
      "none" as const,
      "none" as const,
      "current" as const,
      "old" as const,
    ),
    force: fc.constantFrom(false, false, false, true),
    ageMinutes: fc.constantFrom(20, 40, 60),
    dryRunFirst: fc.constantFrom(false, false, false, true),
  }),
  { minLength: 12, maxLength: 48, size: "max" },
);

/** Counts what a run executed. */
export interface Tally {
  commands: number;
  readonly answers: Map<string, number>;
}

/** Projects to run steps in: made once, copied for each run. */
export class ModelRunner {
  readonly tally: Tally = { commands: 0, answers: new Map() };
  readonly #template: Sandbox;

  private constructor(template: Sandbox) {
    this.#template = template;
  }

  static async make(): Promise<ModelRunner> {
    const box = await Sandbox.withTeam();
    await box.ok("agent", "add", "dave", "-o", "admin");
    await box.ok("queue", "set", "questions", "--owner", "alice", "-o", "admin");
    await box.ok("config", "set", "durability", "process", "-o", "admin");
    return new ModelRunner(box);
  }

  remove(): void {
    this.#template.remove();
  }

  /**
   * Takes the steps in the program and in the model.
   * @throws at the first answer or byte that the model did not predict
   */
  async run(steps: readonly Step[], rules: Rules = RULES): Promise<void> {
    const box = new Sandbox();
    try {
      for (const name of ["work", "home"]) {
        rmSync(`${box.base}/${name}`, { recursive: true, force: true });
        mkdirSync(`${box.base}/${name}`);
        cpSync(`${this.#template.base}/${name}`, `${box.base}/${name}`, { recursive: true });
      }
      const model = new Model(rules);
      for (const step of steps) await this.#take(box, model, step);
      await compareIssues(box, model);
    } finally {
      box.remove();
    }
  }

  async #take(box: Sandbox, model: Model, step: Step): Promise<void> {
    const issue = model.target(step);
    if (issue === null && step.operation !== "new") return;
    if (step.operation === "age") age(box, issue, step);
    const argv = argvOf(step, issue);
    const before = box.tree();
    const { session } = step;
    box.env = { ...box.env, MAI_SESSION: session ?? undefined };
    const prediction = model.take(step);
    if (argv.length === 0) return;
    if (step.dryRunFirst) {
      const rehearsal = await this.#json(box, ["--dry-run", ...argv]);
      same(rehearsal.code, exitOf(prediction), `--dry-run ${argv.join(" ")}: ${rehearsal.stdout}`);
      sameTree(box, before, `--dry-run ${argv.join(" ")}`);
    }
    const { code, json, stdout } = await this.#json(box, argv);
    const about = `${argv.join(" ")} (session ${session}): ${stdout}`;
    same(json.error ?? null, prediction.error, about);
    same(code, exitOf(prediction), about);
    const outcome = prediction.error ?? (prediction.idempotent ? "idempotent" : "changed");
    const kind = `${step.operation} ${outcome}`;
    this.tally.answers.set(kind, (this.tally.answers.get(kind) ?? 0) + 1);
    if (prediction.error !== null || prediction.idempotent) sameTree(box, before, about);
    else if (sameBytes(box.tree(), before)) throw new Error(`nothing was written: ${about}`);
    if (prediction.error === null) compareAnswer(model, step, { issue, prediction, json, about });
  }

  #json(box: Sandbox, argv: readonly string[]) {
    this.tally.commands += 1;
    return box.json(...argv);
  }
}

interface Answered {
  readonly issue: ModelIssue | null;
  readonly prediction: Prediction;
  readonly json: ReturnType<typeof JSON.parse>;
  readonly about: string;
}

function compareAnswer(model: Model, step: Step, { issue, prediction, json, about }: Answered): void {
  if (step.operation === "guardian") return;
  same(json.idempotent, prediction.idempotent, about);
  if (step.operation === "new") same(json.issue_id, prediction.id, about);
  if (step.operation === "escalate") same(json.new_id, prediction.id, about);
  if (issue === null || step.operation === "new" || prediction.remembered === true) return;
  same(json.status, issue.state, about);
  same(json.owner, issue.handler, about);
  same(json.fence ?? 0, issue.fence, about);
  same(json.holder, issue.lease !== null && model.isLive(issue.lease) ? issue.lease.holder : null, about);
}

/** At the end every issue is what the model says, with as many records and the same lease. */
async function compareIssues(box: Sandbox, model: Model): Promise<void> {
  if (model.issues.length === 0) return;
  const { json } = await box.ok("issue", "show", ...model.issues.map(({ id }) => id));
  const told = (json.issues ?? [json]).map(({ issue, lock }: ReturnType<typeof JSON.parse>) =>
    [issue.id, issue.queue, issue.title, issue.status, issue.handler, issue.creator, issue.fence ?? 0]
      .concat([issue.records.length, lock?.holder ?? "", lock?.session ?? "", lock?.stale ?? ""])
      .join(" | "),
  );
  const expected = model.issues.map(({ lease, ...issue }) =>
    [issue.id, issue.queue, issue.title, issue.state, issue.handler, issue.creator, issue.fence]
      .concat([issue.records.length + 1, lease?.holder ?? "", lease?.session ?? ""])
      .concat(lease === null ? "" : [String(!model.isLive(lease))])
      .join(" | "),
  );
  same(told.join("\n"), expected.join("\n"), "the issues at the end");
}

function argvOf(step: Step, issue: ModelIssue | null): readonly string[] {
  const { operation, actor, text, queue, key } = step;
  const signed = ["-o", actor];
  const keyed = key === null ? [] : ["--key", key];
  if (operation === "age") return [];
  if (operation === "guardian") return ["lock", "guardian"];
  if (operation === "new") return ["issue", "new", queue, text, ...signed, ...keyed];
  if (issue === null) return [];
  const forced = step.force && takesForce(operation);
  if (operation === "release") return ["lock", "release", issue.id, ...signed, ...(forced ? ["--yes"] : [])];
  const fence = fenceOf(step, issue);
  const options = [
    ...signed,
    ...(forced ? ["--force"] : []),
    ...(fence === null ? [] : ["--fence", String(fence)]),
  ];
  if (operation === "amend") return ["issue", "amend", issue.id, text, ...options, ...keyed];
  if (operation === "edit") return ["issue", "edit", issue.id, "--title", text, "--queue", queue, ...options];
  if (operation === "transfer") return ["issue", "transfer", issue.id, step.handler, text, ...options];
  const takesText = ["block", "complete", "reject", "reopen", "discard"].includes(operation);
  return ["issue", operation, issue.id, ...(takesText ? [text] : []), ...options];
}

function age(box: Sandbox, issue: ModelIssue | null, step: Step): void {
  if (issue?.lease) box.age(`.mai/locks/${issue.id}.lock`, step.ageMinutes);
}

function exitOf({ error }: Prediction): number {
  return error === null ? 0 : (EXIT_STATUS[error] ?? 1);
}

function same(actual: unknown, expected: unknown, about: string): void {
  if (actual !== expected) throw new Error(`the program says ${actual}, the model ${expected}; at ${about}`);
}

function sameTree(box: Sandbox, before: ReadonlyMap<string, string>, about: string): void {
  if (!sameBytes(box.tree(), before)) throw new Error(`files changed: ${about}`);
}

function sameBytes(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text);
}
