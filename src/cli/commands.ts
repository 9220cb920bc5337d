import type { TransitionName } from "../domain/operations.ts";
import type { CommandEntry, CommandTree } from "./define-command.ts";

/** Every command by its words; the order is that of the help. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  init: { line: "Make this directory a project", load: () => import("./init.ts") },
  status: { line: "How the project stands", load: () => import("./status.ts") },
  setup: { line: "Make the global home (~/.mai-cli)", load: () => import("./setup.ts") },
  "project init": { line: "Make a directory a project", load: () => import("./project/init.ts") },
  "project list": { line: "List the registered projects", load: () => import("./project/list.ts") },
  "project delete": { line: "Delete a project", load: () => import("./project/delete.ts") },
  "agent add": { line: "Register an agent and make its queue", load: () => import("./agent/add.ts") },
  "agent list": { line: "List the agents", load: () => import("./agent/list.ts") },
  "agent remove": { line: "Take an agent out of the settings", load: () => import("./agent/remove.ts") },
  "issue new": { line: "Make an issue", load: () => import("./issue/new.ts") },
  "issue claim": { line: "Take an issue, exclusively", load: () => import("./issue/claim.ts") },
  "issue amend": { line: "Add a remark", load: () => import("./issue/amend.ts") },
  "issue block": { line: "Say that you cannot go on", load: transition("block") },
  "issue unblock": { line: "Say that the obstacle is gone", load: transition("unblock") },
  "issue transfer": { line: "Hand an issue to somebody else", load: transition("transfer") },
  "issue complete": { line: "Accept an issue's work", load: transition("complete") },
  "issue confirm": { line: "Accept it without a conclusion", load: transition("confirm") },
  "issue reject": { line: "Send the work back", load: transition("reject") },
  "issue reopen": { line: "Open a completed issue again", load: transition("reopen") },
  "issue escalate": { line: "Ask for a decision, urgently", load: () => import("./issue/escalate.ts") },
  "issue discard": { line: "Drop an issue for good", load: transition("discard") },
  "issue edit": {
    line: "Change title, body, priority, reference, queue",
    load: () => import("./issue/edit.ts"),
  },
  "issue label": { line: "Put labels onto an issue, take them off", load: () => import("./issue/label.ts") },
  "issue check": { line: "Tick items of the check list", load: () => import("./issue/check.ts") },
  "issue depend": { line: "Make an issue wait for others", load: () => import("./issue/depend.ts") },
  undo: { line: "Take your last change back", load: () => import("./undo.ts") },
  batch: { line: "Do many things at once, or none", load: () => import("./batch.ts") },
  import: { line: "Take issues from beads or a CSV file", load: () => import("./import.ts") },
  "issue submit-to-creator": {
    hidden: true,
    line: "Replaced by issue transfer",
    load: () => import("./issue/submit-to-creator.ts"),
  },
  "issue run": { line: "Hold an issue while a command runs", load: () => import("./issue/run.ts") },
  "issue show": { line: "Show issues whole", load: () => import("./issue/show.ts") },
  "issue status": { line: "Show the records of an issue", load: () => import("./issue/status.ts") },
  "issue list": { line: "List issues", load: () => import("./issue/list.ts") },
  "queue check": { line: "What waits in the queues", load: () => import("./queue/check.ts") },
  next: { line: "Take what to work on next", load: () => import("./next.ts") },
  wait: { line: "Sleep until there is work", load: () => import("./wait.ts") },
  events: { line: "Read or follow the event stream", load: () => import("./events.ts") },
  graph: { line: "What waits for what", load: () => import("./graph.ts") },
  mcp: { line: "Serve the loop as tools of a protocol (MCP)", load: () => import("./mcp.ts") },
  prime: { line: "Who you are, what you hold, what to type", load: () => import("./prime.ts") },
  guide: { line: "Short guides: claim, handoff, review, recover", load: () => import("./guide.ts") },
  onboard: { line: "Tell agents of mai in AGENTS.md", load: () => import("./onboard.ts") },
  stats: { line: "Throughput, waiting times, SLA misses", load: () => import("./stats.ts") },
  "log history": { line: "Show a day's audit log", load: () => import("./log/history.ts") },
  "log write": { line: "Add a note to the audit log", load: () => import("./log/write.ts") },
  "log undo": { line: "Take your last note back", load: () => import("./log/undo.ts") },
  "daily-summary trigger": {
    line: "Start today's round of summaries",
    load: () => import("./daily-summary/trigger.ts"),
  },
  "daily-summary status": { line: "Who has written", load: () => import("./daily-summary/status.ts") },
  "daily-summary write": { line: "Write a summary", load: () => import("./daily-summary/write.ts") },
  "daily-summary read": { line: "Read summaries", load: () => import("./daily-summary/read.ts") },
  "daily-summary reset": { line: "Drop the round", load: () => import("./daily-summary/reset.ts") },
  "escalation gen": { line: "A report on a stuck issue", load: () => import("./escalation/gen.ts") },
  "exec safe-check": { line: "Is this shell command harmless?", load: () => import("./exec/safe-check.ts") },
  "queue blockers": { line: "What is blocked, and why", load: () => import("./queue/blockers.ts") },
  "queue create": { line: "Make a queue", load: () => import("./queue/create.ts") },
  "queue set": { line: "Change a queue", load: () => import("./queue/set.ts") },
  "queue remove": { line: "Remove an empty queue", load: () => import("./queue/remove.ts") },
  "config show": { line: "Show the settings", load: () => import("./config/show.ts") },
  "config get": { line: "Show one setting", load: () => import("./config/get.ts") },
  "config set": { line: "Change one setting", load: () => import("./config/set.ts") },
  "config apply": { line: "Merge a team file into the settings", load: () => import("./config/apply.ts") },
  "lock check": { line: "Who holds an issue, for how long", load: () => import("./lock/check.ts") },
  "lock renew": { line: "Start the time of your leases again", load: () => import("./lock/renew.ts") },
  "lock release": { line: "Give an issue back", load: () => import("./lock/release.ts") },
  "lock guardian": { line: "Release leases that went stale", load: () => import("./lock/guardian.ts") },
  archive: { line: "Move finished issues and old logs away", load: () => import("./archive.ts") },
  doctor: { line: "Say what is wrong in the project, and mend it", load: () => import("./doctor.ts") },
  "selftest race": { line: "Prove the locks of a file system", load: () => import("./selftest/race.ts") },
  "selftest flock": {
    hidden: true,
    line: "Try the lock of a project once",
    load: () => import("./selftest/flock.ts"),
  },
  help: { line: "What there is to type", load: () => import("./help.ts") },
  completions: { line: "Completions for bash, zsh and fish", load: () => import("./completions.ts") },
  "complete-words": {
    hidden: true,
    line: "What may be typed next",
    load: () => import("./complete-words.ts"),
  },
};

/** The simple operations are rows of one table. */
function transition(name: TransitionName): CommandEntry["load"] {
  return async () => ({ command: (await import("./issue/transitions.ts")).transitionCommand(name) });
}

/** What the groups of commands are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  agent: "Who works here",
  config: "Settings of the project",
  issue: "Work: make, claim, hand over, finish",
  project: "Projects of this machine",
  lock: "Leases: who holds what, for how long",
  queue: "Lists of issues and their owners",
  log: "What happened, line by line",
  "daily-summary": "What each agent did today",
  escalation: "What a person should look at",
  exec: "Before a command is run",
  selftest: "Proofs on your own file system",
};

/** All that can be typed. */
export const COMMAND_TREE: CommandTree = { commands: COMMANDS, groups: GROUPS };
