import type { Config } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import { type IssueReference, parseIssueReference } from "../../domain/ids.ts";
import { didYouMean } from "../../domain/nearest.ts";
import { findIssue, type IssueLocation, issueIds, queueNames } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";

/**
 * Finds the issue that a reading names; an id that two queues share gives the first, with a warning.
 * @throws INVALID_NAME, NOT_FOUND
 */
export function locateForReading(view: ProjectView, config: Config, text: string, call: Call): IssueLocation {
  const location = locate(view, config, parseIssueReference(text));
  if (location.others.length > 0) {
    call.workspace.warn(
      `${location.id} exists in ${[location.queue, ...location.others].join(", ")}; this is ${location.queue}/${location.id}`,
    );
  }
  return location;
}

/**
 * Finds the issue that a change names.
 * @throws INVALID_NAME, NOT_FOUND, AMBIGUOUS_ID when two queues have the id and none was named
 */
export function locateForChange(view: ProjectView, config: Config, text: string): IssueLocation {
  const location = locate(view, config, parseIssueReference(text));
  if (location.others.length === 0) return location;
  const names = [location.queue, ...location.others].map((queue) => `${queue}/${location.id}`);
  throw new MaiError("AMBIGUOUS_ID", `${location.id} names ${names.length} issues: ${names.join(", ")}`, {
    hint: `Name one with its queue: ${names[0]}`,
    fields: { issue_id: location.id, candidates: names },
  });
}

function locate(view: ProjectView, config: Config, reference: IssueReference): IssueLocation {
  const location = findIssue(view, config, reference);
  if (location !== null) return location;
  const shown = reference.queue === null ? reference.id : `${reference.queue}/${reference.id}`;
  const ids = queueNames(view, config).flatMap((queue) => issueIds(view, queue));
  throw new MaiError("NOT_FOUND", `There is no issue ${shown}.`, {
    hint: didYouMean(reference.id, ids, "mai issue list"),
    fields: { issue_id: reference.id },
  });
}
