import * as v from "valibot";
import { isEmoji, isPerson } from "./config-values.ts";
import { isPlainName } from "./names.ts";

const PLAIN = "a plain name: 1 to 64 characters, no / or \\, no leading dot, no spaces at the ends";
const PERSON = "a name: 1 to 64 characters, none of / \\ | : @ [ ], no leading dot, no spaces at the ends";

const minutes = v.pipe(
  v.number("a number of minutes"),
  v.finite("a number of minutes"),
  v.minValue(0, "a number of minutes, at least 0"),
  v.maxValue(1e7, "a number of minutes, at most 10000000"),
);
const hours = v.pipe(
  v.number("a number of hours"),
  v.finite("a number of hours"),
  v.minValue(0, "a number of hours, at least 0"),
  v.maxValue(1e5, "a number of hours, at most 100000"),
);
const limit = v.pipe(
  v.number("a whole number of issues"),
  v.integer("a whole number of issues"),
  v.minValue(0, "a number of issues, at least 0"),
  v.maxValue(1e6, "a number of issues, at most 1000000"),
);
const heartbeat = v.pipe(minutes, v.gtValue(0, "a number of minutes, more than 0"));
/** For valibot a list is an object too. */
function table<S extends v.GenericSchema<Record<string, unknown>, unknown>>(schema: S, expected: string) {
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  return v.pipe(v.custom<v.InferInput<S>>(isObject, expected), schema);
}

const toggle = v.boolean("true or false");
const text = v.string("a text");
const name = v.pipe(v.string(PLAIN), v.check(isPlainName, PLAIN));
const person = v.pipe(v.string(PERSON), v.check(isPerson, PERSON));
const people = v.array(person, "a list of names");
const patterns = v.array(v.string("a text"), "a list of texts");
const emoji = v.pipe(
  v.string("an emoji"),
  v.check(isEmoji, "an emoji: one line of at most 32 characters, no * or #"),
);

const queue = table(
  v.looseObject({
    handler: v.optional(person),
    owner: v.optional(person),
    sla_minutes: v.nullish(minutes),
    sla_hours: v.nullish(hours),
    require_evidence: v.optional(toggle),
    confirmer_differs: v.optional(toggle),
    id_prefix: v.optional(
      v.pipe(
        v.string("1 to 32 letters or digits"),
        v.regex(/^[A-Za-z0-9]{1,32}$/, "1 to 32 letters or digits"),
      ),
    ),
    max_in_progress: v.nullish(limit),
  }),
  "the settings of a queue (handler, sla_minutes, id_prefix, max_in_progress)",
);

const agent = table(
  v.looseObject({ heartbeat_minutes: v.optional(heartbeat), max_in_progress: v.nullish(limit) }),
  "the settings of an agent (heartbeat_minutes, max_in_progress)",
);

/** Shape of `.mai/config.json`; unknown keys are left alone. */
export const CONFIG_SCHEMA = table(
  v.looseObject({
    format: v.optional(
      v.pipe(
        v.number("a whole number"),
        v.integer("a whole number"),
        v.minValue(1, "a whole number, at least 1"),
      ),
    ),
    name: v.optional(text),
    initialized_at: v.optional(text),
    root: v.optional(v.union([person, people], "a name or a list of names")),
    queues: v.optional(table(v.record(name, queue), "queues by name")),
    agents: v.optional(table(v.record(person, agent), "agents by name")),
    daily_summary_order: v.optional(people),
    issue_status_emoji: v.optional(table(v.record(v.string(), emoji), "emoji by state")),
    blockers_queue: v.optional(name),
    escalation_queue: v.optional(name),
    escalation_handler: v.optional(person),
    id_style: v.optional(v.picklist(["sequential", "hash"], "sequential or hash")),
    language: v.optional(v.picklist(["zh", "en"], "zh or en")),
    allow_shared_modes: v.optional(toggle),
    durability: v.optional(v.picklist(["full", "process"], "full or process")),
    safe_check: v.optional(
      table(
        v.looseObject({ deny: v.optional(patterns), allow: v.optional(patterns) }),
        "deny and allow, each a list of texts",
      ),
    ),
  }),
  "an object of settings",
);

/** The settings as the file holds them. */
export type ConfigFile = v.InferOutput<typeof CONFIG_SCHEMA>;

/** What is wrong with a settings file: the key path, dotted, what is expected there, and what is there. */
export interface ConfigFault {
  readonly key: string;
  readonly expected: string;
  /** JSON of the faulty value, cut when it is long. */
  readonly found: string;
}

/** Longest faulty value that is shown, in characters. */
const SHOWN_VALUE = 60;

/** Checks settings against the schema; returns every fault, none when they are sound. */
export function configFaults(settings: unknown): readonly ConfigFault[] {
  const result = v.safeParse(CONFIG_SCHEMA, settings);
  if (result.success) return unsafeKeys(settings as ConfigFile);
  return result.issues.map((issue) => ({
    key: v.getDotPath(issue) ?? "(top level)",
    expected: issue.message,
    found: shown(issue.input),
  }));
}

/** valibot leaves keys such as `__proto__` out of a record without a word; they are no names. */
function unsafeKeys(settings: ConfigFile): readonly ConfigFault[] {
  return (["queues", "agents", "issue_status_emoji"] as const).flatMap((section) =>
    Object.keys(settings[section] ?? {})
      .filter((key) => !isPlainName(key))
      .map((key) => ({ key: `${section}.${key}`, expected: PLAIN, found: shown(key) })),
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN_VALUE ? text : `${text.slice(0, SHOWN_VALUE - 1)}…`;
}
