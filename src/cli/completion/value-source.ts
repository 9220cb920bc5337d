/** Where the values of an argument come from. */
export type ValueSource =
  | "issue"
  | "finished"
  | "lease"
  | "queue"
  | "agent"
  | "project"
  | "setting"
  | "command"
  | "shell"
  | "topic"
  | "files";

/** Sources by the name of an argument; what is not here is text of its user's own. */
const BY_NAME: Readonly<Record<string, ValueSource>> = {
  ...{ id: "issue", issue: "issue", ref: "issue", on: "issue", "blocked-by": "issue" },
  ...{ queue: "queue", agent: "agent", handler: "agent", owner: "agent", operator: "agent" },
  ...{ project: "project", target: "project", command: "command", shell: "shell", topic: "topic" },
  ...{ file: "files", "body-file": "files", path: "files", dir: "files", skill: "files" },
};

/** Where one command means something else by a name; null for a text of its user's own. */
const BY_COMMAND: Readonly<Record<string, Readonly<Record<string, ValueSource | null>>>> = {
  "agent remove": { name: "agent" },
  "config get": { key: "setting" },
  "config set": { key: "setting" },
  "exec safe-check": { command: "files" },
  "issue reopen": { id: "finished" },
  "issue run": { command: "files" },
  "lock release": { id: "lease" },
  "lock renew": { id: "lease" },
  "queue create": { queue: null },
};

/** Returns where the values of an argument come from, null for a text of its user's own. */
export function valueSource(words: string, name: string): ValueSource | null {
  const own = BY_COMMAND[words];
  if (own !== undefined && Object.hasOwn(own, name)) return own[name] ?? null;
  return Object.hasOwn(BY_NAME, name) ? (BY_NAME[name] ?? null) : null;
}

/** Tells whether an argument names issues: then `$1` stands for one in a batch. */
export function namesIssues(words: string, name: string): boolean {
  const source = valueSource(words, name);
  return source === "issue" || source === "finished" || source === "lease";
}
