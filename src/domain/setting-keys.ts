import { MaiError } from "./errors.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { isTable, type Settings, valueAt } from "./settings.ts";

/** What the value of a setting is, for reading it from a command line. */
export type SettingKind = "text" | "number" | "minutes" | "limit" | "list" | "switch";

/** Every setting that mai knows; `*` stands for a name. */
const SETTING_KINDS = {
  format: "number",
  name: "text",
  initialized_at: "text",
  root: "list",
  "queues.*.handler": "text",
  "queues.*.owner": "text",
  "queues.*.sla_minutes": "minutes",
  "queues.*.sla_hours": "minutes",
  "queues.*.id_prefix": "text",
  "queues.*.max_in_progress": "limit",
  "queues.*.require_evidence": "switch",
  "queues.*.confirmer_differs": "switch",
  "agents.*.heartbeat_minutes": "number",
  "agents.*.max_in_progress": "limit",
  daily_summary_order: "list",
  "issue_status_emoji.*": "text",
  blockers_queue: "text",
  escalation_queue: "text",
  escalation_handler: "text",
  id_style: "text",
  language: "text",
  durability: "text",
  "safe_check.deny": "list",
  "safe_check.allow": "list",
} as const satisfies Record<string, SettingKind>;

/** Sections whose keys are names: of queues, of agents. */
const NAMED = ["queues", "agents"] as const;
/** Fields of an entry of a section of names. */
const FIELDS: ReadonlySet<string> = new Set(
  Object.keys(SETTING_KINDS).flatMap((key) =>
    key.includes(".*.") ? [key.slice(key.lastIndexOf(".") + 1)] : [],
  ),
);
const LISTING = "See them all: mai config show --toml";
/** Written by mai itself. */
const FIXED: ReadonlySet<string> = new Set(["format", "initialized_at"]);

/** Returns what kind of value a setting takes, null for one that mai does not know. */
export function settingKind(path: readonly string[]): SettingKind | null {
  const pattern = patternOf(path);
  return Object.hasOwn(SETTING_KINDS, pattern) ? SETTING_KINDS[pattern as keyof typeof SETTING_KINDS] : null;
}

/** Returns every setting that mai knows, for these names of queues and agents. */
export function settingKeys(queues: readonly string[], agents: readonly string[]): readonly string[] {
  const names: Readonly<Record<string, readonly string[]>> = { queues, agents };
  return Object.keys(SETTING_KINDS).flatMap((pattern) => {
    if (!pattern.includes("*")) return [pattern];
    const [section = "", , field] = pattern.split(".");
    if (field === undefined) return [section];
    return (names[section] ?? []).map((name) => dottedKey([section, name, field]));
  });
}

/** Tells whether only mai itself writes this setting. */
export function isFixedSetting(path: readonly string[]): boolean {
  return FIXED.has(path[0] ?? "");
}

/** Writes a path as people type it; a name with a dot in it is quoted. */
export function dottedKey(path: readonly string[]): string {
  return path.map((part) => (part.includes(".") || part === "" ? JSON.stringify(part) : part)).join(".");
}

/**
 * Reads a dotted key such as `queues.questions.sla_minutes`. A name with dots in it may be quoted, and need not be
 * where it is plain what is meant.
 */
export function parseDottedKey(text: string): readonly string[] {
  const parts = [...text.matchAll(/"([^"]*)"|([^."]+)|(?<=\.|^)(?=\.|$)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? "",
  );
  const [section = "", ...rest] = parts;
  if (!NAMED.some((name) => name === section) || rest.length < 2) return parts;
  const last = rest.at(-1) ?? "";
  return FIELDS.has(last) || rest.length === 2
    ? [section, rest.slice(0, -1).join("."), last]
    : [section, rest.join(".")];
}

/** Returns the place in a table of wanted settings of every value that mai does not know and `current` has not either. */
export function unknownSettings(wanted: Settings, current: Settings): readonly (readonly string[])[] {
  return leaves(wanted, []).filter(
    (path) => settingKind(path) === null && !isSectionOfKnown(path) && valueAt(current, path) === undefined,
  );
}

/** Says which setting may have been meant by a key that there is not. */
function nearestSetting(path: readonly string[]): string | null {
  const patterns = Object.keys(SETTING_KINDS);
  const near = nearest(patternOf(path), patterns);
  if (near === null) return null;
  const name = path[1] ?? "";
  return near.replace("*", () => (name.includes(".") ? JSON.stringify(name) : name));
}

/** Returns the error for a key in a file of settings that no setting has: most likely it is misspelt. */
export function strangeSetting(path: readonly string[], source: string): MaiError {
  const key = dottedKey(path);
  const near = nearestSetting(path);
  return new MaiError("CONFIG_INVALID", `${source}: ${key} is no setting.`, {
    hint: near === null ? LISTING : `Did you mean '${near}'? ${LISTING}`,
    fields: { path: source, key, expected: "a setting that mai knows" },
  });
}

/** Returns the error for a key that was asked for and is not there. */
export function unknownSetting(path: readonly string[], current: Settings): MaiError {
  const [section, name] = path;
  const key = dottedKey(path);
  if ((section === "queues" || section === "agents") && name !== undefined) {
    const known = valueAt(current, [section]);
    const names = isTable(known) ? Object.keys(known) : [];
    if (!names.includes(name)) return unknownEntry(section, name, names);
  }
  const near = nearestSetting(path);
  return new MaiError("NOT_FOUND", `There is no setting ${key}.`, {
    hint: near === null ? LISTING : `Did you mean '${near}'? ${LISTING}`,
    fields: { key },
  });
}

function unknownEntry(section: "queues" | "agents", name: string, names: readonly string[]): MaiError {
  return section === "queues"
    ? new MaiError("INVALID_QUEUE", `There is no queue ${JSON.stringify(name)}.`, {
        hint: didYouMean(name, names, "mai queue check --all"),
        fields: { queue: name, queues: names },
      })
    : new MaiError("INVALID_AGENT", `There is no agent ${JSON.stringify(name)}.`, {
        hint: didYouMean(name, names, "mai agent list"),
        fields: { agent: name, agents: names },
      });
}

function patternOf(path: readonly string[]): string {
  const [section = "", ...rest] = path;
  if (rest.length > 0 && (section === "queues" || section === "agents" || section === "issue_status_emoji")) {
    return [section, "*", ...rest.slice(1)].join(".");
  }
  return path.join(".");
}

/** An empty table such as `[queues.new]` says something too. */
function isSectionOfKnown(path: readonly string[]): boolean {
  const pattern = patternOf(path);
  return Object.keys(SETTING_KINDS).some((key) => key.startsWith(`${pattern}.`));
}

function leaves(value: Settings, path: readonly string[]): readonly (readonly string[])[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, key];
    return isTable(inner) && Object.keys(inner).length > 0 ? leaves(inner, at) : [at];
  });
}
