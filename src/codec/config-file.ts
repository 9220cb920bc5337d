import {
  type AgentSettings,
  type Config,
  DEFAULT_AGENT,
  DEFAULT_EMOJI,
  DEFAULT_HEARTBEAT_MINUTES,
  DEFAULT_QUEUES,
  defaultEscalationQueue,
  type EmojiName,
  FORMAT,
  PLAIN_QUEUE,
  QUEUE_FALLBACKS,
  type QueueSettings,
} from "../domain/config.ts";
import type { ConfigFile } from "../domain/config-schema.ts";
import { surelyFits } from "../domain/config-shape.ts";
import { MaiError } from "../domain/errors.ts";

/** Settings with defaults, and the object of the file, which keeps what mai does not know. */
export interface ParsedConfig {
  readonly config: Config;
  readonly file: ConfigFile;
}

/**
 * Reads a project's settings.
 * @param path names the file in errors
 * @throws CONFIG_INVALID naming file, key and expectation
 */
export function parseConfigFile(text: string, path: string): ParsedConfig {
  const value = parseJson(text, path);
  const [fault] = surelyFits(value) ? [] : schema().configFaults(value);
  if (fault !== undefined) {
    throw new MaiError("CONFIG_INVALID", `${path}: ${fault.key}: ${fault.expected}`, {
      hint: "Mend the file by hand; nothing is written until it is sound.",
      fields: { path, key: fault.key, expected: fault.expected },
    });
  }
  const file = value as ConfigFile;
  return { config: withDefaults(file), file };
}

/** Writes settings as the Python tool does: two spaces of indent. */
export function formatConfigFile(file: unknown): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Returns the settings of a new project. */
export function newConfigFile(facts: {
  name: string;
  initializedAt: string;
  root: readonly string[];
}): ConfigFile {
  return {
    format: FORMAT,
    name: facts.name,
    initialized_at: facts.initializedAt,
    root: [...facts.root],
    queues: Object.fromEntries(
      Object.entries(DEFAULT_QUEUES).map(([name, queue]) => [name, queueEntry(queue)]),
    ),
    agents: { [DEFAULT_AGENT]: { heartbeat_minutes: DEFAULT_HEARTBEAT_MINUTES } },
    daily_summary_order: [],
    issue_status_emoji: { ...DEFAULT_EMOJI },
    blockers_queue: "blockers",
    escalation_queue: "decisions",
    id_style: "sequential",
    language: "zh",
    durability: "full",
  };
}

/** Returns the entry of a queue as the file spells it. */
export function queueEntry(queue: QueueSettings): {
  handler: string;
  sla_minutes: number | null;
  id_prefix: string;
} {
  return { handler: queue.owner, sla_minutes: queue.slaMinutes, id_prefix: queue.idPrefix };
}

/** The schema brings valibot along: it is loaded only for settings that the quick test leaves open. */
function schema(): typeof import("../domain/config-schema.ts") {
  return require("../domain/config-schema.ts");
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MaiError("CONFIG_INVALID", `${path} is not JSON: ${error.message}`, {
      hint: "Mend the file by hand; nothing is written until it is sound.",
      fields: { path },
      cause: error,
    });
  }
}

/** Fills what the file leaves out; a section that is there is taken as it is. */
function withDefaults(file: ConfigFile): Config {
  const queues = new Map(
    Object.entries(file.queues ?? DEFAULT_QUEUE_ENTRIES).map(([name, entry]) => [
      name,
      queueSettings(name, entry),
    ]),
  );
  return {
    format: file.format ?? FORMAT,
    name: file.name ?? "",
    roots: typeof file.root === "string" ? [file.root] : (file.root ?? []),
    queues,
    agents: new Map(
      Object.entries(file.agents ?? { [DEFAULT_AGENT]: {} }).map(([name, entry]) => [
        name,
        agentSettings(entry),
      ]),
    ),
    dailySummaryOrder: file.daily_summary_order ?? [],
    emoji: { ...DEFAULT_EMOJI, ...(file.issue_status_emoji as Partial<Record<EmojiName, string>>) },
    blockersQueue: file.blockers_queue ?? "blockers",
    escalationQueue: file.escalation_queue ?? defaultEscalationQueue(queues),
    idStyle: file.id_style ?? "sequential",
    language: file.language ?? "zh",
    durability: file.durability ?? "full",
    safeCheck: { deny: file.safe_check?.deny ?? [], allow: file.safe_check?.allow ?? [] },
  };
}

const DEFAULT_QUEUE_ENTRIES: NonNullable<ConfigFile["queues"]> = Object.fromEntries(
  Object.entries(DEFAULT_QUEUES).map(([name, queue]) => [name, queueEntry(queue)]),
);

function queueSettings(name: string, entry: NonNullable<ConfigFile["queues"]>[string]): QueueSettings {
  const fallback = Object.hasOwn(QUEUE_FALLBACKS, name) ? QUEUE_FALLBACKS[name] : undefined;
  const { owner, slaMinutes, idPrefix } = fallback ?? PLAIN_QUEUE;
  return {
    owner: entry.handler ?? entry.owner ?? owner,
    slaMinutes: slaOf(entry) ?? (entry.sla_minutes === null || entry.sla_hours === null ? null : slaMinutes),
    idPrefix: (entry.id_prefix ?? idPrefix).toUpperCase(),
  };
}

/** `sla_hours` × 60 = `sla_minutes`. */
function slaOf(entry: {
  sla_minutes?: number | null | undefined;
  sla_hours?: number | null | undefined;
}): number | null {
  if (typeof entry.sla_minutes === "number") return entry.sla_minutes;
  return typeof entry.sla_hours === "number" ? entry.sla_hours * 60 : null;
}

function agentSettings(entry: { heartbeat_minutes?: number | undefined }): AgentSettings {
  return { heartbeatMinutes: entry.heartbeat_minutes ?? DEFAULT_HEARTBEAT_MINUTES };
}
