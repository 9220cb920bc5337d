import type { AnyCommand } from "../define-command.ts";

/** One tool: the command that it is, which of its arguments it offers, and what clients may know of it. */
export interface Tool {
  readonly title: string;
  /** Arguments that are offered, in their order; the command fills in the rest. */
  readonly offers: readonly string[];
  /** What arguments say here in place of their words on the command line. */
  readonly says?: Readonly<Record<string, string>>;
  readonly readOnly?: true;
  readonly load: () => Promise<{ readonly command: AnyCommand }>;
}

const SIGNED = ["operator", "session"] as const;
const WRITE = [...SIGNED, "fence"] as const;

/** Every tool by its name. Each is a command of the command line: same flow, same answer, same errors. */
export const TOOLS = {
  mai_next: {
    title: "Take what to work on next",
    offers: ["queue", "any", "wait", "timeout", ...SIGNED],
    says: { timeout: "Give up waiting after 90s, 10m … (50s)" },
    load: () => import("../next.ts"),
  },
  mai_show: {
    title: "Show an issue whole",
    offers: ["id"],
    says: { id: "Issue, such as REQ-001" },
    readOnly: true,
    load: () => import("../issue/show.ts"),
  },
  mai_amend: {
    title: "Add a remark to an issue",
    offers: ["id", "remark", "key", ...WRITE],
    load: () => import("../issue/amend.ts"),
  },
  mai_transfer: {
    title: "Hand an issue to somebody else",
    offers: ["id", "handler", "message", "done", "remaining", "decision", "uncertain", ...WRITE],
    says: {
      done: "What is done",
      remaining: "What is left",
      decision: "What was decided",
      uncertain: "What nobody knows yet",
    },
    load: transition("transfer"),
  },
  mai_complete: {
    title: "Accept an issue's work",
    offers: ["id", "conclusion", ...WRITE],
    load: transition("complete"),
  },
  mai_new: {
    title: "Make an issue",
    offers: ["queue", "title", "body", "ref", "priority", "label", "accept", "key", "operator"],
    says: { label: "Labels", accept: "What has to be ticked before it is completed" },
    load: () => import("../issue/new.ts"),
  },
  mai_check: {
    title: "See what waits in the queues",
    offers: ["queue", "overdue", "all", "handler", "limit"],
    says: { all: "Finished issues too" },
    readOnly: true,
    load: () => import("../queue/check.ts"),
  },
  mai_wait: {
    title: "Sleep until there is work",
    offers: ["queue", "handler", "issue", "until", "timeout"],
    says: { until: "State that the issue is to be in", timeout: "Give up after 90s, 10m … (50s)" },
    readOnly: true,
    load: () => import("../wait.ts"),
  },
} as const satisfies Readonly<Record<string, Tool>>;

/** Name of a tool. */
export type ToolName = keyof typeof TOOLS;

/** Tells whether there is a tool of this name. */
export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

function transition(name: "transfer" | "complete"): Tool["load"] {
  return async () => ({ command: (await import("../issue/transitions.ts")).transitionCommand(name) });
}
