import type { TransitionName } from "../../domain/operations.ts";
import type { Arguments } from "../arguments.ts";
import type { AnyCommand } from "../define-command.ts";

/** One command that a tool can be. */
export interface ToolCommand {
  /** The argument that chooses this command; without it the command is the one that is left. */
  readonly when?: string;
  readonly load: () => Promise<{ readonly command: AnyCommand }>;
}

/** One tool: the commands that it is, which of their arguments it offers, and what clients may know of it. */
export interface Tool {
  readonly title: string;
  readonly description: string;
  /** Arguments that are offered, in their order; the command fills in the rest. */
  readonly offers: readonly string[];
  /** What arguments say here in place of their words on the command line. */
  readonly says?: Readonly<Record<string, string>>;
  /** Arguments of the tool itself, which only choose a command. */
  readonly own?: Arguments;
  readonly readOnly?: true;
  /** The last one is chosen by no argument. */
  readonly commands: readonly ToolCommand[];
}

const SIGNED = ["operator", "session"] as const;
const WRITE = [...SIGNED, "fence"] as const;
/** What is said of arguments that many tools have. */
const SHORT = {
  id: "Issue",
  operator: "Who signs",
  session: "Your session",
  fence: "Fencing token",
  timeout: "Give up after 90s, 10m … (50s)",
} as const;

/** Every tool by its name. Each is a command of the command line, or one of a few: same flow, same answer, same errors. */
export const TOOLS = {
  mai_next: {
    title: "Take work",
    description:
      "Gives you what to work on, claimed, with all that you need to begin: what you hold already, else the most " +
      "urgent that you can take. With id it claims that issue.",
    offers: ["id", "queue", "any", "wait", "timeout", ...WRITE],
    says: { id: "Claim this issue" },
    commands: [{ when: "id", load: () => import("../issue/claim.ts") }, { load: () => import("../next.ts") }],
  },
  mai_show: {
    title: "Show an issue",
    description: "Shows an issue whole: body, check list, records.",
    offers: ["id"],
    readOnly: true,
    commands: [{ load: () => import("../issue/show.ts") }],
  },
  mai_list: {
    title: "List issues",
    description: "Lists issues, most urgent first.",
    offers: ["queue", "handler", "status", "search", "ready", "blocked", "limit"],
    readOnly: true,
    commands: [{ load: () => import("../issue/list.ts") }],
  },
  mai_amend: {
    title: "Add a remark, or tick the check list",
    description: "Adds a remark to an issue; with n it ticks those items of the check list instead.",
    offers: ["id", "remark", "n", "key", ...WRITE],
    says: { remark: "What you found", n: "Numbers of items that are done", key: "Does it once" },
    commands: [
      { when: "n", load: () => import("../issue/check.ts") },
      { load: () => import("../issue/amend.ts") },
    ],
  },
  mai_transfer: {
    title: "Hand an issue over",
    description: "Hands an issue to somebody else, such as a reviewer. Your lease ends.",
    offers: ["id", "handler", "message", "done", "remaining", "decision", "uncertain", ...WRITE],
    says: {
      handler: "To whom; none for anybody",
      done: "What is done",
      remaining: "What is left",
      decision: "What was decided",
      uncertain: "What nobody knows yet",
    },
    commands: [transition("transfer")],
  },
  mai_complete: {
    title: "Accept an issue's work",
    description: "Accepts the work: for the creator, the queue's owner and roots.",
    offers: ["id", "conclusion", "evidence", ...WRITE],
    says: { evidence: "cmd:COMMAND that must succeed, or file:PATH" },
    commands: [transition("complete")],
  },
  mai_reject: {
    title: "Send work back",
    description: "Sends the work back to whom it came from: for the creator, the queue's owner and roots.",
    offers: ["id", "reason", ...WRITE],
    commands: [transition("reject")],
  },
  mai_block: {
    title: "Say what an issue waits for",
    description:
      "Says that you cannot go on, with the reason. With on, it waits for other issues instead; unblock says that " +
      "the obstacle is gone.",
    offers: ["id", "reason", "on", "remove", "unblock", ...WRITE],
    says: { on: "Issues that it waits for", remove: "With on: it no longer waits for these" },
    own: { unblock: { type: "boolean", description: "The obstacle is gone" } },
    commands: [
      { when: "on", load: () => import("../issue/depend.ts") },
      { when: "unblock", ...transition("unblock") },
      transition("block"),
    ],
  },
  mai_escalate: {
    title: "Ask a lead to decide",
    description: "Makes an urgent issue about this one for a lead, who decides.",
    offers: ["id", ...WRITE],
    commands: [{ load: () => import("../issue/escalate.ts") }],
  },
  mai_release: {
    title: "Give an issue back",
    description: "Ends your lease: you cannot go on, somebody else can.",
    offers: ["id", ...SIGNED],
    commands: [{ load: () => import("../lock/release.ts") }],
  },
  mai_undo: {
    title: "Undo",
    description: "Takes your last change back, if nothing came after it.",
    offers: ["issue", ...SIGNED],
    says: { issue: "Your last change of this issue" },
    commands: [{ load: () => import("../undo.ts") }],
  },
  mai_new: {
    title: "Make an issue",
    description: "Makes an issue.",
    offers: ["queue", "title", "body", "ref", "priority", "label", "accept", "blocked-by", "key", "operator"],
    says: {
      ref: "Issue that it is about",
      label: "Labels",
      accept: "What has to be ticked before it is completed",
      "blocked-by": "Issues that it waits for",
      key: "Makes it once",
    },
    commands: [{ load: () => import("../issue/new.ts") }],
  },
  mai_check: {
    title: "See what waits in the queues",
    description: "Shows what waits in each queue.",
    offers: ["queue", "overdue", "all", "handler", "limit"],
    says: { all: "Finished issues too" },
    readOnly: true,
    commands: [{ load: () => import("../queue/check.ts") }],
  },
  mai_wait: {
    title: "Sleep until there is work",
    description: "Sleeps until there is work, or an issue is in a state. Claims nothing.",
    offers: ["queue", "handler", "issue", "until", "timeout"],
    says: { until: "State that the issue is to be in" },
    readOnly: true,
    commands: [{ load: () => import("../wait.ts") }],
  },
} as const satisfies Readonly<Record<string, Tool>>;

/** Returns what an argument says of itself to clients; null for the words of the command line. */
export function saysOf({ says = {} }: Tool, name: string): string | null {
  return says[name] ?? (SHORT as Readonly<Record<string, string>>)[name] ?? null;
}

/** Name of a tool. */
export type ToolName = keyof typeof TOOLS;

/** Tells whether there is a tool of this name. */
export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

function transition(name: TransitionName): ToolCommand {
  return {
    load: async () => ({ command: (await import("../issue/transitions.ts")).transitionCommand(name) }),
  };
}
