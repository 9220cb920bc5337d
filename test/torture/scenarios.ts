import { readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BinaryProject } from "../support/binary.ts";
import { differences, type Snapshot, snapshotOf } from "../support/snapshot.ts";

/** A command to be disturbed, and what goes before it. */
export interface Scenario {
  readonly name: string;
  /** Command lines that make the project; each must succeed. */
  readonly steps: readonly (readonly string[])[];
  readonly command: readonly string[];
  /** The writer that comes after the disturbance and finds nothing to do. */
  readonly next: readonly string[];
  /** Whether `next` does the very same thing, so that the state after is the only good one. */
  readonly repeats?: boolean;
  /** Whether the command takes the project away. */
  readonly deletes?: boolean;
  /** Files of the user's that lie in the project's directory. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether the command leaves every file as it is but for times. */
  readonly changesNothing?: boolean;
  /** What no command can make: it changes the project's files after the steps. */
  readonly prepare?: (root: string) => void;
}

const TEAM = [
  ["init", "-o", "admin"],
  ["agent", "add", "alice", "-o", "admin"],
  ["agent", "add", "bob", "-o", "admin"],
  ["issue", "new", "questions", "Old issue", "-o", "alice"],
];
const CLAIM = ["issue", "claim", "REQ-001", "-o", "alice"];
const CLAIMED = [...TEAM, CLAIM];
const TRIGGERED = [...TEAM, ["daily-summary", "trigger", "-o", "admin"]];
const FINISHED = [...TEAM, ["issue", "complete", "REQ-001", "Approved", "-o", "alice"]];
const ARCHIVE = ["archive", "--before", "2999-01-01", "-o", "admin"];
const DELETE = ["project", "delete", ".", "--yes", "-o", "admin"];
const NEXT = ["agent", "add", "alice", "-o", "admin"];
const CHECKED = ["issue", "new", "questions", "Two", "-o", "alice", "--accept", "tests pass"];
/** A heartbeat of six milliseconds, so that a lease of nine is stale at once; {@link waitUntilStale} makes sure of it. */
const HASTY = ["config", "set", "agents.alice.heartbeat_minutes", "0.0001", "-o", "admin"];
const HASTY_LEASE_MS = 9;
const TEAM_FILE = '[queues.questions]\nowner = "bob"\nsla_minutes = 30\n\n[agents.carol]\n';

const PLAN = [
  { command: "issue new", queue: "reviews", title: "One" },
  { command: "issue new", queue: "requests", title: "Two", ref: "$1" },
  { command: "issue claim", id: "$2" },
  { command: "issue complete", id: "REQ-001", conclusion: "Approved" },
  { command: "issue edit", id: "$1", queue: "decisions" },
];

/** Many changes in one. */
export const BATCH = on(CLAIMED, "batch", ["batch", "plan.jsonl", "-o", "alice", "--key", "K"], {
  files: { "plan.jsonl": PLAN.map((line) => `${JSON.stringify(line)}\n`).join("") },
});

/** Logs that are compressed, each in the place of its plain one. */
export const ARCHIVE_OF_LOGS = on(TEAM, "archive of logs", ARCHIVE, { prepare: backdateLogs });

/** One command of each shape: every one of their calls is disturbed. */
export const SHAPES = [
  on(TEAM, "claim", ["--json", ...CLAIM]),
  on(TEAM, "new", ["issue", "new", "reviews", "New issue", "-o", "bob"]),
  on(CLAIMED, "complete", ["issue", "complete", "REQ-001", "Approved", "-o", "alice"]),
  on(CLAIMED, "transfer", ["issue", "transfer", "REQ-001", "bob", "please review", "-o", "alice"]),
  on(TRIGGERED, "summary write", ["daily-summary", "write", "alice", "shipped login"]),
  on(TEAM, "agent add", ["agent", "add", "carol", "-o", "admin"]),
  on(TEAM, "config apply", ["config", "apply", "mai.toml", "-o", "admin"], {
    files: { "mai.toml": TEAM_FILE },
  }),
  on(CLAIMED, "project delete", [...DELETE, "--no-backup"], { deletes: true }),
] as const satisfies readonly Scenario[];

/**
 * All other commands that change a project: every tenth of their calls is disturbed. One line for each; a command that
 * changes something and stands neither here nor in {@link WITHOUT_SCENARIO} fails a test.
 */
export const OTHERS: readonly Scenario[] = [
  BATCH,
  on([...CLAIMED, ["issue", "transfer", "REQ-001", "bob", "-o", "alice"]], "undo", ["undo", "-o", "alice"]),
  on(CLAIMED, "amend", ["--json", "issue", "amend", "REQ-001", "line one\nline two", "-o", "alice"]),
  on(TEAM, "amend with a key", ["issue", "amend", "REQ-001", "once", "-o", "alice", "--key", "K"]),
  on(TEAM, "new with a key", ["issue", "new", "requests", "Fix", "-o", "alice", "--key", "K"]),
  on(CLAIMED, "claim again", CLAIM, { changesNothing: true }),
  on(CLAIMED, "block", ["issue", "block", "REQ-001", "no access", "-o", "alice"]),
  on(CLAIMED, "escalate", ["issue", "escalate", "REQ-001", "-o", "alice"]),
  on(TEAM, "edit into another queue", [
    ...["issue", "edit", "REQ-001", "--queue", "reviews", "--priority", "P0", "-o", "alice"],
  ]),
  on(TEAM, "label", ["issue", "label", "REQ-001", "+api", "-o", "alice"]),
  on([...TEAM, CHECKED], "check", ["issue", "check", "REQ-002", "1", "-o", "alice"]),
  on([...TEAM, CHECKED], "depend", ["issue", "depend", "REQ-002", "--on", "REQ-001", "-o", "alice"]),
  on(TEAM, "new that waits", ["issue", "new", "reviews", "Later", "-o", "bob", "--blocked-by", "REQ-001"]),
  on(CLAIMED, "lock release", ["lock", "release", "REQ-001", "-o", "alice"]),
  on([...TEAM, HASTY, CLAIM], "lock guardian", ["lock", "guardian"], { prepare: waitUntilStale }),
  on(TEAM, "next", ["next", "-o", "bob"]),
  on(TEAM, "log write", ["log", "write", "bob", "note", "seen", "-o", "bob"]),
  on([...TEAM, ["log", "write", "bob", "note", "seen", "-o", "bob"]], "log undo", [
    "log",
    "undo",
    "-o",
    "bob",
  ]),
  on(TEAM, "summary trigger", ["daily-summary", "trigger", "-o", "admin"]),
  on(TRIGGERED, "summary reset", ["daily-summary", "reset", "-o", "admin"]),
  on(TEAM, "agent remove", ["agent", "remove", "bob", "-o", "admin"]),
  on(TEAM, "queue create", ["queue", "create", "ops", "--owner", "alice", "--sla", "1.5", "-o", "admin"]),
  on(TEAM, "queue set", ["queue", "set", "questions", "--owner", "bob", "-o", "admin"]),
  on(TEAM, "queue remove", ["queue", "remove", "reports", "-o", "admin"]),
  on(TEAM, "config set", ["config", "set", "escalation_queue", "reviews", "-o", "admin"]),
  on(CLAIMED, "project delete with a backup", DELETE, { deletes: true }),
  on(FINISHED, "archive", ARCHIVE),
  ARCHIVE_OF_LOGS,
  on([...FINISHED, ARCHIVE], "reopen from the archive", ["issue", "reopen", "REQ-001", "no", "-o", "alice"]),
  on(TEAM, "onboard", ["onboard"], { files: { "AGENTS.md": "# Rules\n" } }),
  on([], "init", ["init", "-o", "admin"], { next: ["init", "-o", "admin"], repeats: true }),
];

/** Two commands in a row: what the first one left to the disk's pleasure must not hurt the second. */
export const PAIRS: readonly (readonly [first: Scenario, second: Scenario["command"]])[] = [
  [SHAPES[0], ["issue", "amend", "REQ-001", "half done", "-o", "alice"]],
  [SHAPES[1], ["issue", "new", "reviews", "One more", "-o", "bob"]],
  [SHAPES[2], ["issue", "reopen", "REQ-001", "not yet", "-o", "alice"]],
  [SHAPES[3], ["issue", "claim", "REQ-001", "-o", "bob"]],
  [SHAPES[5], ["agent", "remove", "carol", "-o", "admin"]],
];

/** Commands that change something and are disturbed nowhere here, and why that is no gap. */
export const WITHOUT_SCENARIO: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["unblock", "confirm", "reject", "discard"].map((verb) => [
      `issue ${verb}`,
      "a row of the table of transitions, as block, transfer and complete are",
    ]),
  ),
  "issue run":
    "runs another command; its claim and hand-over are those of claim and transfer, its kills are in test/binary",
  "project init": "is init in another directory",
  import: "is a batch of issue new, transfer, block and complete",
  setup: "writes one file of the home, by one rename",
  "project prune": "writes one file of the home, by one rename",
  "project trust": "writes one file of the home, by one rename",
  "lock renew": "changes the time of a file and nothing else",
  doctor: "--fix is one change of whole files; test/cli/doctor takes it through every kind of damage",
};

/**
 * Commands whose change is not what they were asked for: somebody else's housekeeping, a report that is kept beside the
 * answer. Killed, it is whole or not at all; a disk that does not let it happen leaves it out, with a warning, and that
 * is a third state that is right.
 */
export const WITH_HOUSEKEEPING: readonly Scenario[] = [
  on(
    [...TEAM, HASTY, CLAIM],
    "a note, and with it the release of a lease that went stale",
    ["log", "write", "bob", "note", "something else"],
    { prepare: waitUntilStale },
  ),
  on([...TRIGGERED, ["daily-summary", "write", "alice", "much"]], "summary read", [
    ...["daily-summary", "read", "--all"],
  ]),
];

/** One scenario in one line: what goes before, its name, the command. */
function on(
  steps: Scenario["steps"],
  name: string,
  command: Scenario["command"],
  more: Partial<Scenario> = {},
): Scenario {
  return { steps, name, command, next: NEXT, ...more };
}

/** Makes today's logs those of a day long ago. */
function backdateLogs(root: string): void {
  for (const [directory, ending] of [
    [".mai/events", ".jsonl"],
    [".mai/history", ".log"],
    ["async/history", ".log"],
  ] as const) {
    for (const name of readdirSync(join(root, directory)).filter((entry) => entry.endsWith(ending)))
      renameSync(join(root, directory, name), join(root, directory, `2020-01-01${ending}`));
  }
}

/** Lets a hasty lease run out, however quickly the next process would come. */
function waitUntilStale(): void {
  Bun.sleepSync(HASTY_LEASE_MS + 1);
}

/** A scenario made ready: its project, and the two states that are allowed. */
export interface Stage {
  readonly scenario: Scenario;
  readonly project: BinaryProject;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/**
 * Makes the project of a scenario and learns what it looks like before and after the command.
 * @throws Error where the command did nothing of what the scenario is about
 */
export async function setStage(scenario: Scenario, binary?: string): Promise<Stage> {
  const project = await BinaryProject.after(scenario.steps, {
    medium: "memory",
    ...(binary === undefined ? {} : { binary }),
  });
  for (const [name, text] of Object.entries(scenario.files ?? {}))
    writeFileSync(join(project.root, name), text);
  scenario.prepare?.(project.root);
  const done = project.copy();
  await done.ok(...scenario.command);
  const stage = { scenario, project, before: snapshotOf(project.root), after: snapshotOf(done.root) };
  done.remove();
  const isSame = differences(stage.before, stage.after).length === 0;
  if (isSame !== (scenario.changesNothing ?? false))
    throw new Error(`'${scenario.name}' ${isSame ? "changed nothing" : "changed something"}`);
  return stage;
}
