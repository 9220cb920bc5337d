import { visibleLine } from "../domain/text.ts";
import { formatSpan } from "../domain/time.ts";
import { handlerText } from "../domain/unassigned.ts";
import { alignColumns } from "./columns.ts";
import { type ListedFacts, leaseSecondsLeft, listedIssueJson } from "./issue-json.ts";
import { issueLines, leaseText, shortTitle } from "./issue-text.ts";

/** What a list can tell of an issue, by the names of its JSON; never its text or records. */
const LISTED_FIELDS = {
  id: ({ issue }) => issue.id,
  queue: ({ issue }) => issue.queue,
  title: ({ issue }) => issue.title,
  status: ({ issue }) => issue.status,
  priority: ({ issue }) => issue.priority,
  owner: ({ issue }) => issue.handler,
  creator: ({ issue }) => issue.creator,
  ref: ({ issue }) => issue.ref,
  blocked_by: ({ issue }) => issue.blockedBy,
  labels: ({ issue }) => issue.labels,
  created: ({ issue }) => issue.created,
  sla_deadline: ({ issue }) => issue.slaDeadline,
  overdue: ({ overdue }) => overdue,
  holder: ({ lease }) => (lease?.live === true ? lease.holder : null),
  lease_seconds_left: leaseSecondsLeft,
  age_seconds: ({ ageMs }) => (ageMs === undefined ? null : Math.floor(ageMs / 1000)),
  fence: ({ issue }) => (issue.fence === 0 ? null : issue.fence),
} as const satisfies Record<string, (facts: ListedFacts) => unknown>;

/** Name of something that a list can tell of an issue. */
export type ListedField = keyof typeof LISTED_FIELDS;

/** Every name that `--fields` takes. */
export const LISTED_FIELD_NAMES = Object.keys(LISTED_FIELDS) as readonly ListedField[];

/** What a list tells of each issue: the usual, some fields, or the bare id. */
export type ListedShape = "usual" | "long" | "ids" | readonly ListedField[];

/** Returns the JSON of listed issues. */
export function listedJson(issues: readonly ListedFacts[], shape: ListedShape): readonly unknown[] {
  if (shape === "usual" || shape === "long") return issues.map(listedIssueJson);
  if (shape === "ids") return issues.map(({ issue }) => issue.id);
  return issues.map((facts) => Object.fromEntries(shape.map((name) => [name, LISTED_FIELDS[name](facts)])));
}

/** Renders listed issues, one a line. */
export function listedLines(issues: readonly ListedFacts[], shape: ListedShape): readonly string[] {
  if (shape === "usual") return issueLines(issues);
  if (shape === "long") return longLines(issues);
  if (shape === "ids") return issues.map(({ issue }) => visibleLine(issue.id));
  return alignColumns(issues.map((facts) => shape.map((name) => cell(name, facts))));
}

/** Adds who holds each issue, how old it is and when it is due to the usual columns. */
function longLines(issues: readonly ListedFacts[]): readonly string[] {
  return alignColumns(
    issues.map(({ issue, overdue, lease = null, ageMs = 0 }) => [
      issue.id,
      issue.priority,
      issue.status + (overdue ? " overdue" : ""),
      handlerText(issue.handler),
      lease === null ? "not held" : `held by ${leaseText(lease)}`,
      `${formatSpan(ageMs)} old`,
      issue.slaDeadline === null ? "no deadline" : `due ${issue.slaDeadline}`,
      shortTitle(issue.title),
    ]),
  );
}

function cell(name: ListedField, facts: ListedFacts): string {
  const value: unknown = LISTED_FIELDS[name](facts);
  if (name === "title") return shortTitle(facts.issue.title);
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.join(",");
  return value === null || value === "" ? "-" : String(value);
}
