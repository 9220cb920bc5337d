import {
  DEFAULT_AGENT,
  DEFAULT_HEARTBEAT_MINUTES,
  PLAIN_QUEUE,
  QUEUE_FALLBACKS,
  type QueueSettings,
} from "./config.ts";
import { meansNobody } from "./unassigned.ts";

/** Settings as people name them, or a part of them: tables of tables, lists, texts, numbers; null is "none". */
export type Settings = Readonly<Record<string, unknown>>;

/** One value that a change sets. */
export interface SettingChange {
  readonly path: readonly string[];
  /** null where there was none. */
  readonly from: unknown;
  readonly to: unknown;
}

/** Tells whether a value is a table of settings. */
export function isTable(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns what is to be set so that everything `wanted` says is so: tables merge by key, lists are replaced. */
export function settingChanges(current: Settings, wanted: Settings): readonly SettingChange[] {
  return changesBelow(current, wanted, []);
}

function changesBelow(
  current: Settings,
  wanted: Settings,
  path: readonly string[],
): readonly SettingChange[] {
  return Object.entries(wanted).flatMap(([key, to]) => {
    const from = Object.hasOwn(current, key) ? current[key] : undefined;
    const at = [...path, key];
    if (isTable(from) && isTable(to)) return changesBelow(from, to, at);
    return isSame(from, to) ? [] : [{ path: at, from: from ?? null, to }];
  });
}

/** Returns the settings after these changes. */
export function withChanges(current: Settings, changes: readonly SettingChange[]): Settings {
  return changes.reduce((settings, { path, to }) => withValue(settings, path, to), current);
}

/** Returns the value at a path, undefined where there is none. */
export function valueAt(settings: Settings, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    settings,
  );
}

/**
 * Brings wanted settings into the one spelling that is compared and written: `handler` for `owner`, minutes for
 * hours, `root` as a list, names without `@`; new queues and agents get what they leave out.
 * @param wanted checked against the schema
 */
export function canonicalSettings(wanted: Settings, current: Settings): Settings {
  const { root, daily_summary_order: order, queues, agents, escalation_handler: decider } = wanted;
  return {
    ...wanted,
    ...(root === undefined ? {} : { root: namesOf(root) }),
    ...(typeof decider === "string" ? { escalation_handler: deciderName(decider) } : {}),
    ...(order === undefined ? {} : { daily_summary_order: namesOf(order) }),
    ...(isTable(queues) ? { queues: mapTable(queues, (entry, name) => queueOf(entry, name, current)) } : {}),
    ...(isTable(agents) ? { agents: mapTable(agents, (entry, name) => agentOf(entry, name, current)) } : {}),
  };
}

function queueOf(entry: Settings, name: string, current: Settings): Settings {
  const { owner, sla_hours: hours, handler = owner, sla_minutes, id_prefix: prefix, ...rest } = entry;
  const minutes =
    sla_minutes === undefined && typeof hours === "number" ? roundedMinutes(hours) : sla_minutes;
  const cleared = hours === null && sla_minutes === undefined ? null : minutes;
  const said = {
    ...(typeof handler === "string" ? { handler: ownerName(handler) } : {}),
    ...(cleared === undefined ? {} : { sla_minutes: cleared }),
    ...(typeof prefix === "string" ? { id_prefix: prefix.toUpperCase() } : {}),
    ...rest,
  };
  return valueAt(current, ["queues", name]) === undefined
    ? { ...queueEntry(unsaidQueue(name)), ...said }
    : said;
}

function deciderName(text: string): string {
  const name = text.replace(/^@/, "");
  return meansNobody(name) ? "none" : name;
}

/** `none` and `unassigned` mean nobody. */
function ownerName(text: string): string {
  const name = text.replace(/^@/, "");
  return meansNobody(name) ? DEFAULT_AGENT : name;
}

/** Returns the minutes of a span in hours, without the dust of binary fractions. */
export function roundedMinutes(hours: number): number {
  return Math.round(hours * 60 * 1e6) / 1e6;
}

/** Returns the entry of a queue as the file spells it; a limit stands there only where something was said about one. */
export function queueEntry(queue: QueueSettings): {
  handler: string;
  sla_minutes: number | null;
  id_prefix: string;
  max_in_progress?: number | null;
  require_evidence?: boolean;
  confirmer_differs?: boolean;
} {
  const { owner, slaMinutes, idPrefix, maxInProgress, requireEvidence, confirmerDiffers } = queue;
  return {
    ...{ handler: owner, sla_minutes: slaMinutes, id_prefix: idPrefix },
    ...(maxInProgress === undefined ? {} : { max_in_progress: maxInProgress }),
    ...(requireEvidence === undefined ? {} : { require_evidence: requireEvidence }),
    ...(confirmerDiffers === undefined ? {} : { confirmer_differs: confirmerDiffers }),
  };
}

/** Returns what a queue is before anything is said about it: older names keep their old defaults. */
export function unsaidQueue(name: string): QueueSettings {
  return (Object.hasOwn(QUEUE_FALLBACKS, name) ? QUEUE_FALLBACKS[name] : undefined) ?? PLAIN_QUEUE;
}

function agentOf(entry: Settings, name: string, current: Settings): Settings {
  const isNew = valueAt(current, ["agents", name]) === undefined;
  return isNew ? { heartbeat_minutes: DEFAULT_HEARTBEAT_MINUTES, ...entry } : entry;
}

function namesOf(value: unknown): readonly string[] {
  return [value].flat().map((name) => String(name).replace(/^@/, ""));
}

function mapTable(table: Settings, map: (entry: Settings, name: string) => Settings): Settings {
  return Object.fromEntries(
    Object.entries(table).map(([name, entry]) => [name, map(isTable(entry) ? entry : {}, name)]),
  );
}

function withValue(settings: Settings, [key = "", ...rest]: readonly string[], value: unknown): Settings {
  const inner = settings[key];
  return {
    ...settings,
    [key]: rest.length === 0 ? value : withValue(isTable(inner) ? inner : {}, rest, value),
  };
}

/** Key order tells nothing apart but lists do. */
function isSame(a: unknown, b: unknown): boolean {
  if (isTable(a) && isTable(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
    );
  }
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  return a === b;
}
