import * as v from "valibot";
import {
  acceptance,
  evidence,
  handover,
  listed,
  listedIssue,
  lock,
  OPERATION,
  RECORDS,
  unassigned,
  WHOLE_ISSUE,
} from "./issue-pieces.ts";
import {
  count,
  failure,
  fence,
  flag,
  idempotent,
  ids,
  priority,
  shownOf,
  state,
  text,
  texts,
  time,
  told,
} from "./pieces.ts";
import { type AnswerShape, answers, answersOrFails } from "./shape.ts";

const freed = told(ids, "Issues that waited for it alone");
const shown = v.strictObject({ ...WHOLE_ISSUE, waits_for: ids, blocks: ids });
const RUN = {
  issue_id: text,
  queue: text,
  title: text,
  status: state,
  owner: text,
  fence,
  signal: v.nullable(text),
  follow_up: v.nullable(v.picklist(["complete", "transfer", "block"])),
};

const remark = v.strictObject({ ts: time, actor: text, text });
/** What is needed to begin work. */
const WORK = {
  taken_over_from: told(v.nullable(text), "Whose lease had ended"),
  priority,
  creator: v.nullable(text),
  sla_deadline: v.nullable(time),
  ref: v.nullable(text),
  labels: texts,
  acceptance,
  require_evidence: told(flag, "Whether a completion needs --evidence"),
  accepted_by: told(texts, "Who may accept the result"),
  handover,
  sent_back: told(
    v.nullable(v.strictObject({ how: v.picklist(["rejected", "reopened"]), by: text, ts: time, text })),
    "Why the work came back, unless it was completed since",
  ),
  remarks: v.exactOptional(told(v.array(remark), "Since the work last changed hands; not with --brief")),
  description: v.exactOptional(told(text, "Not with --brief")),
};

/** Answers of the commands about issues. */
export const ISSUE_ANSWERS = {
  "issue new": answers({
    issue_id: text,
    queue: text,
    title: text,
    status: v.literal("OPEN"),
    owner: text,
    unassigned,
    priority,
    sla_deadline: v.nullable(time),
    blocked_by: ids,
    idempotent,
  }),
  "issue claim": answers({ ...OPERATION, ...WORK }),
  "issue amend": answers(OPERATION),
  "issue block": answers(OPERATION),
  "issue unblock": answers(OPERATION),
  "issue transfer": answers({ ...OPERATION, next_handler: text }),
  "issue complete": answers({ ...OPERATION, freed, evidence: v.array(evidence) }),
  "issue confirm": answers({ ...OPERATION, freed, evidence: v.array(evidence) }),
  "issue reject": answers({ ...OPERATION, next_handler: text }),
  "issue reopen": answers({ ...OPERATION, blocks: told(ids, "Issues that wait for it again") }),
  "issue escalate": answers({
    ...OPERATION,
    original_id: text,
    new_id: text,
    escalation_queue: text,
    new_status: told(v.nullable(state), "null when that issue is gone"),
    new_handler: told(v.nullable(text), "Who decides; null when that issue is gone"),
  }),
  "issue discard": answers({ ...OPERATION, freed }),
  "issue edit": answers(OPERATION),
  "issue label": answers({ ...OPERATION, labels: texts }),
  "issue check": answers({ ...OPERATION, acceptance }),
  "issue depend": answers({ ...OPERATION, blocked_by: ids, waits_for: told(ids, "The unfinished of them") }),
  undo: answers({ ...OPERATION, undone: v.strictObject({ seq: count, type: text, command: text }) }),
  // It only says what replaced it.
  "issue submit-to-creator": answers(),
  "issue run": answersOrFails(
    { ...RUN, exit_code: told(v.nullable(v.literal(0)), "null in a dry run") },
    { ...RUN, ...failure("COMMAND_FAILED") },
  ),
  "issue show": answers(
    { issue: shown, lock },
    { issues: told(v.array(v.strictObject({ issue: shown, lock })), "For more than one id") },
  ),
  "issue status": answers({
    issue_id: text,
    queue: text,
    title: text,
    status: state,
    priority,
    owner: text,
    unassigned,
    overdue: flag,
    lock,
    ...RECORDS,
  }),
  "issue list": answers({
    issues: v.array(listed),
    ...shownOf,
    hidden_finished: told(count, "Finished issues that would match; --all shows them"),
  }),
  next: answers({
    ...OPERATION,
    reason: v.picklist(["held", "resumed", "assigned", "own_queue", "unassigned", "any"]),
    why: text,
    overdue: flag,
    ...WORK,
    peek: v.exactOptional(told(v.literal(true), "With --peek: nothing was claimed")),
  }),
  wait: answers({ issue_id: text, queue: text, status: state, issue: listedIssue }),
  import: answers({
    format: v.picklist(["beads", "backlog", "taskwarrior", "task-master", "github", "csv"]),
    issues: v.array(
      v.strictObject({
        line: count,
        source_id: text,
        issue_id: text,
        state: v.picklist(["open", "blocked", "finished", "discarded"]),
        known: told(flag, "Imported before"),
      }),
    ),
    made: count,
    total: count,
    left_out: told(count, "Entries that are no issues, or were deleted there"),
    remaining: told(count, "Issues that a fault kept from being reached, after the first 1,000"),
    idempotent,
  }),
} as const satisfies Readonly<Record<string, AnswerShape>>;
