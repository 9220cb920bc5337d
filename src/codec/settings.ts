import type { Config } from "../domain/config.ts";
import type { ConfigFile } from "../domain/config-schema.ts";
import { isTable, queueEntry, type SettingChange, type Settings, valueAt } from "../domain/settings.ts";
import { editJson } from "./json-edit.ts";

/** Spellings of older versions, and what is written in their place. */
const OLD_SPELLINGS: Readonly<Record<string, string>> = { handler: "owner", sla_minutes: "sla_hours" };

/** Returns the settings as they hold: defaults filled in, one spelling, and what mai does not know as the file has it. */
export function settingsOf(config: Config, file: ConfigFile): Settings {
  return {
    ...file,
    format: config.format,
    name: config.name,
    root: config.roots,
    queues: Object.fromEntries(
      [...config.queues].map(([name, queue]) => [
        name,
        { ...withoutOldSpellings(entryAt(file, ["queues", name])), ...queueEntry(queue) },
      ]),
    ),
    agents: Object.fromEntries(
      [...config.agents].map(([name, { heartbeatMinutes }]) => [
        name,
        { ...entryAt(file, ["agents", name]), heartbeat_minutes: heartbeatMinutes },
      ]),
    ),
    daily_summary_order: config.dailySummaryOrder,
    issue_status_emoji: { ...config.emoji },
    blockers_queue: config.blockersQueue,
    escalation_queue: config.escalationQueue,
    escalation_handler: config.escalationHandler ?? "none",
    id_style: config.idStyle,
    language: config.language,
    durability: config.durability,
    safe_check: { ...entryAt(file, ["safe_check"]), ...config.safeCheck },
  };
}

/**
 * Writes changes of settings into the text of the file; every byte that they do not concern stays.
 * @param settings as they held before: a section that the file left to the defaults is written out whole
 */
export function changedConfigText(
  text: string,
  settings: Settings,
  changes: readonly SettingChange[],
): string {
  return changes.reduce((before, change) => withSection(before, settings, change), text);
}

/** Writes settings without some entries of their sections; see {@link changedConfigText}. */
export function configTextWithout(text: string, settings: Settings, path: readonly string[]): string {
  return editJson(withOwnSection(text, settings, path), { path, value: undefined });
}

function withSection(text: string, settings: Settings, { path, to }: SettingChange): string {
  const old = path[0] === "queues" && path.length === 3 ? OLD_SPELLINGS[path[2] ?? ""] : undefined;
  const whole = path.length > 1 ? withOwnSection(text, settings, path) : text;
  const said = editJson(whole, { path, value: to });
  return old === undefined ? said : editJson(said, { path: [...path.slice(0, -1), old], value: undefined });
}

function withOwnSection(text: string, settings: Settings, [section = ""]: readonly string[]): string {
  const known = settings[section];
  if (Object.hasOwn(JSON.parse(text), section) || !isTable(known)) return text;
  return editJson(text, { path: [section], value: known });
}

function withoutOldSpellings(entry: Settings): Settings {
  const old = new Set(Object.values(OLD_SPELLINGS));
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !old.has(key)));
}

function entryAt(file: ConfigFile, path: readonly string[]): Settings {
  const entry = valueAt(file, path);
  return isTable(entry) ? entry : {};
}
