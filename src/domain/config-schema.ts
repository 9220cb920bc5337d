import * as v from "valibot";
import { isPlainName } from "./names.ts";

const minutes = v.pipe(
  v.number(),
  v.finite("a finite number"),
  v.minValue(0, "at least 0"),
  v.maxValue(1e7, "at most 10000000"),
);
const heartbeat = v.pipe(minutes, v.gtValue(0, "more than 0"));
const text = v.string();
const name = v.pipe(
  v.string(),
  v.check(isPlainName, "a plain name: no /, no leading dot, at most 64 characters"),
);
const names = v.array(name);
const patterns = v.array(v.string());

const queue = v.looseObject({
  handler: v.optional(name),
  owner: v.optional(name),
  sla_minutes: v.nullish(minutes),
  sla_hours: v.nullish(minutes),
  id_prefix: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,32}$/, "1 to 32 letters or digits"))),
});

const agent = v.looseObject({ heartbeat_minutes: v.optional(heartbeat) });

/** Shape of `.mai/config.json`; unknown keys are left alone. */
export const CONFIG_SCHEMA = v.looseObject({
  format: v.optional(v.pipe(v.number(), v.integer("a whole number"), v.minValue(1, "at least 1"))),
  name: v.optional(text),
  initialized_at: v.optional(text),
  root: v.optional(v.union([name, names], "a name or a list of names")),
  queues: v.optional(v.record(name, queue)),
  agents: v.optional(v.record(name, agent)),
  daily_summary_order: v.optional(names),
  issue_status_emoji: v.optional(v.record(v.string(), text)),
  blockers_queue: v.optional(name),
  escalation_queue: v.optional(name),
  id_style: v.optional(v.picklist(["sequential", "hash"])),
  language: v.optional(v.picklist(["zh", "en"])),
  durability: v.optional(v.picklist(["full", "process"])),
  safe_check: v.optional(v.looseObject({ deny: v.optional(patterns), allow: v.optional(patterns) })),
});

/** The settings as the file holds them. */
export type ConfigFile = v.InferOutput<typeof CONFIG_SCHEMA>;

/** What is wrong with a settings file: the key path, dotted, and what is expected there. */
export interface ConfigFault {
  readonly key: string;
  readonly expected: string;
}

/** Checks settings against the schema; returns every fault, none when they are sound. */
export function configFaults(settings: unknown): readonly ConfigFault[] {
  const result = v.safeParse(CONFIG_SCHEMA, settings);
  if (result.success) return unsafeKeys(settings as ConfigFile);
  return result.issues.map((issue) => ({
    key: v.getDotPath(issue) ?? "(top level)",
    expected: issue.message,
  }));
}

/** valibot leaves keys such as `__proto__` out of a record without a word; they are no names. */
function unsafeKeys(settings: ConfigFile): readonly ConfigFault[] {
  return (["queues", "agents"] as const).flatMap((section) =>
    Object.keys(settings[section] ?? {})
      .filter((key) => !isPlainName(key))
      .map((key) => ({ key: `${section}.${key}`, expected: "a plain name" })),
  );
}
