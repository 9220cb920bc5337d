import { type AcceptanceItem, type Issue, type IssueRecord, isFinished } from "../domain/issue.ts";
import type { LeaseStatus } from "../domain/lease.ts";
import { leaseLeftMs } from "../domain/lease.ts";
import { readableRecord } from "../domain/phrases.ts";
import { formatSpan } from "../domain/time.ts";
import { handlerText } from "../domain/unassigned.ts";
import { currentNote } from "../domain/work-brief.ts";
import { alignColumns } from "./columns.ts";
import { handoverTextLines } from "./handover-text.ts";
import { type ListedFacts, timelineEntry } from "./issue-json.ts";

/** Longest title in a list, in characters. */
const LISTED_TITLE = 40;

/** Renders issues as aligned lines: id, state, priority, handler, title, labels. */
export function issueLines(issues: readonly ListedFacts[]): readonly string[] {
  return alignColumns(
    issues.map(({ issue, overdue, waitsFor = [] }) => [
      issue.id,
      issue.priority,
      issue.status + (overdue ? " overdue" : ""),
      handlerText(issue.handler),
      shortTitle(issue.title) + listedLabels(issue.labels) + listedWaits(waitsFor),
    ]),
  );
}

function listedWaits(ids: readonly string[]): string {
  return ids.length === 0 ? "" : `  waits for ${ids.join(", ")}`;
}

function listedLabels(labels: readonly string[]): string {
  return labels.length === 0 ? "" : `  [${labels.join(", ")}]`;
}

/** Renders one issue whole. */
export function issueText(
  facts: ListedFacts<Issue> & {
    readonly queueOwner: string;
    readonly lease: LeaseStatus | null;
    readonly archived: boolean;
    readonly blocks: readonly string[];
  },
): string {
  const { issue, overdue } = facts;
  const rows = [
    ["status", issue.status + (overdue ? " (overdue)" : "") + (facts.archived ? " (archived)" : "")],
    ["priority", issue.priority],
    ["queue", `${issue.queue} (owner ${handlerText(facts.queueOwner)})`],
    ["creator", issue.creator === null ? "unknown" : `@${issue.creator}`],
    ["handler", handlerText(issue.handler)],
    ["lease", leaseText(facts.lease)],
    ["fence", String(issue.fence)],
    ["created", issue.created],
    ...(issue.slaDeadline === null ? [] : [["deadline", issue.slaDeadline]]),
    ...(issue.ref === null ? [] : [["refers to", issue.ref]]),
    ...(issue.blockedBy.length === 0 ? [] : [["blocked by", blockedByText(facts)]]),
    ...(facts.blocks.length === 0 ? [] : [["blocks", facts.blocks.join(", ")]]),
    ...(issue.labels.length === 0 ? [] : [["labels", issue.labels.join(", ")]]),
    ...(issue.keptRules.length === 0 ? [] : [["rules kept", issue.keptRules.join(", ")]]),
  ];
  const note = issue.handover === null ? [] : handoverTextLines(issue.handover);
  // First while it is for whoever handles the issue now; later it is history.
  const isCurrent = !isFinished(issue.status) && currentNote(issue) !== null;
  return [
    `${issue.id}  ${issue.title}`,
    ...(isCurrent ? [...note, ""] : []),
    ...alignColumns(rows).map((line) => `  ${line}`),
    ...(issue.body === issue.title ? [] : ["", issue.body]),
    ...(issue.acceptance.length === 0 ? [] : ["", ...itemLines(issue.acceptance)]),
    ...(isCurrent || note.length === 0 ? [] : ["", ...note]),
    "",
    "Records, newest first:",
    ...recordLines(issue.records),
  ].join("\n");
}

/** Renders a check list: how much is done, then each item with its number. */
export function itemLines(items: readonly AcceptanceItem[]): readonly string[] {
  const done = items.filter((item) => item.done).length;
  const rows = items.map((item, index) => `  ${index + 1} [${item.done ? "x" : " "}] ${item.text}`);
  return [`Acceptance, ${done} of ${items.length} done:`, ...rows];
}

/** Tells which of them are finished, so that it is plain what it waits for. */
function blockedByText({ issue, waitsFor = [] }: ListedFacts): string {
  const waits = new Set(waitsFor);
  return issue.blockedBy.map((id) => (waits.has(id) ? id : `${id} (finished)`)).join(", ");
}

/** Renders records, each indented by two spaces, its further lines by four. */
export function recordLines(records: readonly IssueRecord[]): readonly string[] {
  return records.map((record) => {
    const shown = { ...record, text: readableRecord(record.text) };
    return `  ${timelineEntry(shown).replaceAll("\n", "\n    ")}`;
  });
}

/** Renders how a lease stands. */
export function leaseText(lease: LeaseStatus | null): string {
  if (lease === null) return "none";
  if (lease.unreadable === true) return "held by somebody unknown: its file cannot be read";
  const leftMs = leaseLeftMs(lease);
  const session = lease.session === null ? "" : ` session ${lease.session},`;
  if (!lease.live)
    return `@${lease.holder},${session} stale since ${formatSpan(lease.ageMs - lease.thresholdMs)}`;
  return `@${lease.holder},${session} ${leftMs === null ? "held by a process" : `${formatSpan(leftMs)} left`}`;
}

/** Cuts a title to what fits into a line of a list. */
export function shortTitle(title: string): string {
  if (title.length <= LISTED_TITLE) return title;
  const characters = [...title];
  return characters.length <= LISTED_TITLE ? title : `${characters.slice(0, LISTED_TITLE - 1).join("")}…`;
}
