import { MaiError } from "../../domain/errors.ts";
import { type Issue, isFinished } from "../../domain/issue.ts";
import type { IssueChange } from "../../domain/issue-change.ts";
import { renewsLease } from "../../domain/lease-gate.ts";
import { formatTimestamp } from "../../domain/time.ts";
import type { ChangeSet } from "../../store/change/change-set.ts";
import { leasePath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { dependentsEdits } from "./dependents.ts";
import { issueAfter, issueEdits } from "./issue-edits.ts";
import { requireRoom } from "./issue-size.ts";
import type { OpenedIssue } from "./open-issue.ts";
import { restoringEdits } from "./restoring-edits.ts";

/**
 * Turns a decided change of one issue into files, an audit line, events and the renewal of an own lease. A change
 * that makes an archived issue unfinished again brings it back from there; any other is refused.
 * @throws INVALID_STATE for an archived issue
 */
export function changeSetOf(
  view: ProjectView,
  opened: OpenedIssue,
  change: IssueChange,
): { readonly after: Issue; readonly changes: ChangeSet } {
  const { situation, file } = opened;
  const { config } = situation.team;
  const atMs = view.clock.nowMs();
  const ts = formatTimestamp(atMs, view.clock);
  const actor = situation.claimant.operator;
  const after = issueAfter(situation.issue, change, actor, ts);
  if (opened.archived && isFinished(after.status)) throw isArchived(after.id);
  const { id, queue } = after;
  const edits = issueEdits(view, config, file, { after, change, actor, ts });
  requireRoom(view, id, edits);
  const changes: ChangeSet = {
    atMs,
    durable: config.durability === "full",
    files: [
      ...edits,
      ...dependentsEdits(view, situation.issue, after.blockedBy),
      ...(opened.archived ? restoringEdits(view, { id, queue }) : []),
    ],
    history: [change.history],
    events: opened.archived
      ? [{ type: "issue.restored", actor, issue: id, queue }, ...change.events]
      : change.events,
    touch: renewsLease(situation, change) ? [leasePath(after.id)] : [],
  };
  return { after, changes };
}

function isArchived(id: string): MaiError {
  return new MaiError("INVALID_STATE", `${id} is archived, and archived issues do not change.`, {
    hint: `Bring it back first: mai archive --restore ${id} -o ROOT`,
    fields: { issue_id: id, archived: true },
  });
}

/** Joins changes into one that happens whole or not at all; time and durability are those of the first. */
export function joinChanges(first: ChangeSet, others: readonly ChangeSet[]): ChangeSet {
  const all = [first, ...others];
  return {
    atMs: first.atMs,
    durable: first.durable,
    files: all.flatMap(({ files }) => files),
    history: all.flatMap(({ history }) => history),
    events: all.flatMap(({ events }) => events),
    touch: all.flatMap(({ touch }) => touch ?? []),
    ids: Object.assign({}, ...all.map(({ ids }) => ids ?? {})),
  };
}
