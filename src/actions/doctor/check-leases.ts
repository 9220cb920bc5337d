import { conflictLine, conflictMessage } from "../../codec/conflict-markers.ts";
import { type Finding, finding } from "../../domain/doctor/finding.ts";
import { idOfFileName } from "../../domain/ids.ts";
import type { State } from "../../domain/issue.ts";
import { formatSpan } from "../../domain/time.ts";
import {
  ARCHIVED_DECISIONS_DIRECTORY,
  DECISIONS_DIRECTORY,
  LOCKS_DIRECTORY,
  leasePath,
  PROCESSING_DIRECTORY,
  processingPath,
} from "../../store/project-paths.ts";
import { readLease } from "../../store/reading/issue-files.ts";
import type { Survey } from "./survey.ts";
import type { SurveyedIssue } from "./survey-issues.ts";

/** States in which an issue may be leased. */
const LEASED: ReadonlySet<State> = new Set(["IN_PROGRESS", "BLOCKED"]);

/** Checks every lease: is it live, does it belong to an issue, and does the issue agree. */
export function checkLeases(survey: Survey): readonly Finding[] {
  const issues = Map.groupBy(survey.issues, ({ id }) => id);
  return idsIn(survey, LOCKS_DIRECTORY, ".lock").flatMap((id) => [
    ...checkLease(survey, id),
    ...checkLeasedIssue(survey, id, issues.get(id) ?? []),
  ]);
}

function checkLease({ view, reader, config }: Survey, id: string): readonly Finding[] {
  const path = leasePath(id);
  const text = reader.text(path);
  if (text === null) return [];
  if (!/^@?[^|]+\|[^|]+/.test(text) || conflictLine(text) !== null)
    return [finding("lease_invalid", path, "It does not say who holds it.")];
  const lease = readLease(view, config, id);
  if (lease === null || lease.live) return [];
  const age = lease.hold ? "its process has ended" : `last sign of life ${formatSpan(lease.ageMs)} ago`;
  return [finding("lease_stale", path, `@${lease.holder} holds ${id}, ${age}.`)];
}

function checkLeasedIssue(survey: Survey, id: string, named: readonly SurveyedIssue[]): readonly Finding[] {
  const path = leasePath(id);
  if (named.length === 0) return [finding("lease_orphan", path, `There is no issue ${id}.`)];
  const [facts] = named.map((issue) => issue.facts);
  if (facts === null || facts === undefined) return [];
  if (named.length === 1 && !LEASED.has(facts.status))
    return [finding("lease_unneeded", path, `${id} is ${facts.status} and leased.`)];
  const fence = leaseFence(survey, path);
  const highest = Math.max(...named.map((issue) => issue.facts?.fence ?? 0));
  if (fence <= highest) return [];
  return [finding("fence_behind", path, `The lease has fence ${fence}, the issue ${highest}.`)];
}

function leaseFence({ reader }: Survey, path: string): number {
  return Number(/\|fence=(\d{1,15})(?:\||$)/.exec(reader.text(path)?.trimEnd() ?? "")?.[1] ?? 0);
}

/** Notes issues that are IN_PROGRESS though nobody holds them: anybody may claim them. */
export function checkUnleasedWork({ issues, view }: Survey): readonly Finding[] {
  return issues
    .filter(({ id, facts }) => facts?.status === "IN_PROGRESS" && !view.exists(leasePath(id)))
    .map(({ id, path }) => finding("unleased_work", path, `${id} is IN_PROGRESS and nobody holds it.`));
}

/** Checks that `processing/` has exactly the leased issues. */
export function checkProcessing(survey: Survey): readonly Finding[] {
  const { view } = survey;
  const ids = new Set(survey.issues.map(({ id }) => id));
  const leased = new Set(idsIn(survey, LOCKS_DIRECTORY, ".lock").filter((id) => ids.has(id)));
  const orphans = idsIn(survey, PROCESSING_DIRECTORY, ".md").filter((id) => !leased.has(id));
  const missing = [...leased].filter((id) => !view.exists(processingPath(id)));
  return [
    ...orphans.map((id) => finding("processing_orphan", processingPath(id), `Nobody holds ${id}.`)),
    ...missing.map((id) => finding("processing_missing", processingPath(id), `${id} is held.`)),
  ];
}

/** Checks that every decision belongs to an issue. */
export function checkDecisions(survey: Survey): readonly Finding[] {
  return [
    ...conflicts(survey, DECISIONS_DIRECTORY),
    ...conflicts(survey, ARCHIVED_DECISIONS_DIRECTORY),
    ...orphans(survey, DECISIONS_DIRECTORY, survey.issues),
    ...orphans(survey, ARCHIVED_DECISIONS_DIRECTORY, survey.archived),
  ];
}

function conflicts(survey: Survey, directory: string): readonly Finding[] {
  return idsIn(survey, directory, ".md").flatMap((id) => {
    const path = `${directory}/${id}.md`;
    const line = conflictLine(survey.reader.text(path) ?? "");
    return line === null ? [] : [finding("decision_invalid", path, conflictMessage(path, line))];
  });
}

function orphans(survey: Survey, directory: string, issues: readonly SurveyedIssue[]): readonly Finding[] {
  const ids = new Set(issues.map(({ id }) => id));
  return idsIn(survey, directory, ".md")
    .filter((id) => !ids.has(id))
    .map((id) => finding("decision_orphan", `${directory}/${id}.md`, `There is no issue ${id}.`));
}

function idsIn({ reader }: Survey, directory: string, ending: string): readonly string[] {
  return reader.list(directory).flatMap((name) => idOfFileName(name, ending) ?? []);
}
