import type { Sandbox } from "./sandbox.ts";

/** A command that changes something, in a situation in which it does. */
export interface ChangingCommand {
  /** The situation, on top of {@link prepareTeam}. */
  readonly before?: (box: Sandbox) => unknown;
  readonly argv: readonly string[];
  /** The same command, in words that are refused in that situation. */
  readonly refused: readonly string[];
  /** What doing it twice comes to: the same again (and exit status 0), once more, or a refusal. */
  readonly twice: "settled" | "acts" | "refused";
}

const CLAIMED = (box: Sandbox) => box.ok("issue", "claim", "REQ-001", "-o", "alice");
const COMPLETED = (box: Sandbox) => box.ok("issue", "complete", "REQ-001", "done", "-o", "admin");
const TRIGGERED = (box: Sandbox) => box.ok("daily-summary", "trigger", "-o", "admin");

/** Every command that changes files; a new command has to stand here or in {@link READING}. */
export const CHANGING: Readonly<Record<string, ChangingCommand>> = {
  init: {
    before: (box) => box.delete(".mai"),
    argv: ["init", "-o", "admin"],
    refused: ["init", "-o", "a/b"],
    twice: "settled",
  },
  setup: {
    before: (box) => box.delete("../home/.mai-cli"),
    argv: ["setup", "--root", "zoe"],
    refused: ["setup", "--root", "a/b"],
    twice: "settled",
  },
  "project init": {
    argv: ["project", "init", "inner", "-o", "admin"],
    refused: ["project", "init", "inner", "-o", "a/b"],
    twice: "settled",
  },
  "project prune": {
    before: async (box) => {
      await box.ok("project", "init", "gone", "-o", "admin");
      box.delete("gone");
    },
    argv: ["project", "prune"],
    refused: ["project", "prune", "now"],
    twice: "settled",
  },
  "project trust": {
    argv: ["project", "trust", "."],
    refused: ["project", "trust", "nowhere"],
    twice: "settled",
  },
  "project delete": {
    argv: ["project", "delete", ".", "-o", "admin", "--yes"],
    refused: ["project", "delete", ".", "-o", "bob", "--yes"],
    twice: "refused",
  },
  "agent add": {
    argv: ["agent", "add", "carol", "-o", "admin"],
    refused: ["agent", "add", "carol", "-o", "bob"],
    twice: "settled",
  },
  "agent remove": {
    argv: ["agent", "remove", "bob", "-o", "admin"],
    refused: ["agent", "remove", "nobody", "-o", "admin"],
    twice: "settled",
  },
  onboard: {
    argv: ["onboard"],
    refused: ["onboard", "now"],
    twice: "settled",
  },
  "issue new": {
    argv: ["issue", "new", "questions", "Two", "-o", "bob"],
    refused: ["issue", "new", "nowhere", "Two", "-o", "bob"],
    twice: "acts",
  },
  "issue claim": {
    argv: ["issue", "claim", "REQ-001", "-o", "alice"],
    refused: ["issue", "claim", "REQ-001", "-o", "stranger"],
    twice: "settled",
  },
  "issue amend": {
    argv: ["issue", "amend", "REQ-001", "seen", "-o", "alice"],
    refused: ["issue", "amend", "REQ-001", "", "-o", "alice"],
    twice: "acts",
  },
  "issue block": move("block", ["stuck"]),
  "issue unblock": {
    ...move("unblock", []),
    before: (box) => box.ok("issue", "block", "REQ-001", "x", "-o", "admin"),
  },
  "issue transfer": move("transfer", ["bob", "yours"]),
  "issue complete": move("complete", ["done"]),
  "issue confirm": move("confirm", []),
  "issue reject": move("reject", ["not yet"]),
  "issue reopen": { ...move("reopen", ["broken"]), before: COMPLETED },
  "issue escalate": move("escalate", []),
  "issue discard": move("discard", ["not needed"]),
  "issue edit": move("edit", ["--title", "Three", "--priority", "P0"]),
  "issue check": {
    before: (box) => box.ok("issue", "new", "questions", "Two", "--accept", "tests pass", "-o", "admin"),
    argv: ["issue", "check", "REQ-002", "1", "-o", "admin"],
    refused: ["issue", "check", "REQ-002", "2", "-o", "admin"],
    twice: "settled",
  },
  "issue label": move("label", ["+api", "-ui"]),
  "issue depend": {
    before: (box) => box.ok("issue", "new", "questions", "Two", "-o", "admin"),
    argv: ["issue", "depend", "REQ-001", "--on", "REQ-002", "-o", "admin"],
    refused: ["issue", "depend", "REQ-001", "--on", "REQ-001", "-o", "admin"],
    twice: "settled",
  },
  undo: {
    before: (box) => box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice"),
    argv: ["undo", "-o", "alice"],
    refused: ["undo", "-o", "stranger"],
    twice: "refused",
  },
  import: {
    before: (box) => box.write("plan.csv", "id,title,queue\n1,Plan it,questions\n"),
    argv: ["import", "csv", "plan.csv", "-o", "alice"],
    refused: ["import", "csv", "none.csv", "-o", "alice"],
    twice: "settled",
  },
  batch: {
    before: (box) =>
      box.write(
        "plan.jsonl",
        '{"command":"issue new","queue":"questions","title":"Two"}\n{"command":"issue claim","id":"$1"}\n',
      ),
    argv: ["batch", "plan.jsonl", "-o", "alice"],
    refused: ["batch", "none.jsonl", "-o", "alice"],
    twice: "acts",
  },
  "issue run": {
    argv: ["issue", "run", "REQ-001", "-o", "alice", "--", "true"],
    refused: ["issue", "run", "REQ-009", "-o", "alice", "--", "true"],
    twice: "settled",
  },
  next: {
    argv: ["next", "--any", "-o", "alice"],
    refused: ["next", "--queue", "nowhere", "-o", "alice"],
    twice: "settled",
  },
  "log write": {
    argv: ["log", "write", "alice", "note", "seen", "-o", "alice"],
    refused: ["log", "write", "alice", "note", "", "-o", "alice"],
    twice: "acts",
  },
  "log undo": {
    before: (box) => box.ok("log", "write", "alice", "note", "seen", "-o", "alice"),
    argv: ["log", "undo", "-o", "alice"],
    refused: ["log", "undo", "-o", "bob"],
    twice: "refused",
  },
  "daily-summary trigger": {
    argv: ["daily-summary", "trigger", "-o", "admin"],
    refused: ["daily-summary", "trigger", "-o", "a/b"],
    twice: "settled",
  },
  "daily-summary write": {
    before: TRIGGERED,
    argv: ["daily-summary", "write", "alice", "much", "-o", "alice"],
    refused: ["daily-summary", "write", "nobody", "much", "-o", "alice"],
    twice: "settled",
  },
  "daily-summary read": {
    before: async (box) => {
      await TRIGGERED(box);
      await box.ok("daily-summary", "write", "alice", "much", "-o", "alice");
    },
    argv: ["daily-summary", "read", "--all"],
    refused: ["daily-summary", "read", "nobody"],
    twice: "settled",
  },
  "daily-summary reset": {
    before: TRIGGERED,
    argv: ["daily-summary", "reset", "-o", "admin"],
    refused: ["daily-summary", "reset", "-o", "a/b"],
    twice: "settled",
  },
  "queue create": {
    argv: ["queue", "create", "ops", "--owner", "bob", "-o", "admin"],
    refused: ["queue", "create", "ops", "--owner", "bob", "-o", "bob"],
    twice: "settled",
  },
  "queue set": {
    argv: ["queue", "set", "questions", "--owner", "bob", "-o", "admin"],
    refused: ["queue", "set", "nowhere", "--owner", "bob", "-o", "admin"],
    twice: "settled",
  },
  "queue remove": {
    argv: ["queue", "remove", "reports", "-o", "admin"],
    refused: ["queue", "remove", "questions", "-o", "admin"],
    twice: "settled",
  },
  "config set": {
    argv: ["config", "set", "language", "en", "-o", "admin"],
    refused: ["config", "set", "language", "fr", "-o", "admin"],
    twice: "settled",
  },
  "config apply": {
    before: (box) => box.write("mai.toml", '[queues.questions]\nowner = "bob"\n'),
    argv: ["config", "apply", "mai.toml", "-o", "admin"],
    refused: ["config", "apply", "none.toml", "-o", "admin"],
    twice: "settled",
  },
  "lock renew": {
    before: CLAIMED,
    argv: ["lock", "renew", "REQ-001", "-o", "alice"],
    refused: ["lock", "renew", "REQ-001", "-o", "bob"],
    twice: "settled",
  },
  "lock release": {
    before: CLAIMED,
    argv: ["lock", "release", "REQ-001", "-o", "alice"],
    refused: ["lock", "release", "REQ-001", "-o", "bob"],
    twice: "settled",
  },
  "lock guardian": {
    before: async (box) => {
      await CLAIMED(box);
      box.age(".mai/locks/REQ-001.lock", 60);
    },
    argv: ["lock", "guardian"],
    refused: ["lock", "guardian", "--interval", "no"],
    twice: "settled",
  },
  archive: {
    before: COMPLETED,
    argv: ["archive", "--before", "2999-01-01", "-o", "admin"],
    refused: ["archive", "--before", "2999-01-01", "-o", "bob"],
    twice: "settled",
  },
  doctor: {
    before: (box) => box.delete("async/questions/REQ-001.md"),
    argv: ["doctor", "--fix", "-o", "admin"],
    refused: ["doctor", "--fix", "-o", "a/b"],
    twice: "settled",
  },
};

/** Every command that changes nothing; null where trying it takes other processes, or time. */
export const READING: Readonly<Record<string, readonly string[] | null>> = {
  status: ["status"],
  "project list": ["project", "list"],
  "agent list": ["agent", "list"],
  "issue submit-to-creator": ["issue", "submit-to-creator", "REQ-001"],
  "issue show": ["issue", "show", "REQ-001"],
  "issue status": ["issue", "status", "REQ-001"],
  graph: ["graph", "--mermaid"],
  "issue list": ["issue", "list"],
  "queue check": ["queue", "check"],
  "queue blockers": ["queue", "blockers"],
  wait: ["wait", "-o", "alice"],
  events: ["events"],
  mcp: ["mcp", "-o", "alice"],
  prime: ["prime", "-o", "alice"],
  guide: ["guide", "claim"],
  stats: ["stats"],
  "log history": ["log", "history"],
  "daily-summary status": ["daily-summary", "status"],
  "escalation gen": ["escalation", "gen", "REQ-001"],
  "exec safe-check": ["exec", "safe-check", "ls"],
  "config show": ["config", "show"],
  "config get": ["config", "get", "language"],
  "lock check": ["lock", "check", "REQ-001"],
  "selftest race": null,
  "selftest flock": null,
  help: ["help", "issue", "claim"],
  schema: ["schema", "issue", "claim"],
  completions: ["completions", "bash"],
  "complete-words": ["complete-words", "--", "mai", "issue", "claim", ""],
};

/** The team of the sandbox with an issue REQ-001 in it, which alice handles. */
export async function prepareTeam(box: Sandbox): Promise<void> {
  box.env = { ...box.env, PATH: process.env.PATH };
  await box.ok("setup", "--root", "admin");
  await box.ok("init", "-o", "admin");
  await box.ok("agent", "add", "alice", "-o", "admin");
  await box.ok("agent", "add", "bob", "-o", "admin");
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
  await box.ok("issue", "transfer", "REQ-001", "alice", "-o", "admin");
}

/** One operation on REQ-001 that a root may do and a stranger may not. */
function move(verb: string, rest: readonly string[]): ChangingCommand {
  return {
    argv: ["issue", verb, "REQ-001", ...rest, "-o", "admin"],
    refused: ["issue", verb, "REQ-001", ...rest, "-o", "stranger"],
    twice: "settled",
  };
}
