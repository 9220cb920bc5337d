import * as v from "valibot";
import { RECORD_WORDS } from "../../domain/issue.ts";
import {
  amount,
  count,
  date,
  fence,
  flag,
  idempotent,
  ids,
  minutesLeft,
  priority,
  state,
  text,
  texts,
  time,
  told,
} from "./pieces.ts";

const owner = told(text, "Who handles it");

/** Stands beside a handler that is nobody. */
export const unassigned = v.exactOptional(told(v.literal(true), "Nobody handles it; left out otherwise"));

/** What every list can tell of an issue. */
const LISTED = {
  id: text,
  queue: text,
  title: text,
  status: state,
  priority,
  owner,
  unassigned,
  created: time,
  sla_deadline: v.nullable(time),
  overdue: flag,
};

/** Entries of a listed issue. */
const seconds = v.nullable(count);
export const LISTED_ISSUE = {
  ...LISTED,
  age_seconds: v.exactOptional(told(count, "Since its creation; not where only one issue is told")),
  holder: v.exactOptional(told(text, "Who holds it; left out where nobody does")),
  lease_seconds_left: v.exactOptional(told(seconds, "Beside holder; null while a process holds it")),
  labels: v.exactOptional(told(texts, "Left out where there are none")),
  waits_for: v.exactOptional(told(ids, "Left out where there are none, or nobody asked")),
};

/** A listed issue. */
export const listedIssue = v.strictObject(LISTED_ISSUE);

const creator = told(v.nullable(text), "null in older files that do not say");
const PICKED = {
  ...LISTED,
  holder: v.nullable(text),
  lease_seconds_left: seconds,
  age_seconds: seconds,
  creator,
  ref: v.nullable(text),
  blocked_by: ids,
  labels: texts,
  fence,
};

/** What a list shows: the usual, the fields that were asked for, or the id alone. */
export const listed = v.union([
  listedIssue,
  told(v.partial(v.strictObject(PICKED)), "With --fields"),
  told(text, "With --ids: the id"),
]);

const LOCK = {
  issue_id: text,
  holder: text,
  timestamp: told(text, "Time of the claim"),
  age_seconds: told(count, "Since it was claimed or renewed"),
  threshold_seconds: told(count, "It is stale when it is older"),
  stale: flag,
  fence,
  session: v.nullable(text),
  hold: told(flag, "It lives as long as a process does"),
};

/** The lease of an issue; null where there is none. */
export const lock = v.nullable(v.strictObject(LOCK));

/** A lease with the minutes that it has left. */
export const lockWithTime = v.strictObject({ ...LOCK, ttl_minutes: minutesLeft });

/** The records of an issue, newest first: as the Python tool lists them, and in their parts. */
export const RECORDS = {
  timeline: texts,
  records: v.array(
    v.strictObject({ ts: text, actor: text, word: v.nullable(v.picklist(RECORD_WORDS)), text }),
  ),
};

/** The check list of an issue. */
export const acceptance = v.array(v.strictObject({ n: count, text, done: flag }));

/** Entries of a hand-over note. */
export const HANDOVER = {
  from: text,
  to: text,
  ts: time,
  done: texts,
  remaining: texts,
  decisions: texts,
  uncertain: texts,
};

/** The newest hand-over note; null where there is none. */
export const handover = v.nullable(v.strictObject(HANDOVER));

/** Entries of a whole issue. */
export const WHOLE_ISSUE = {
  ...LISTED,
  handler: owner,
  queue_owner: text,
  creator,
  ref: v.nullable(text),
  blocked_by: ids,
  labels: texts,
  fence,
  description: text,
  context: text,
  acceptance,
  kept_rules: v.exactOptional(told(texts, "Acceptance rules of queues that the issue has left")),
  handover,
  archived: v.exactOptional(v.literal(true)),
  ...RECORDS,
};

/** What every operation on an issue answers. */
export const OPERATION = {
  issue_id: text,
  queue: text,
  title: text,
  status: state,
  previous_status: state,
  owner,
  unassigned,
  holder: told(v.nullable(text), "Who holds the lease"),
  fence,
  ttl_minutes: minutesLeft,
  idempotent,
};

/** What was found as evidence; of a command, nothing in a dry run. */
export const evidence = v.variant("kind", [
  v.strictObject({ kind: v.literal("file"), path: text, bytes: count, sha256: text }),
  v.strictObject({
    kind: v.literal("command"),
    command: text,
    exit_code: v.nullable(count),
    duration_ms: v.nullable(amount),
    output: told(v.nullable(text), "Its last lines"),
  }),
]);

/** A round of daily summaries; its parts are empty without one. */
export const ROUND = {
  date: v.nullable(date),
  triggered_at: v.nullable(time),
  participants: texts,
  status: v.record(text, v.picklist(["written", "pending"])),
  waiting_for: texts,
  complete: flag,
};
