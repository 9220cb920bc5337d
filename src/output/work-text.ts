import type { AcceptanceItem, Issue, IssueRecord } from "../domain/issue.ts";
import type { SentBack, WorkBrief } from "../domain/work-brief.ts";
import { handoverJson, handoverTextLines } from "./handover-text.ts";
import { acceptanceJson } from "./issue-json.ts";
import { itemLines } from "./issue-text.ts";

/** Roots and others that are named as those who may accept. */
const NAMED_ACCEPTORS = 3;

/** How much of an issue is told. */
export interface WorkShape {
  /** Leave body and remarks out. */
  readonly brief: boolean;
  /** The reason of a rejection was told already. */
  readonly sentBackTold: boolean;
}

/** Renders all that is needed to begin work but the hand-over note; texts of people are indented, so that none looks like an answer of mai. */
export function workLines(
  issue: Issue,
  { sentBack, remarks, accepts, requiresEvidence }: WorkBrief,
  shape: WorkShape,
): readonly string[] {
  const isTold = shape.sentBackTold || sentBack === null;
  return [
    `  ${factsText(issue)}`,
    `  ${acceptText(accepts, requiresEvidence)}`,
    ...(isTold ? [] : [`  ${indented(sentBackText(sentBack), 4)}`]),
    ...(issue.acceptance.length === 0 ? [] : itemLines(issue.acceptance)),
    ...(shape.brief || issue.body === issue.title ? [] : [`  ${indented(issue.body, 2)}`]),
    ...(shape.brief ? [] : remarks.map((remark) => `  ${indented(remarkText(remark), 4)}`)),
  ];
}

/** Returns the same as JSON. */
export function workJson(
  issue: Issue,
  { note, sentBack, remarks, accepts, requiresEvidence }: WorkBrief,
  { brief }: Pick<WorkShape, "brief">,
): Record<string, unknown> {
  return {
    priority: issue.priority,
    creator: issue.creator,
    sla_deadline: issue.slaDeadline,
    ref: issue.ref,
    labels: issue.labels,
    acceptance: acceptanceJson(issue.acceptance as readonly AcceptanceItem[]),
    require_evidence: requiresEvidence,
    accepted_by: accepts,
    handover: handoverJson(note),
    sent_back: sentBack === null ? null : sentBackJson(sentBack),
    ...(brief
      ? {}
      : {
          remarks: remarks.map(({ ts, actor, text }) => ({ ts, actor, text })),
          description: issue.body,
        }),
  };
}

/** Says who sent work back, and why. */
export function sentBackText({ how, by, text }: SentBack): string {
  return `${how === "rejected" ? "Rejected" : "Reopened"} by @${by}: ${text}`;
}

function sentBackJson({ how, by, ts, text }: SentBack): Record<string, unknown> {
  return { how, by, ts, text };
}

/** Renders the current hand-over note, which stands before all else. */
export function noteLines({ note }: WorkBrief): readonly string[] {
  return note === null ? [] : handoverTextLines(note);
}

function factsText({ priority, queue, creator, slaDeadline, labels, ref }: Issue): string {
  return [
    priority,
    queue,
    ...(creator === null ? [] : [`from @${creator}`]),
    ...(slaDeadline === null ? [] : [`due ${toTheMinute(slaDeadline)}`]),
    ...(labels.length === 0 ? [] : [`labels ${labels.join(", ")}`]),
    ...(ref === null ? [] : [`refers to ${ref}`]),
  ].join("; ");
}

function acceptText(accepts: readonly string[], requiresEvidence: boolean): string {
  const named = accepts.slice(0, NAMED_ACCEPTORS).map((name) => `@${name}`);
  const more = accepts.length - named.length;
  const who =
    accepts.length === 0 ? "nobody here" : named.join(", ") + (more === 0 ? "" : ` and ${more} more`);
  return `accepted by ${who}${requiresEvidence ? ", with evidence (--evidence)" : ""}`;
}

function remarkText({ actor, text }: IssueRecord): string {
  return `@${actor}: ${text}`;
}

/** Seconds tell nobody anything about a deadline. */
function toTheMinute(timestamp: string): string {
  return timestamp.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?/, "$1");
}

function indented(text: string, columns: number): string {
  return text.replaceAll("\n", `\n${" ".repeat(columns)}`);
}
