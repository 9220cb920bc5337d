import { rulesKept } from "./acceptance-rules.ts";
import { contextAfter } from "./decide-edit.ts";
import { MaiError } from "./errors.ts";
import type { EventDraft } from "./events.ts";
import type { Handover, Issue, RecordWord, State } from "./issue.ts";
import type { FieldEdits, IssueChange, Situation } from "./issue-change.ts";
import { isOwnLease } from "./lease.ts";
import { requireFence, requireLease } from "./lease-gate.ts";
import { requireRoom } from "./limits.ts";
import { phrasesOf } from "./phrases.ts";
import { requireRole } from "./roles.ts";
import type { UndoableChange } from "./undoable-change.ts";

/** Operations that go past a lease of somebody else; so does taking them back. */
const MEETS_NO_LEASE: ReadonlySet<string> = new Set(["amend", "check", "label"]);

/** How an issue was before a change, as its event tells it. */
interface Earlier {
  readonly status: State;
  readonly handler: string;
  readonly edits: FieldEdits;
}

/**
 * Decides the taking back of a change: the issue gets the fields that it had, in a new change. A lease that ended with
 * the change is taken anew, with a fencing token of its own; one that the change took ends.
 * @param deadlineIn returns the deadline that the issue has in a queue
 * @throws PERMISSION_DENIED, LOCK_HELD, LIMIT_REACHED; INVALID_STATE where the file is not as the change left it
 */
export function decideUndo(
  situation: Situation,
  undoable: UndoableChange,
  deadlineIn: (queue: string) => string | null,
): IssueChange {
  const { issue, claimant, team } = situation;
  const { operation } = undoable;
  const earlier = earlierIssue(situation, undoable, deadlineIn);
  const queue = earlier.edits.queue ?? issue.queue;
  const keptRules = queue === issue.queue ? issue.keptRules : rulesKept(team.config, issue);
  // Who handed an issue over is not its handler any more, and may say so all the same.
  requireRole(operation, claimant.operator, team, { issue: { ...issue, handler: earlier.handler }, queue });
  requireFence(situation);
  if (!MEETS_NO_LEASE.has(operation)) requireLease(situation);
  requireNewest(issue, undoable);
  requireAsLeft(issue, undoable);
  const lease = leaseAfter(situation, undoable, earlier.status);
  // A held issue that goes back counts in its old queue again.
  const isTaken = typeof lease === "object";
  if (isTaken || (queue !== issue.queue && situation.lease?.live === true)) {
    const operator = isTaken ? claimant.operator : null;
    requireRoom(team.config, { operator, issue: { id: issue.id, queue } }, situation.around);
  }
  const isHeld = isTaken || (lease === "renew" && situation.lease !== null);
  const status = earlier.status === "IN_PROGRESS" && !isHeld ? "OPEN" : earlier.status;
  const told = phrasesOf(team.config.language).undone(`issue ${operation}`);
  return {
    status,
    handler: earlier.handler,
    record: recordOf(situation, { operation, status, told }),
    lease,
    conclusion: operation === "complete" ? told : null,
    edits: { ...earlier.edits, keptRules },
    history: {
      actor: claimant.operator,
      event: "issue_undone",
      summary: `Issue ${issue.id}: issue ${operation} taken back`,
      status: status.toLowerCase(),
    },
    events: [undoneEvent(situation, undoable, { status, handler: earlier.handler, queue, lease })],
  };
}

function undoneEvent(
  { issue, claimant }: Situation,
  { event }: UndoableChange,
  after: Pick<IssueChange, "status" | "handler" | "lease"> & { readonly queue: string },
): EventDraft {
  const { status, handler, lease, queue } = after;
  return {
    ...{ type: "issue.undone", actor: claimant.operator, issue: issue.id, queue },
    ...(status === issue.status ? {} : { from: issue.status, to: status }),
    data: {
      ...{ undone_seq: event.seq, undone_type: event.type },
      ...(typeof lease === "object" ? { fence: lease.fence } : {}),
      ...(handler === issue.handler ? {} : { handler, previous_handler: issue.handler }),
    },
  };
}

function earlierIssue(
  { issue, team, lease }: Situation,
  { event, operation }: UndoableChange,
  deadlineIn: (queue: string) => string | null,
): Earlier {
  if (operation === "new") return { status: "DISCARDED", handler: issue.handler, edits: {} };
  const { previous_handler: previous } = event.data ?? {};
  // A claim that took work over did not have it from the holder before, but from whom it belonged to.
  const handler = operation === "claim" ? (lease?.from ?? previous) : previous;
  return {
    status: operation === "claim" ? "OPEN" : (event.from ?? issue.status),
    handler: typeof handler === "string" ? handler : issue.handler,
    edits:
      operation === "check"
        ? uncheckedItems(issue, event.data)
        : {
            ...earlierFields(issue, event.data, { deadlineIn, language: team.config.language }),
            ...earlierNote(event.data),
          },
  };
}

type EventData = UndoableChange["event"]["data"];
type Changes = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;

/** The event of an edit has the old value of every field that it changed. */
function earlierFields(
  issue: Issue,
  data: EventData,
  facts: {
    readonly deadlineIn: (queue: string) => string | null;
    readonly language: Parameters<typeof phrasesOf>[0];
  },
): FieldEdits {
  const changes = changesOf(data);
  const fields = Object.fromEntries(Object.entries(changes).map(([name, { from }]) => [name, from]));
  const { ref, queue } = fields;
  const says = phrasesOf(facts.language);
  return {
    ...fields,
    ...("ref" in fields ? { context: contextAfter(issue, typeof ref === "string" ? ref : null, says) } : {}),
    ...(typeof queue === "string" ? { slaDeadline: facts.deadlineIn(queue) } : {}),
  };
}

/** The event of a transfer with a note has the note that it took the place of. */
function earlierNote(data: EventData): FieldEdits {
  if (data?.handover === undefined) return {};
  return { handover: (data.previous_handover as Handover | undefined) ?? null };
}

function uncheckedItems(issue: Issue, data: EventData): FieldEdits {
  const items = Array.isArray(data?.items) ? (data.items as { n: number; done: boolean }[]) : [];
  const done = new Map(items.map((item) => [item.n, item.done]));
  return {
    acceptance: issue.acceptance.map((item, index) =>
      done.has(index + 1) ? { ...item, done: done.get(index + 1) !== true } : item,
    ),
  };
}

function changesOf(data: EventData): Changes {
  return typeof data?.changes === "object" && data.changes !== null ? (data.changes as Changes) : {};
}

/** The file must agree with the events that nothing came later: a change has one time in its record and its event. */
function requireNewest(issue: Issue, { event, newest }: UndoableChange): void {
  const [record] = issue.records;
  if (record?.ts === newest.ts && record.actor === newest.actor) return;
  const found = record === undefined ? "it has no records" : `@${record.actor} changed it at ${record.ts}`;
  throw new MaiError(
    "INVALID_STATE",
    `Cannot undo: ${issue.id} has changed since your ${event.type} (${found}).`,
    {
      hint: `See what happened: mai issue show ${issue.id}`,
      fields: { issue_id: issue.id, field: "records", seq: event.seq },
    },
  );
}

/** Somebody may have edited the file by hand: what they wrote is not taken for granted, nor overwritten. */
function requireAsLeft(issue: Issue, { event }: UndoableChange): void {
  const { handler } = event.data ?? {};
  const expected: Readonly<Record<string, unknown>> = {
    ...(event.to === undefined ? {} : { status: event.to }),
    ...(typeof handler === "string" ? { handler } : {}),
    ...Object.fromEntries(Object.entries(changesOf(event.data)).map(([name, { to }]) => [name, to])),
  };
  const odd = Object.entries(expected).find(
    ([name, value]) => JSON.stringify(issue[name as keyof Issue]) !== JSON.stringify(value),
  );
  if (odd === undefined) return;
  throw new MaiError(
    "INVALID_STATE",
    `${issue.id} is not as your ${event.type} left it: its ${odd[0]} was changed since.`,
    {
      hint: `Look at it, and say what is to be: mai issue show ${issue.id}`,
      fields: { issue_id: issue.id, field: odd[0] },
    },
  );
}

/** What becomes of the lease: a claim's ends; one that the operator gave up with the change is taken anew. */
function leaseAfter(
  situation: Situation,
  { event, operation }: UndoableChange,
  status: State,
): IssueChange["lease"] {
  const { issue, claimant, lease } = situation;
  if (operation === "claim") {
    const isOver = lease !== null && (isOwnLease(lease, claimant) || !lease.live);
    return isOver ? "release" : "keep";
  }
  const isWork = status === "IN_PROGRESS" || status === "BLOCKED";
  if (event.data?.held !== true || !isWork) return "renew";
  const fence = Math.max(issue.fence, lease?.fence ?? 0) + 1;
  const from = event.data.held_from;
  const owner = typeof from === "string" ? from : issue.handler;
  return { fence, holder: claimant.operator, session: claimant.session, from: owner };
}

/** The record bears the word of the state that it leaves; a blocked issue tells its reason again. */
function recordOf(
  { issue }: Situation,
  facts: { readonly operation: string; readonly status: State; readonly told: string },
): { readonly word: RecordWord; readonly text: string } {
  const { operation, status, told } = facts;
  const reasons = issue.records.filter(({ word }) => word === "BLOCKED");
  const reason = reasons[operation === "block" ? 1 : 0]?.text;
  if (status === "BLOCKED" && (operation === "block" || status !== issue.status))
    return { word: "BLOCKED", text: reason === undefined ? told : `${reason} (${told})` };
  return { word: status === issue.status ? "AMENDED" : status, text: told };
}
