/** Settings of one queue. */
export interface QueueSettings {
  /** Who answers for the queue: `handler` in the file. */
  readonly owner: string;
  /** Minutes from creation to deadline; null for no deadline. */
  readonly slaMinutes: number | null;
  readonly idPrefix: string;
  /** Most issues of the queue that may be held at once; absent or null for no limit. */
  readonly maxInProgress?: number | null;
  /** Whether a completion needs evidence; no where it does not say. */
  readonly requireEvidence?: boolean;
  /** Whether nobody accepts what they claimed; no where it does not say. */
  readonly confirmerDiffers?: boolean;
}

/** Settings of one agent. */
export interface AgentSettings {
  readonly heartbeatMinutes: number;
  /** Most issues that the agent may hold at once; absent or null for no limit. */
  readonly maxInProgress?: number | null;
}

/** A project's settings with every default filled in. */
export interface Config {
  readonly format: number;
  readonly name: string;
  readonly roots: readonly string[];
  /** In the order of the file. */
  readonly queues: ReadonlyMap<string, QueueSettings>;
  readonly agents: ReadonlyMap<string, AgentSettings>;
  readonly dailySummaryOrder: readonly string[];
  readonly emoji: Readonly<Record<EmojiName, string>>;
  readonly blockersQueue: string;
  readonly escalationQueue: string;
  /** Whom escalations are assigned to; null for the owner of the escalation queue, else the first root. */
  readonly escalationHandler: string | null;
  readonly idStyle: "sequential" | "hash";
  readonly language: Language;
  readonly durability: "full" | "process";
  readonly safeCheck: { readonly deny: readonly string[]; readonly allow: readonly string[] };
}

/** Language of labels and record words in files. */
export type Language = "zh" | "en";
/** Keys of `issue_status_emoji`. */
export type EmojiName = keyof typeof DEFAULT_EMOJI;

/** Newest format that this program writes. */
export const FORMAT = 1;
/** Minutes of heartbeat for an agent that says nothing else. */
export const DEFAULT_HEARTBEAT_MINUTES = 30;
/** The agent and owner that stands for nobody in particular. */
export const DEFAULT_AGENT = "default";

/** Emoji shown before a state where the config names no other. */
export const DEFAULT_EMOJI = {
  open: "⭕",
  in_progress: "🔄",
  completed: "✅",
  blocked: "🚫",
  amended: "📝",
  escalated: "⚠️",
  overdue: "⏱️",
  discarded: "🗑️",
} as const;

/** Queues of a new project. */
export const DEFAULT_QUEUES = {
  questions: { owner: DEFAULT_AGENT, slaMinutes: 120, idPrefix: "REQ" },
  decisions: { owner: DEFAULT_AGENT, slaMinutes: 120, idPrefix: "REQ" },
  reviews: { owner: DEFAULT_AGENT, slaMinutes: 240, idPrefix: "REQ" },
  reports: { owner: DEFAULT_AGENT, slaMinutes: 240, idPrefix: "REQ" },
  requests: { owner: DEFAULT_AGENT, slaMinutes: 60, idPrefix: "FIX" },
  blockers: { owner: DEFAULT_AGENT, slaMinutes: null, idPrefix: "BLK" },
} as const satisfies Record<string, QueueSettings>;

/** What a queue falls back to where its entry is incomplete; the second half are queue names of older versions. */
export const QUEUE_FALLBACKS: Readonly<Record<string, QueueSettings>> = {
  ...DEFAULT_QUEUES,
  "programmer-questions": { owner: "designer", slaMinutes: 120, idPrefix: "REQ" },
  "architect-decisions": { owner: "architect", slaMinutes: 120, idPrefix: "REQ" },
  "techartist-reviews": { owner: "designer", slaMinutes: 240, idPrefix: "REQ" },
  "narrative-reports": { owner: "designer", slaMinutes: 240, idPrefix: "REQ" },
  "architect-reviews-designer": { owner: "designer", slaMinutes: 120, idPrefix: "REQ" },
  "quick-fix-requests": { owner: "programmer", slaMinutes: 60, idPrefix: "FIX" },
  "designer-blockers": { owner: "designer", slaMinutes: null, idPrefix: "BLK" },
};

/** What any other queue falls back to. */
export const PLAIN_QUEUE: QueueSettings = { owner: DEFAULT_AGENT, slaMinutes: null, idPrefix: "REQ" };

/** Returns the queue that escalations go to where the config names none. */
export function defaultEscalationQueue(queues: ReadonlyMap<string, QueueSettings>): string {
  return queues.has("architect-reviews-designer") ? "architect-reviews-designer" : "decisions";
}

/** Returns the heartbeat of a holder in minutes, null when it is not registered. */
export function heartbeatOf(config: Config, holder: string): number | null {
  return config.agents.get(holder)?.heartbeatMinutes ?? null;
}

/** Returns who answers for a queue; a queue that the config does not know belongs to nobody in particular. */
export function queueOwner(config: Config, queue: string): string {
  return queueSettings(config, queue).owner;
}

/** Returns what holds for a queue, also for one that the config does not know. */
export function queueSettings(config: Config, queue: string): QueueSettings {
  const fallback = Object.hasOwn(QUEUE_FALLBACKS, queue) ? QUEUE_FALLBACKS[queue] : undefined;
  return config.queues.get(queue) ?? fallback ?? PLAIN_QUEUE;
}

/** Tells whether a missing escalation queue may be made by the first escalation: nobody chose it, every new project has it. */
export function isMadeByEscalating(config: Config): boolean {
  const { queues, escalationQueue } = config;
  return escalationQueue === defaultEscalationQueue(queues) && Object.hasOwn(DEFAULT_QUEUES, escalationQueue);
}

/** Returns the roots: the project's list and the global one; while both are empty, the operating-system user. */
export function rootsOf(
  config: Config,
  globalRoots: readonly string[],
  osUser: () => string,
): ReadonlySet<string> {
  const named = new Set([...config.roots, ...globalRoots]);
  return named.size > 0 ? named : new Set([osUser()]);
}
