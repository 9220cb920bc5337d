import { isIssueId } from "../domain/ids.ts";
import { compareIds } from "../domain/issue.ts";

/** Reads the ids of the issues that wait for one; whatever else stands there (marks of a merge) is passed over. */
export function parseDependents(text: string): readonly string[] {
  return inOrder(text.split(/\r?\n/).filter(isIssueId));
}

/** Writes the ids of the issues that wait for one, one a line; null where there is none, and so no file. */
export function formatDependents(ids: Iterable<string>): string | null {
  const sorted = inOrder(ids);
  return sorted.length === 0 ? null : `${sorted.join("\n")}\n`;
}

function inOrder(ids: Iterable<string>): readonly string[] {
  return [...new Set(ids)].toSorted(compareIds);
}
