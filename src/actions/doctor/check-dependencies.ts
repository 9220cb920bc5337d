import { formatDependents, parseDependents } from "../../codec/dependents-file.ts";
import { cyclesAmong } from "../../domain/dependencies.ts";
import { type Finding, finding } from "../../domain/doctor/finding.ts";
import { isIssueId } from "../../domain/ids.ts";
import { isFinished } from "../../domain/issue.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { DEPENDENTS_DIRECTORY, dependentsPath } from "../../store/project-paths.ts";
import { findIssue } from "../../store/reading/issue-files.ts";
import type { Survey } from "./survey.ts";

/** Checks that what unfinished issues wait for is there, and that none wait for each other in a ring. */
export function checkDependencies(survey: Survey): readonly Finding[] {
  return [...missingBlockers(survey), ...cycles(survey)];
}

/** Checks that the lists of what waits for an issue say what the issues themselves say. */
export function checkDependents(survey: Survey): readonly Finding[] {
  return dependentsMendings(survey).map(({ path }) =>
    finding("dependents_stale", path, "It does not say what the issues say."),
  );
}

/** Returns what makes the lists of dependents say what the issues say; ids of issues that are not here stay. */
export function dependentsMendings({ reader, issues }: Survey): readonly FileEdit[] {
  const read = issues.flatMap(({ id, facts }) =>
    facts === null ? [] : [{ id, blockedBy: facts.blockedBy }],
  );
  const known = new Set(read.map(({ id }) => id));
  const said = new Map<string, Set<string>>();
  for (const { id, blockedBy } of read) {
    for (const blocker of blockedBy.filter(isIssueId)) {
      const waiting = said.get(blocker) ?? new Set();
      said.set(blocker, waiting.add(id));
    }
  }
  const listed = reader.list(DEPENDENTS_DIRECTORY).filter(isIssueId);
  return [...new Set([...said.keys(), ...listed])].sort().flatMap((blocker) => {
    const path = dependentsPath(blocker);
    const text = reader.text(path);
    const others = parseDependents(text ?? "").filter((id) => !known.has(id));
    const wanted = formatDependents([...others, ...(said.get(blocker) ?? [])]);
    return wanted === text ? [] : [{ path, text: wanted }];
  });
}

function missingBlockers({ issues, view, config }: Survey): readonly Finding[] {
  const isThere = (id: string) => isIssueId(id) && findIssue(view, config, { id, queue: null }) !== null;
  return issues.flatMap(({ id, path, facts }) => {
    if (facts === null || isFinished(facts.status)) return [];
    const lost = facts.blockedBy.filter((blocker) => !isThere(blocker));
    return lost.map((blocker) =>
      finding("blocker_missing", path, `${id} waits for ${blocker}, which is not there.`),
    );
  });
}

function cycles({ issues }: Survey): readonly Finding[] {
  const read = issues.flatMap(({ id, facts }) =>
    facts === null ? [] : [{ id, blockedBy: facts.blockedBy }],
  );
  const paths = new Map(issues.map(({ id, path }) => [id, path]));
  return cyclesAmong(read).map((cycle) =>
    finding(
      "dependency_cycle",
      paths.get(cycle[0] ?? "") ?? null,
      `Issues wait for each other: ${cycle.join(", ")}.`,
    ),
  );
}
