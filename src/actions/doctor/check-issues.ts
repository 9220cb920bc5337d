import { type Finding, finding } from "../../domain/doctor/finding.ts";
import { isFinished } from "../../domain/issue.ts";
import { parseTimestamp } from "../../domain/time.ts";
import { QUEUES_DIRECTORY } from "../../store/project-paths.ts";
import type { Survey } from "./survey.ts";
import type { IssueFacts, SurveyedIssue } from "./survey-issues.ts";

/** Checks each issue file on its own: can it be read, and does it say what its place says. */
export function checkIssueFiles({ issues, archived, view }: Survey): readonly Finding[] {
  return [...issues, ...archived].flatMap((issue) => [
    ...(issue.fault === null ? [] : [finding("issue_invalid", issue.path, issue.fault)]),
    ...(issue.facts === null ? [] : [...checkPlace(issue, issue.facts), ...checkTimes(issue, issue.facts)]),
  ]);

  function checkTimes({ path }: SurveyedIssue, facts: IssueFacts): readonly Finding[] {
    const times = { created: facts.created, "SLA deadline": facts.slaDeadline };
    return Object.entries(times)
      .filter(([, text]) => text !== null && parseTimestamp(text, view.clock) === null)
      .map(([name, text]) =>
        finding("time_invalid", path, `${name} is ${JSON.stringify(text)}, which is no time.`),
      );
  }
}

function checkPlace({ path, id, queue }: SurveyedIssue, facts: IssueFacts): readonly Finding[] {
  const found: Finding[] = [];
  if (facts.titleId !== id)
    found.push(finding("id_mismatch", path, `Its title says ${facts.titleId}, its file name ${id}.`));
  if (facts.queueField !== null && facts.queueField !== queue)
    found.push(finding("queue_mismatch", path, `It says queue ${facts.queueField} and lies in ${queue}.`));
  return found;
}

/** Checks that every reference leads to an issue. */
export function checkReferences({ issues, archived }: Survey): readonly Finding[] {
  const all = [...issues, ...archived];
  const ids = new Set(all.map(({ id }) => id));
  return all.flatMap(({ path, id, facts }) => {
    const ref = facts?.ref?.toUpperCase() ?? null;
    if (ref === null || ids.has(ref.slice(ref.lastIndexOf("/") + 1))) return [];
    return [finding("ref_missing", path, `${id} refers to ${facts?.ref}, which is not there.`)];
  });
}

/** Checks that no id is given twice: version 1.5 could do that, and merging two branches; the archive counts. */
export function checkDoubleIds({ issues, archived }: Survey): readonly Finding[] {
  const places = Map.groupBy([...issues, ...archived], ({ id }) => id.toUpperCase());
  return [...places].flatMap(([id, same]) => {
    if (same.length === 1) return [];
    const names = same.map(placeName).join(", ");
    return [finding("double_id", same[0]?.path ?? null, `${id} names ${same.length} issues: ${names}.`)];
  });
}

function placeName({ queue, id, path }: SurveyedIssue): string {
  return path.startsWith(`${QUEUES_DIRECTORY}/`) ? `${queue}/${id}` : `${queue}/${id} in the archive`;
}

/** Checks that nothing in the archive waits for somebody. */
export function checkArchive({ archived }: Survey): readonly Finding[] {
  return archived.flatMap(({ path, id, facts }) =>
    facts === null || isFinished(facts.status)
      ? []
      : [finding("archive_unfinished", path, `${id} is ${facts.status} and in the archive.`)],
  );
}

/** Notes queues that have a directory and no settings. */
export function checkQueues({ issues, config, configFaults }: Survey): readonly Finding[] {
  if (configFaults === null || configFaults.length > 0) return [];
  const unknown = new Set(issues.map(({ queue }) => queue).filter((queue) => !config.queues.has(queue)));
  return [...unknown].map((queue) =>
    finding("queue_unknown", `${QUEUES_DIRECTORY}/${queue}`, `The settings know no queue ${queue}.`),
  );
}
