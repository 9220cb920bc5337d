import { visibleLine } from "../domain/text.ts";
import { alignColumns } from "./columns.ts";
import { type ListedFacts, listedIssueJson } from "./issue-json.ts";
import { issueLines, shortTitle } from "./issue-text.ts";

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
  fence: ({ issue }) => (issue.fence === 0 ? null : issue.fence),
} as const satisfies Record<string, (facts: ListedFacts) => unknown>;

/** Name of something that a list can tell of an issue. */
export type ListedField = keyof typeof LISTED_FIELDS;

/** Every name that `--fields` takes. */
export const LISTED_FIELD_NAMES = Object.keys(LISTED_FIELDS) as readonly ListedField[];

/** What a list tells of each issue: the usual, some fields, or the bare id. */
export type ListedShape = "usual" | "ids" | readonly ListedField[];

/** Returns the JSON of listed issues. */
export function listedJson(issues: readonly ListedFacts[], shape: ListedShape): readonly unknown[] {
  if (shape === "usual") return issues.map(listedIssueJson);
  if (shape === "ids") return issues.map(({ issue }) => issue.id);
  return issues.map((facts) => Object.fromEntries(shape.map((name) => [name, LISTED_FIELDS[name](facts)])));
}

/** Renders listed issues, one a line. */
export function listedLines(issues: readonly ListedFacts[], shape: ListedShape): readonly string[] {
  if (shape === "usual") return issueLines(issues);
  if (shape === "ids") return issues.map(({ issue }) => visibleLine(issue.id));
  return alignColumns(issues.map((facts) => shape.map((name) => cell(name, facts))));
}

function cell(name: ListedField, facts: ListedFacts): string {
  const value: unknown = LISTED_FIELDS[name](facts);
  if (name === "title") return shortTitle(facts.issue.title);
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.join(",");
  return value === null || value === "" ? "-" : String(value);
}
