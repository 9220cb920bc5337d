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
import type { ConfigFault, ConfigFile } from "../domain/config-schema.ts";
import { surelyFits } from "../domain/config-shape.ts";
import { MaiError } from "../domain/errors.ts";
import { queueEntry, roundedMinutes } from "../domain/settings.ts";
import { meansNobody } from "../domain/unassigned.ts";
import { CONFLICT_HINT, conflictLine, conflictMessage } from "./conflict-markers.ts";
import { jsonFault } from "./json-fault.ts";

/** Settings with defaults, and the object of the file, which keeps what mai does not know. */
export interface ParsedConfig {
  readonly config: Config;
  readonly file: ConfigFile;
}

/** The settings that were read last: one command asks for them more than once, and they rarely change between. */
let last: { readonly text: string; readonly parsed: ParsedConfig } | null = null;

const MEND_HINT = "Mend the file by hand; nothing is written until it is sound.";

/**
 * Reads a project's settings.
 * @param path names the file in errors
 * @param hint what to do about settings that do not fit
 * @throws CONFIG_INVALID naming file, key and expectation
 */
export function parseConfigFile(text: string, path: string, hint: string = MEND_HINT): ParsedConfig {
  if (last?.text !== text) last = { text, parsed: parsedSettings(text, path, hint) };
  return last.parsed;
}

function parsedSettings(text: string, path: string, hint: string): ParsedConfig {
  const value = parseJson(text, path);
  const [fault] = surelyFits(value) ? [] : schema().configFaults(value);
  if (fault !== undefined) throw configInvalid(path, fault, hint);
  const file = value as ConfigFile;
  return { config: withDefaults(file), file };
}

/** Returns the error that names a file, the key in it, what should be there and what is. */
export function configInvalid(path: string, fault: ConfigFault, hint: string): MaiError {
  const { key, expected, found } = fault;
  return new MaiError("CONFIG_INVALID", `${path}: ${key} should be ${expected}, not ${found}.`, {
    hint,
    fields: { path, key, expected },
  });
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
  durability: "full" | "process";
}): ConfigFile {
  return {
    format: FORMAT,
    name: facts.name,
    initialized_at: facts.initializedAt,
    root: [...facts.root],
    queues: defaultQueueEntries(),
    agents: { [DEFAULT_AGENT]: { heartbeat_minutes: DEFAULT_HEARTBEAT_MINUTES } },
    daily_summary_order: [],
    issue_status_emoji: { ...DEFAULT_EMOJI },
    blockers_queue: "blockers",
    escalation_queue: "decisions",
    id_style: "sequential",
    language: "zh",
    durability: facts.durability,
  };
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
    throw notJson(text, path, error);
  }
}

/** Says what stands in the way where that can be told: a conflict of git, a byte order mark. */
function notJson(text: string, path: string, cause: SyntaxError): MaiError {
  const line = conflictLine(text);
  const fields = { path };
  if (line !== null)
    return new MaiError("CONFIG_INVALID", conflictMessage(path, line), {
      hint: CONFLICT_HINT,
      fields,
      cause,
    });
  const fault = text.startsWith("\ufeff")
    ? "it begins with a byte order mark"
    : (jsonFault(text) ?? cause.message);
  return new MaiError("CONFIG_INVALID", `${path} is not JSON: ${fault}.`, { hint: MEND_HINT, fields, cause });
}

/** Fills what the file leaves out; a section that is there is taken as it is. */
function withDefaults(file: ConfigFile): Config {
  const queues = new Map(
    Object.entries(file.queues ?? defaultQueueEntries()).map(([name, entry]) => [
      name,
      queueSettings(name, entry),
    ]),
  );
  return {
    format: file.format ?? FORMAT,
    name: file.name ?? "",
    roots: [file.root ?? []].flat().map(withoutAt),
    queues,
    agents: new Map(
      Object.entries(file.agents ?? { [DEFAULT_AGENT]: {} }).map(([name, entry]) => [
        name,
        agentSettings(entry),
      ]),
    ),
    dailySummaryOrder: (file.daily_summary_order ?? []).map(withoutAt),
    emoji: { ...DEFAULT_EMOJI, ...(file.issue_status_emoji as Partial<Record<EmojiName, string>>) },
    blockersQueue: file.blockers_queue ?? "blockers",
    escalationQueue: file.escalation_queue ?? defaultEscalationQueue(queues),
    escalationHandler: escalationHandlerOf(file.escalation_handler),
    idStyle: file.id_style ?? "sequential",
    language: file.language ?? "zh",
    durability: file.durability ?? "full",
    safeCheck: { deny: file.safe_check?.deny ?? [], allow: file.safe_check?.allow ?? [] },
  };
}

function escalationHandlerOf(text: string | undefined): string | null {
  return text === undefined || meansNobody(text) ? null : withoutAt(text);
}

function defaultQueueEntries(): NonNullable<ConfigFile["queues"]> {
  return Object.fromEntries(Object.entries(DEFAULT_QUEUES).map(([name, queue]) => [name, queueEntry(queue)]));
}

function queueSettings(name: string, entry: NonNullable<ConfigFile["queues"]>[string]): QueueSettings {
  const fallback = Object.hasOwn(QUEUE_FALLBACKS, name) ? QUEUE_FALLBACKS[name] : undefined;
  const { owner, slaMinutes, idPrefix } = fallback ?? PLAIN_QUEUE;
  return {
    owner: withoutAt(entry.handler ?? entry.owner ?? owner),
    slaMinutes: slaOf(entry) ?? (entry.sla_minutes === null || entry.sla_hours === null ? null : slaMinutes),
    idPrefix: (entry.id_prefix ?? idPrefix).toUpperCase(),
    ...limitOf(entry),
    ...(entry.require_evidence === true ? { requireEvidence: true } : {}),
    ...(entry.confirmer_differs === true ? { confirmerDiffers: true } : {}),
  };
}

/** Version 1.5 wrote names with an `@`. */
function withoutAt(name: string): string {
  return name.startsWith("@") ? name.slice(1) : name;
}

/** `sla_hours` × 60 = `sla_minutes`. */
function slaOf(entry: {
  sla_minutes?: number | null | undefined;
  sla_hours?: number | null | undefined;
}): number | null {
  if (typeof entry.sla_minutes === "number") return entry.sla_minutes;
  return typeof entry.sla_hours === "number" ? roundedMinutes(entry.sla_hours) : null;
}

function agentSettings(entry: NonNullable<ConfigFile["agents"]>[string]): AgentSettings {
  return { heartbeatMinutes: entry.heartbeat_minutes ?? DEFAULT_HEARTBEAT_MINUTES, ...limitOf(entry) };
}

/** Where nothing is said about a limit, nothing is written about one either. */
function limitOf({ max_in_progress: max }: { max_in_progress?: number | null | undefined }): {
  maxInProgress?: number | null;
} {
  return max === undefined ? {} : { maxInProgress: max };
}
