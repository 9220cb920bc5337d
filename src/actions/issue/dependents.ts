import { formatDependents, parseDependents } from "../../codec/dependents-file.ts";
import type { Dependent } from "../../domain/dependencies.ts";
import { isIssueId } from "../../domain/ids.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { dependentsPath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";

/**
 * Returns the ids of the issues that once said that they wait for this one. The list is derived from the issue
 * files, and may lag behind an edit by hand: whoever uses it asks the issues themselves.
 */
export function readDependents(view: ProjectView, id: string): readonly string[] {
  return parseDependents(view.read(dependentsPath(id)) ?? "");
}

/** Returns the lists of dependents that change when an issue waits for others than before. */
export function dependentsEdits(
  view: ProjectView,
  before: Dependent,
  blockedBy: readonly string[],
): readonly FileEdit[] {
  const now = new Set(blockedBy);
  const old = new Set(before.blockedBy);
  return [...now.symmetricDifference(old)].filter(isIssueId).map((blocker) => {
    const others = readDependents(view, blocker).filter((id) => id !== before.id);
    const text = formatDependents(now.has(blocker) ? [...others, before.id] : others);
    return { path: dependentsPath(blocker), text };
  });
}
