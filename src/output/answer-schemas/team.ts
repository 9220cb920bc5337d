import * as v from "valibot";
import { CONFIG_SCHEMA } from "../../domain/config-schema.ts";
import { STATES, type State } from "../../domain/issue.ts";
import { LISTED_ISSUE, listed, listedIssue, lockWithTime, ROUND } from "./issue-pieces.ts";
import { amount, count, flag, idempotent, ids, limit, shownOf, text, texts, time, told } from "./pieces.ts";
import { type AnswerShape, answers } from "./shape.ts";

const STATE_COUNTS = Object.fromEntries(STATES.map((name) => [name.toLowerCase(), count])) as Record<
  Lowercase<State>,
  typeof count
>;
const COUNTS = { ...STATE_COUNTS, overdue: count, total: count };
const slaHours = told(v.nullable(amount), "null for no deadline");
const MADE = {
  name: text,
  path: text,
  root: texts,
  idempotent,
  work_tree: v.exactOptional(told(text, "The linked work tree of git in which it was asked for")),
};
const QUEUE = {
  queue: text,
  owner: text,
  sla_hours: slaHours,
  sla_minutes: v.nullable(amount),
  id_prefix: text,
  new_issues: told(text, "Who gets new issues"),
  max_in_progress: limit,
  require_evidence: flag,
  confirmer_differs: flag,
  idempotent,
};
const changes = v.array(
  v.strictObject({ key: text, from: told(v.unknown(), "null where there was none"), to: v.unknown() }),
);
const TRUSTED = {
  path: text,
  owners: told(v.array(count), "Numbers of the users that it belonged to when it was trusted"),
  group: told(v.nullable(count), "Number of the group of a setgid team directory"),
};
const DOOMED = { name: text, path: text, issues: count };

/** Answers of the commands about projects, agents, queues and settings. */
export const TEAM_ANSWERS = {
  init: answers(MADE),
  "project init": answers(MADE),
  setup: answers({ path: text, root: texts, idempotent }),
  status: answers({
    project: v.strictObject({ name: text, path: text, format: count }),
    roots: texts,
    agents: v.array(v.strictObject({ name: text, heartbeat_minutes: amount, leases: count })),
    queues: v.record(text, v.strictObject({ sla_owner: text, sla_hours: slaHours, ...COUNTS })),
    counts: v.strictObject(COUNTS),
    waiting: told(count, "Issues that wait for others"),
    overdue: v.array(listedIssue),
    locks: v.array(lockWithTime),
    total_locks: count,
    daily_summary: v.nullable(v.strictObject({ ...ROUND, today: flag })),
  }),
  "project list": answers({
    projects: v.array(
      v.strictObject({
        name: text,
        path: text,
        description: text,
        agents: texts,
        created_at: v.nullable(time),
        state: v.picklist(["here", "missing", "unreadable"]),
      }),
    ),
    total: count,
  }),
  "project prune": answers({
    pruned: v.array(v.strictObject({ name: text, path: text })),
    total: count,
    idempotent,
  }),
  "project trust": answers(
    { ...TRUSTED, trusted: flag, idempotent },
    { projects: v.array(v.strictObject(TRUSTED)), total: count },
  ),
  "project delete": answers(
    {
      ...DOOMED,
      backup: v.nullable(text),
      unpack: told(v.nullable(text), "The command that does it"),
      deleted: v.literal(true),
      idempotent,
    },
    { ...DOOMED, deleted: told(v.literal(false), "Nobody said yes"), idempotent },
  ),
  "agent add": answers({
    agent: text,
    heartbeat_minutes: amount,
    max_in_progress: limit,
    queue: text,
    id_prefix: text,
    idempotent,
  }),
  "agent list": answers({
    agents: v.array(v.strictObject({ name: text, heartbeat_minutes: amount, max_in_progress: limit })),
  }),
  "agent remove": answers({ agent: text, queue_kept: flag, idempotent }),
  "queue check": answers({
    queues: v.record(
      text,
      v.strictObject({ sla_owner: text, sla_hours: slaHours, total: count, issues: v.array(listed) }),
    ),
    ...shownOf,
  }),
  "queue blockers": answers({
    blockers_queue: text,
    issues: v.array(
      v.strictObject({
        ...LISTED_ISSUE,
        reason: v.nullable(text),
        blocked_by: told(v.nullable(text), "Who said so"),
        blocked_since: v.nullable(time),
        blocks: told(ids, "Issues that wait for it"),
      }),
    ),
    total: count,
  }),
  "queue create": answers(QUEUE),
  "queue set": answers(QUEUE),
  "queue remove": answers({ queue: text, idempotent }),
  "config show": answers({
    settings: CONFIG_SCHEMA,
    toml: v.exactOptional(told(text, "With --toml: the same as a team file")),
  }),
  "config get": answers({ key: text, value: v.unknown() }),
  "config set": answers({ key: text, changes, idempotent }),
  "config apply": answers({ file: text, changes, idempotent }),
} as const satisfies Readonly<Record<string, AnswerShape>>;
