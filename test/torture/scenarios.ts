import { BinaryProject } from "../support/binary.ts";
import { type Snapshot, snapshotOf } from "../support/snapshot.ts";

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
}

const TEAM = [
  ["init", "-o", "admin"],
  ["agent", "add", "alice", "-o", "admin"],
  ["agent", "add", "bob", "-o", "admin"],
  ["issue", "new", "questions", "Old issue", "-o", "alice"],
];
const CLAIM = ["issue", "claim", "REQ-001", "-o", "alice"];
const NEXT = ["agent", "add", "alice", "-o", "admin"];

/** One command of each shape: every one of their calls is disturbed. */
export const SHAPES = [
  { name: "claim", steps: TEAM, command: ["--json", ...CLAIM], next: NEXT },
  { name: "new", steps: TEAM, command: ["issue", "new", "reviews", "New issue", "-o", "bob"], next: NEXT },
  {
    name: "complete",
    steps: [...TEAM, CLAIM],
    command: ["issue", "complete", "REQ-001", "Approved", "-o", "alice"],
    next: NEXT,
  },
  { name: "agent add", steps: TEAM, command: ["agent", "add", "carol", "-o", "admin"], next: NEXT },
] as const satisfies readonly Scenario[];

/** Other commands: every tenth of their calls is disturbed. */
export const OTHERS = [
  {
    name: "amend",
    steps: [...TEAM, CLAIM],
    command: ["--json", "issue", "amend", "REQ-001", "line one\nline two", "-o", "alice"],
    next: NEXT,
  },
  {
    name: "amend with a key",
    steps: TEAM,
    command: ["issue", "amend", "REQ-001", "once", "-o", "alice", "--key", "K"],
    next: NEXT,
  },
  {
    name: "new with a key",
    steps: TEAM,
    command: ["issue", "new", "requests", "Fix", "-o", "alice", "--key", "K"],
    next: NEXT,
  },
  {
    name: "claim again",
    steps: [...TEAM, CLAIM],
    command: [...CLAIM],
    next: NEXT,
  },
  {
    name: "transfer",
    steps: [...TEAM, CLAIM],
    command: ["issue", "transfer", "REQ-001", "bob", "please review", "-o", "alice"],
    next: NEXT,
  },
  {
    name: "escalate",
    steps: [...TEAM, CLAIM],
    command: ["issue", "escalate", "REQ-001", "-o", "alice"],
    next: NEXT,
  },
  {
    name: "edit into another queue",
    steps: TEAM,
    command: ["issue", "edit", "REQ-001", "--queue", "reviews", "--priority", "P0", "-o", "alice"],
    next: NEXT,
  },
  {
    name: "lock release",
    steps: [...TEAM, CLAIM],
    command: ["lock", "release", "REQ-001", "-o", "alice"],
    next: NEXT,
  },
  { name: "next", steps: TEAM, command: ["next", "-o", "bob"], next: NEXT },
  {
    name: "summary write",
    steps: [...TEAM, ["daily-summary", "trigger", "-o", "admin"]],
    command: ["daily-summary", "write", "alice", "shipped login"],
    next: NEXT,
  },
  {
    name: "queue create",
    steps: TEAM,
    command: ["queue", "create", "ops", "--owner", "alice", "--sla", "1.5", "-o", "admin"],
    next: NEXT,
  },
  {
    name: "config set",
    steps: TEAM,
    command: ["config", "set", "escalation_queue", "reviews", "-o", "admin"],
    next: NEXT,
  },
  { name: "init", steps: [], command: ["init", "-o", "admin"], next: ["init", "-o", "admin"], repeats: true },
] as const satisfies readonly Scenario[];

/**
 * A change that does somebody else's housekeeping too. Killed, it is whole or not at all; a disk that cannot read
 * the other's files leaves the housekeeping out, with a warning, and that is a third state that is right.
 */
export const WITH_HOUSEKEEPING = [
  {
    name: "a note, and with it the release of a lease that went stale",
    // A heartbeat of six milliseconds: the lease is stale before the next process starts.
    steps: [...TEAM, ["config", "set", "agents.alice.heartbeat_minutes", "0.0001", "-o", "admin"], CLAIM],
    command: ["log", "write", "bob", "note", "something else"],
    next: NEXT,
  },
] as const satisfies readonly Scenario[];

/** A scenario made ready: its project, and the two states that are allowed. */
export interface Stage {
  readonly scenario: Scenario;
  readonly project: BinaryProject;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** Makes the project of a scenario and learns what it looks like before and after the command. */
export async function setStage(scenario: Scenario, binary?: string): Promise<Stage> {
  const project = await BinaryProject.after(scenario.steps, {
    medium: "memory",
    ...(binary === undefined ? {} : { binary }),
  });
  const done = project.copy();
  await done.ok(...scenario.command);
  const stage = { scenario, project, before: snapshotOf(project.root), after: snapshotOf(done.root) };
  done.remove();
  return stage;
}
