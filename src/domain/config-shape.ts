import type { ConfigFile } from "./config-schema.ts";
import { isEmoji, isPerson } from "./config-values.ts";
import { isPlainName } from "./names.ts";

/**
 * Tells quickly whether settings surely fit the schema. `false` only means that the schema must be asked: it is
 * the one that knows why, but loading and asking it takes longer than the rest of a command (docs/performance.md).
 * @see CONFIG_SCHEMA, which never refuses what this accepts
 */
export function surelyFits(value: unknown): value is ConfigFile {
  if (!isMap(value)) return false;
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(PARTS, key) || PARTS[key]?.(value[key]) !== true) return false;
  }
  return true;
}

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string";
const isPersonName: Test = (value) => typeof value === "string" && isPerson(value);
const isName: Test = (value) => typeof value === "string" && isPlainName(value);
const isMinutes: Test = (value) => typeof value === "number" && value >= 0 && value <= 1e7;
const isMinutesOrNull: Test = (value) => value === null || isMinutes(value);
const isPrefix: Test = (value) => typeof value === "string" && /^[A-Za-z0-9]{1,32}$/.test(value);
const isLimit: Test = (value) =>
  value === null || (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 1e6);
const isSwitch: Test = (value) => typeof value === "boolean";
const isPeople = listOf(isPersonName);
const isQueue = mapWith({
  handler: isPersonName,
  owner: isPersonName,
  sla_minutes: isMinutesOrNull,
  sla_hours: (value) => isMinutesOrNull(value) && Number(value) <= 1e5,
  id_prefix: isPrefix,
  max_in_progress: isLimit,
  require_evidence: isSwitch,
  confirmer_differs: isSwitch,
});
const isAgent = mapWith({
  heartbeat_minutes: (value) => isMinutes(value) && value !== 0,
  max_in_progress: isLimit,
});

const PARTS: Readonly<Record<string, Test>> = {
  format: (value) => Number.isInteger(value) && (value as number) >= 1,
  name: isText,
  initialized_at: isText,
  root: (value) => isPersonName(value) || isPeople(value),
  queues: mapOf(isQueue),
  agents: mapOf(isAgent, isPersonName),
  daily_summary_order: isPeople,
  issue_status_emoji: mapOf((value) => typeof value === "string" && isEmoji(value)),
  blockers_queue: isName,
  escalation_queue: isName,
  escalation_handler: isPersonName,
  id_style: (value) => value === "sequential" || value === "hash",
  language: (value) => value === "zh" || value === "en",
  allow_shared_modes: isSwitch,
  durability: (value) => value === "full" || value === "process",
};

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(test: Test): Test {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const part of value) if (!test(part)) return false;
    return true;
  };
}

/** A map from names to values that pass. */
function mapOf(test: Test, isKey: Test = isName): Test {
  return (value) => {
    if (!isMap(value)) return false;
    for (const name of Object.keys(value)) {
      if (!isKey(name) || !isName(name) || !test(value[name])) return false;
    }
    return true;
  };
}

/** A map with only these keys. */
function mapWith(tests: Readonly<Record<string, Test>>): Test {
  return (value) => {
    if (!isMap(value)) return false;
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(tests, key) || tests[key]?.(value[key]) !== true) return false;
    }
    return true;
  };
}
