import * as v from "valibot";
import { FINDING_KINDS, type FindingCode } from "../../domain/doctor/finding.ts";
import { lock, OPERATION, unassigned } from "./issue-pieces.ts";
import {
  amount,
  count,
  date,
  failure,
  flag,
  idempotent,
  ids,
  minutesLeft,
  shownOf,
  state,
  text,
  texts,
  told,
} from "./pieces.ts";
import { type AnswerShape, answers, answersOrFails } from "./shape.ts";

const finding = v.strictObject({
  severity: v.picklist(["error", "warning", "note"]),
  code: v.picklist(Object.keys(FINDING_KINDS) as readonly FindingCode[]),
  path: v.nullable(text),
  message: text,
  fixable: flag,
  hint: text,
});
const DIAGNOSIS = {
  findings: v.array(finding),
  fixed: v.array(finding),
  file_system: v.nullable(text),
  mount_point: v.nullable(text),
};
const RACE = {
  directory: text,
  file_system: v.nullable(text),
  processes: count,
  rounds: v.array(
    v.strictObject({
      kind: text,
      processes: count,
      won: count,
      refused: count,
      failed: count,
      kept: count,
      lost: count,
      right: flag,
    }),
  ),
  findings: v.array(finding),
  seconds: amount,
};

/** Answers of the commands about leases, and of those that keep a project well. */
export const UPKEEP_ANSWERS = {
  "lock check": answers({ issue_id: text, status: state, owner: text, unassigned, lock }),
  "lock renew": answers({
    renewed: v.array(v.strictObject({ issue_id: text, ttl_minutes: minutesLeft })),
    total: count,
    idempotent,
  }),
  "lock release": answers(
    { ...OPERATION, released_from: v.nullable(text), forced: flag },
    { issue_id: text, idempotent: told(v.literal(true), "Nobody said yes") },
  ),
  "lock guardian": answersOrFails(
    {
      total_locks: count,
      stale_released: count,
      idempotent,
      released: v.array(
        v.strictObject({
          issue_id: text,
          holder: text,
          status: told(v.nullable(state), "null when the issue is gone"),
        }),
      ),
    },
    {
      error: told(text, "With --watch: why a round was left out"),
      message: text,
      retryable: v.literal(true),
    },
  ),
  archive: answers({
    before: v.nullable(date),
    restore: flag,
    issues: ids,
    ...shownOf,
    logs: texts,
    kept: v.array(v.strictObject({ issue_id: text, queue: text, reason: text })),
    remaining: told(count, "Left for the next run"),
    idempotent,
  }),
  doctor: answersOrFails(DIAGNOSIS, { ...failure("PROBLEMS_FOUND"), ...DIAGNOSIS }),
  "selftest race": answersOrFails(RACE, { ...failure("PROBLEMS_FOUND"), ...RACE }),
  "selftest flock": answers({ path: text, file: text, held_seconds: amount }),
} as const satisfies Readonly<Record<string, AnswerShape>>;
