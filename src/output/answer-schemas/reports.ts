import * as v from "valibot";
import { EVENT_TYPES } from "../../domain/events.ts";
import { STATES } from "../../domain/issue.ts";
import { HANDOVER, lock, ROUND, WHOLE_ISSUE } from "./issue-pieces.ts";
import {
  count,
  date,
  flag,
  idempotent,
  ids,
  minutesLeft,
  priority,
  shownOf,
  state,
  text,
  texts,
  time,
  told,
} from "./pieces.ts";
import { type AnswerShape, answers, lines } from "./shape.ts";

const seconds = v.nullable(count);
const FLOW = {
  created: count,
  claimed: count,
  completed: count,
  discarded: count,
  median_seconds_to_claim: seconds,
  seconds_in_state: v.strictObject({ open: count, in_progress: count, blocked: count }),
  sla_misses: count,
};
const flow = v.strictObject(FLOW);
const event = v.strictObject({
  seq: told(count, "From 1, without a gap"),
  ts: time,
  actor: text,
  type: v.picklist(EVENT_TYPES),
  issue: v.nullable(text),
  queue: v.nullable(text),
  from: v.nullable(state),
  to: v.nullable(state),
  data: v.nullable(v.record(text, v.unknown())),
});
const nothing = v.null();
const PRIMED = {
  operator: v.nullable(text),
  held: v.array(
    v.strictObject({
      issue_id: text,
      live: flag,
      blocked: told(v.nullable(text), "Why it is BLOCKED; null where it is not"),
      ttl_minutes: minutesLeft,
    }),
  ),
  waiting: told(
    v.array(v.strictObject({ issue_id: text, priority, title: text, age_seconds: count })),
    "Handed to the operator, or escalated for them to decide",
  ),
  handovers: v.array(v.strictObject({ issue_id: text, ...HANDOVER })),
};

/** Answers of the commands that tell what happened and how things stand. */
export const REPORT_ANSWERS = {
  events: lines(v.union([event, told(v.strictObject({ warnings: texts }), "As the last line")])),
  graph: answers({
    nodes: v.array(
      v.strictObject({
        id: text,
        title: v.nullable(text),
        status: told(v.picklist([...STATES, "MISSING"]), "MISSING: named, but not there"),
        owner: v.nullable(text),
        waits: flag,
      }),
    ),
    edges: told(v.array(v.strictObject({ from: text, to: text })), "`to` waits for `from`"),
    cycles: v.array(ids),
    mermaid: v.exactOptional(told(text, "With --mermaid")),
  }),
  prime: answers(
    {
      project: text,
      path: text,
      ...PRIMED,
      counts: v.strictObject({
        open: count,
        in_progress: count,
        blocked: count,
        overdue: count,
        waiting: count,
        yours: count,
      }),
      problem: nothing,
    },
    {
      project: nothing,
      path: nothing,
      ...PRIMED,
      counts: nothing,
      problem: told(
        v.nullable(v.strictObject({ code: text, message: text, hint: v.nullable(text) })),
        "null where there is no project",
      ),
    },
  ),
  stats: answers({
    span_seconds: count,
    total: flow,
    queues: v.record(text, flow),
    agents: v.array(
      v.strictObject({
        name: text,
        claimed: count,
        completed: count,
        events: count,
        last_seen_seconds: seconds,
        silent: flag,
      }),
    ),
  }),
  "log history": answers({
    date,
    agent: v.nullable(text),
    entries: texts,
    records: told(
      v.array(
        v.nullable(
          v.strictObject({ ts: text, actor: text, event: text, summary: text, status: v.nullable(text) }),
        ),
      ),
      "Parts of the entries; null where one is no line of mai",
    ),
    ...shownOf,
  }),
  "log write": answers({ agent: text, type: text, status: v.nullable(text), line: text, idempotent }),
  "log undo": answers({ line: text, date }),
  "daily-summary trigger": answers({ ...ROUND, idempotent }),
  "daily-summary status": answers(ROUND),
  "daily-summary write": answers({ agent: text, ...ROUND, replaced: flag, idempotent }),
  "daily-summary read": answers(
    { agent: text, date, content: text },
    { date, participants: texts, summaries: v.record(text, v.nullable(text)), path: v.nullable(text) },
  ),
  "daily-summary reset": answers({ idempotent }),
  "escalation gen": answers({
    issue: v.strictObject(WHOLE_ISSUE),
    lock,
    state_since: v.nullable(time),
    state_seconds: seconds,
    states: v.array(v.strictObject({ status: state, since: time, actor: text, seconds })),
    holders: v.array(v.strictObject({ agent: text, since: time })),
    blockers: v.array(v.strictObject({ ts: time, actor: text, text })),
    waits_for: ids,
    related: v.array(
      v.strictObject({
        id: text,
        relation: v.picklist(["refers_to", "referred_by"]),
        status: v.nullable(state),
        priority: v.nullable(priority),
        owner: v.nullable(text),
        title: v.nullable(text),
      }),
    ),
    next: v.array(v.strictObject({ when: text, command: text })),
    escalation_template: text,
  }),
} as const satisfies Readonly<Record<string, AnswerShape>>;
