import { configInvalid } from "../../codec/config-file.ts";
import { settingsOf } from "../../codec/settings.ts";
import { formatTeamFile, parseTeamFile } from "../../codec/team-file.ts";
import { configFaults } from "../../domain/config-schema.ts";
import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { parseDottedKey, settingKind, unknownSetting } from "../../domain/setting-keys.ts";
import { isTable, type Settings, valueAt, withChanges } from "../../domain/settings.ts";
import { CONFIG_PATH } from "../../store/project-paths.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { readUserFile } from "../projects/user-file.ts";
import { readTeam } from "../team.ts";
import { mergeSettings, requireSetting, type SettingsAnswer } from "./change-settings.ts";

/** Words that stand for "no value" where a setting can be without one. */
const NOTHING: ReadonlySet<string> = new Set(["none", "null", "false"]);

/** Reads the settings as they hold, with every default. */
export function readSettings(call: Call): Settings {
  return readProject(call.workspace, (view) => {
    const { config, file } = readTeam(view, call);
    return settingsOf(config, file);
  });
}

/** Reads the settings as a team file. */
export function readTeamFile(call: Call): string {
  return formatTeamFile(readSettings(call));
}

/**
 * Reads one setting by its dotted key.
 * @throws NOT_FOUND, INVALID_QUEUE, INVALID_AGENT with the nearest name
 */
export function readSetting(call: Call, key: string): unknown {
  const current = readSettings(call);
  const path = parseDottedKey(key);
  const [section, name = "", field] = path;
  if (section === "queues" && field === "owner") return requireSetting(current, [section, name, "handler"]);
  if (section !== "queues" || field !== "sla_hours") return requireSetting(current, path);
  const minutes = requireSetting(current, [section, name, "sla_minutes"]);
  return typeof minutes === "number" ? minutes / 60 : null;
}

/**
 * Sets one setting.
 * @param text a number, a word, or names with commas between; `none` for no deadline and for no limit
 * @throws NOT_FOUND, INVALID_QUEUE, INVALID_AGENT, CONFIG_INVALID, PERMISSION_DENIED
 */
export function setSetting(call: Call, key: string, text: string): Outcome<SettingsAnswer> {
  const path = parseDottedKey(key);
  return mergeSettings(call, { operation: "config set", name: CONFIG_PATH }, (current) => {
    const to = valueFor(path, text, current);
    const wanted = withChanges({}, [{ path, from: null, to }]);
    const [fault] = configFaults(wanted);
    if (fault === undefined) return wanted;
    throw configInvalid(CONFIG_PATH, { ...fault, found: JSON.stringify(text) }, "Nothing was changed.");
  });
}

/**
 * Merges a team file into the settings.
 * @param file.path relative to `file.cwd`
 * @throws NOT_FOUND, CONFIG_INVALID, PERMISSION_DENIED
 */
export function applyTeamFile(
  call: Call,
  file: { readonly cwd: string; readonly path: string },
): Outcome<SettingsAnswer> {
  const wanted = parseTeamFile(readUserFile(call, file.cwd, file.path), file.path);
  return mergeSettings(call, { operation: "config apply", name: file.path }, () => wanted);
}

function valueFor(path: readonly string[], text: string, current: Settings): unknown {
  const [section = "", name = ""] = path;
  const there = valueAt(current, path);
  const isNamed = section === "queues" || section === "agents";
  if (isNamed && valueAt(current, [section, name]) === undefined) throw unknownSetting(path, current);
  if (isTable(there)) {
    throw new MaiError("CONFIG_INVALID", `${path.join(".")} is a table: set one key in it.`, {
      hint: `Its keys: ${Object.keys(there).join(", ")}. Many at once: mai config apply FILE.toml`,
    });
  }
  const kind = settingKind(path);
  if (kind === null && there === undefined) throw unknownSetting(path, current);
  if (kind === "list")
    return text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  if (kind === "switch") return switchOf(text);
  if (kind === "minutes" || kind === "limit") return NOTHING.has(text.toLowerCase()) ? null : numberOf(text);
  if (kind === "number") return numberOf(text);
  return kind === null && typeof there === "number" ? numberOf(text) : text;
}

/** Text that is neither stays text, and the schema says what it should be. */
function switchOf(text: string): boolean | string {
  const said = text.toLowerCase();
  if (said === "true" || said === "yes") return true;
  return said === "false" || said === "no" ? false : text;
}

/** Text that is no number stays text, and the schema says what it should be. */
function numberOf(text: string): number | string {
  return /^-?(?:\d{1,15}(?:\.\d{1,9})?|\.\d{1,9})$/.test(text) ? Number(text) : text;
}
