import { rulesKept } from "./acceptance-rules.ts";
import type { Issue, Priority } from "./issue.ts";
import type { IssueVerdict, Situation } from "./issue-change.ts";
import { requireFence, requireLease } from "./lease-gate.ts";
import { requireRoom } from "./limits.ts";
import { isEditText, type Phrases, phrasesOf } from "./phrases.ts";
import { requireRole } from "./roles.ts";
import { refuseState } from "./states.ts";

/** What an operator can edit, in the order in which records name it. */
const EDITABLE = ["title", "body", "priority", "ref", "queue"] as const;
type EditableField = (typeof EDITABLE)[number];

/** New values, checked; absent ones stay as they are. */
export interface EditRequest {
  readonly title?: string;
  readonly body?: string;
  readonly priority?: Priority;
  readonly ref?: string;
  readonly queue?: string;
}

/**
 * Decides an edit: fields change, the state does not; a record keeps what the fields said before.
 * @param deadlineIn returns the deadline that the issue has in a queue
 * @throws PERMISSION_DENIED, LOCK_HELD, STALE_FENCE, ISSUE_DISCARDED, LIMIT_REACHED
 */
export function decideEdit(
  situation: Situation,
  request: EditRequest,
  deadlineIn: (queue: string) => string | null,
): IssueVerdict {
  const { issue, claimant, team } = situation;
  const changed = EDITABLE.filter((field) => request[field] !== undefined && request[field] !== issue[field]);
  if (changed.length === 0 && isLatestEditor(situation)) return { kind: "settled", renew: false };
  requireRole("edit", claimant.operator, team, { issue, queue: issue.queue });
  requireFence(situation);
  const forced = requireLease(situation);
  if (issue.status === "DISCARDED") throw refuseState("edit", issue);
  if (changed.length === 0) return { kind: "settled", renew: false };
  const says = phrasesOf(team.config.language);
  const moved = request.queue !== undefined && request.queue !== issue.queue;
  if (moved && situation.lease?.live === true) requireRoomIn(situation, request.queue);
  return {
    kind: "change",
    change: {
      status: issue.status,
      handler: issue.handler,
      record: { word: "AMENDED", text: recordText(issue, changed, { says, forced }) },
      lease: "renew",
      conclusion: null,
      edits: {
        ...request,
        ...(changed.includes("ref") ? { context: contextAfter(issue, request.ref ?? "", says) } : {}),
        ...(moved
          ? { slaDeadline: deadlineIn(request.queue), keptRules: rulesKept(team.config, issue) }
          : {}),
      },
      history: {
        actor: claimant.operator,
        event: "issue_amended",
        summary: `Issue ${issue.id} edited: ${changed.join(", ")}`,
        status: "amended",
      },
      events: [
        {
          type: "issue.edited",
          actor: claimant.operator,
          issue: issue.id,
          queue: request.queue ?? issue.queue,
          data: { changes: changesData(issue, request, changed), ...forcedData(situation, forced) },
        },
      ],
    },
  };
}

/** A held issue counts in the queue that it moves to. */
function requireRoomIn({ team, issue, around }: Situation, queue: string): void {
  requireRoom(team.config, { operator: null, issue: { id: issue.id, queue } }, around);
}

function isLatestEditor({ issue, claimant }: Situation): boolean {
  const newest = issue.records[0];
  return newest?.actor === claimant.operator && newest.word === "AMENDED" && isEditText(newest.text);
}

function recordText(
  issue: Issue,
  changed: readonly EditableField[],
  { says, forced }: { readonly says: Phrases; readonly forced: boolean },
): string {
  const lines = changed.map((field) => says.edited(field, issue[field] || says.nothing));
  return [...lines, ...(forced ? [says.forced.trim()] : [])].join("\n");
}

/** Returns the context in which the line of the old reference gave way to that of the new one, or went. */
export function contextAfter(issue: Issue, ref: string | null, says: Phrases): string {
  if (ref === null) return withoutReference(issue);
  const added = says.reference(ref);
  if (issue.ref === null) return issue.context === "" ? added : `${added}\n${issue.context}`;
  const old = new Set(
    (["zh", "en"] as const).map((language) => phrasesOf(language).reference(issue.ref ?? "")),
  );
  const lines = issue.context.split("\n");
  const place = lines.findIndex((line) => old.has(line));
  if (place === -1) return issue.context === "" ? added : `${added}\n${issue.context}`;
  return lines.with(place, added).join("\n");
}

function withoutReference(issue: Issue): string {
  const lines = (["zh", "en"] as const).map((language) => phrasesOf(language).reference(issue.ref ?? ""));
  return issue.context
    .split("\n")
    .filter((line) => !lines.includes(line))
    .join("\n");
}

function changesData(
  issue: Issue,
  request: EditRequest,
  changed: readonly EditableField[],
): Record<string, { from: string | null; to: string | null }> {
  return Object.fromEntries(
    changed.map((field) => [field, { from: issue[field], to: request[field] ?? null }]),
  );
}

function forcedData({ lease }: Situation, forced: boolean): Record<string, unknown> {
  return forced && lease !== null ? { forced: true, holder: lease.holder } : {};
}
