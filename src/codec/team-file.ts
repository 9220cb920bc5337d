import { parse, stringify, TomlError } from "smol-toml";
import { type ConfigFault, configFaults } from "../domain/config-schema.ts";
import { MaiError } from "../domain/errors.ts";
import { isTable, type Settings } from "../domain/settings.ts";
import { configInvalid } from "./config-file.ts";

/** How TOML, which has no null, says that there is no deadline, and no limit. */
const NONE = "none";
/** Settings of an entry of each section that can be none. */
const CAN_BE_NONE = {
  queues: ["sla_minutes", "sla_hours", "max_in_progress"],
  agents: ["max_in_progress"],
} as const;
const MEND = "Mend the file, then apply it again; nothing was changed.";

/**
 * Reads a team file; `sla_minutes = "none"` (or `false`) becomes null, and so does `max_in_progress`.
 * @param path names the file in errors
 * @throws CONFIG_INVALID naming file, key or line, and expectation
 */
export function parseTeamFile(text: string, path: string): Settings {
  const wanted = withNulls(parseToml(text, path));
  const [fault] = [...configFaults(wanted), ...contradictions(wanted)];
  if (fault !== undefined) throw configInvalid(path, fault, MEND);
  return wanted;
}

/** Writes settings as a team file; what TOML cannot hold is left out, no deadline and no limit are `"none"`. */
export function formatTeamFile(settings: Settings): string {
  const { format: _format, initialized_at: _at, ...said } = settings;
  const queues = Object.entries(isTable(said.queues) ? said.queues : {}).map(([name, entry]) => [
    name,
    withOwner(entry),
  ]);
  return stringify(
    withoutNulls({ ...said, queues: Object.fromEntries(queues) }, []) as Record<string, unknown>,
  );
}

/** People say owner; only config.json says handler. */
function withOwner(entry: unknown): unknown {
  if (!isTable(entry)) return entry;
  const { handler, ...rest } = entry;
  return { owner: handler, ...rest };
}

function parseToml(text: string, path: string): Settings {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = "not TOML"] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    throw new MaiError("CONFIG_INVALID", `${path}: line ${error.line}, column ${error.column}: ${what}.`, {
      hint: MEND,
      fields: { path, line: error.line, column: error.column, expected: "TOML" },
      cause: error,
    });
  }
}

function withNulls(wanted: Settings): Settings {
  const sections = (["queues", "agents"] as const).flatMap((section) => {
    const entries = wanted[section];
    return isTable(entries) ? [[section, entriesWithNulls(entries, CAN_BE_NONE[section])]] : [];
  });
  return { ...wanted, ...Object.fromEntries(sections) };
}

function entriesWithNulls(entries: Settings, keys: readonly string[]): Settings {
  const withNull = (entry: Settings) => {
    const none = keys.filter((key) => entry[key] === NONE || entry[key] === false);
    return { ...entry, ...Object.fromEntries(none.map((key) => [key, null])) };
  };
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, isTable(entry) ? withNull(entry) : entry]),
  );
}

/** One thing said twice, in the new spelling and in the old. */
function contradictions(wanted: Settings): readonly ConfigFault[] {
  return Object.entries(isTable(wanted.queues) ? wanted.queues : {}).flatMap(([name, entry]) => {
    if (!isTable(entry)) return [];
    const twice = [
      ["handler", "owner"],
      ["sla_minutes", "sla_hours"],
    ].find((keys) => keys.every((key) => entry[key] !== undefined));
    if (twice === undefined) return [];
    const expected = `one of ${twice.join(" and ")}`;
    return [{ key: `queues.${name}`, expected, found: JSON.stringify(entry) }];
  });
}

function withoutNulls(value: unknown, path: readonly string[]): unknown {
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (inner !== null) return fitsToml(inner) ? [[key, withoutNulls(inner, [...path, key])]] : [];
      return canBeNone(path[0], key) ? [[key, NONE]] : [];
    }),
  );
}

function canBeNone(section: string | undefined, key: string): boolean {
  const keys: readonly string[] = section === "queues" || section === "agents" ? CAN_BE_NONE[section] : [];
  return keys.includes(key);
}

/** TOML knows no null within a list. */
function fitsToml(value: unknown): boolean {
  return !Array.isArray(value) || value.every((item) => item !== null && fitsToml(item));
}
