import type { Config } from "../../domain/config.ts";
import { isIssueId } from "../../domain/ids.ts";
import type { Issue, IssueHeader } from "../../domain/issue.ts";
import { escalatedTo } from "../../domain/phrases.ts";
import { fileFault } from "../../store/io-error.ts";
import { findIssue, readIssue } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";

/**
 * Returns the issue that was escalated as this one; null when this is no escalation. What decides is the record of
 * the escalation in the original, which mai alone writes; so escalations of older versions are known as well.
 */
export function escalationOrigin(
  view: ProjectView,
  config: Config,
  issue: Pick<IssueHeader, "id" | "ref">,
): Issue | null {
  if (issue.ref === null || !isIssueId(issue.ref)) return null;
  try {
    const location = findIssue(view, config, { id: issue.ref, queue: null });
    const original = location === null ? null : readIssue(view, location).issue;
    const isOne = original?.records.some(
      ({ word, text }) => word === "ESCALATED" && escalatedTo(text) === issue.id,
    );
    return isOne === true ? original : null;
  } catch (error) {
    if (fileFault(error) === null) throw error;
    return null;
  }
}
