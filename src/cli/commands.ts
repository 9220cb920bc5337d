import type { AnyCommand } from "./define-command.ts";

/** How a command is found: a line for overviews, and the module, loaded only when it is wanted. */
export interface CommandEntry {
  readonly line: string;
  readonly load: () => Promise<{ readonly command: AnyCommand }>;
}

/** Every command by its words; the order is that of the help. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  init: { line: "Make this directory a project", load: () => import("./init.ts") },
  "agent add": { line: "Register an agent and make its queue", load: () => import("./agent/add.ts") },
  "agent list": { line: "List the agents", load: () => import("./agent/list.ts") },
  "issue new": { line: "Make an issue", load: () => import("./issue/new.ts") },
  "issue claim": { line: "Take an issue, exclusively", load: () => import("./issue/claim.ts") },
  "issue amend": { line: "Add a remark", load: () => import("./issue/amend.ts") },
  "issue complete": { line: "Accept an issue's work", load: () => import("./issue/complete.ts") },
  "issue show": { line: "Show issues whole", load: () => import("./issue/show.ts") },
  "issue list": { line: "List issues", load: () => import("./issue/list.ts") },
  "queue check": { line: "What waits in the queues", load: () => import("./queue/check.ts") },
  events: { line: "Read or follow the event stream", load: () => import("./events.ts") },
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
};

/** What the groups of commands are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  agent: "Who works here",
  issue: "Work: make, claim, hand over, finish",
  queue: "Lists of issues and their owners",
  log: "What happened, line by line",
  "daily-summary": "What each agent did today",
};
