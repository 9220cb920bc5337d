import { releaseChange } from "../../domain/decide-release.ts";
import { MaiError } from "../../domain/errors.ts";
import type { State } from "../../domain/issue.ts";
import type { LeaseStatus } from "../../domain/lease.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { ChangeSet } from "../../store/change/change-set.ts";
import { fileFault } from "../../store/io-error.ts";
import { leasePath, processingPath } from "../../store/project-paths.ts";
import { findIssue, leasedIds, readLeaseAnyway } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { actorOf, type Call } from "../call.ts";
import { changeSetOf, joinChanges } from "../issue/issue-change-set.ts";
import { openIssue } from "../issue/open-issue.ts";
import { readTeamForChange, type TeamOnFile } from "../team.ts";

/** A stale lease that went. */
export interface ReleasedLease {
  readonly issueId: string;
  readonly holder: string;
  /** State of the issue now, null where the issue itself is gone. */
  readonly status: State | null;
}

/** What one round of the guardian found. */
export interface GuardianRound {
  /** Leases that were there before, stale or not. */
  readonly totalLocks: number;
  readonly released: readonly ReleasedLease[];
}

/** A release and what it writes. */
export interface Release {
  readonly lease: ReleasedLease;
  readonly changes: ChangeSet;
}

/**
 * Releases every stale lease in one change, as its holder would have. An issue that cannot be read keeps its lease,
 * with a warning.
 */
export function releaseStaleLeases(call: Call): Outcome<GuardianRound> {
  return changeProject(call.workspace, "lock guardian", (view) => {
    const team = readTeamForChange(view, call);
    const ids = leasedIds(view);
    const releases = ids.flatMap((id) => releaseOf(view, call, team, id));
    const [first, ...others] = releases.map(({ changes }) => changes);
    return {
      answer: { totalLocks: ids.length, released: releases.map(({ lease }) => lease) },
      changes: first === undefined ? null : joinChanges(first, others),
    };
  });
}

/** Plans the release of one lease if it is stale; none where it is live, or it or its issue cannot be read. */
export function releaseOf(view: ProjectView, call: Call, team: TeamOnFile, id: string): readonly Release[] {
  const lease = readLeaseAnyway(view, { config: team.config, warn: call.workspace.warn }, id);
  if (lease === null || lease.live) return [];
  try {
    const location = findIssue(view, team.config, { id, queue: null });
    const isThere = location !== null && !location.archived;
    return [
      isThere
        ? issueRelease(view, call, team, { id, lease })
        : orphanRelease(view, call, team, { id, lease }),
    ];
  } catch (error) {
    const fault = error instanceof MaiError ? error : fileFault(error);
    if (fault === null) throw error;
    call.workspace.warn(`The stale lease of ${id} stays: ${fault.message}`);
    return [];
  }
}

interface StaleLease {
  readonly id: string;
  readonly lease: LeaseStatus;
}

function issueRelease(view: ProjectView, call: Call, team: TeamOnFile, { id, lease }: StaleLease): Release {
  const actor = actorOf(call);
  const claimant = { operator: actor, session: call.session };
  const opened = openIssue(view, call, { team, claimant, target: { id, fence: null, force: false } });
  const change = releaseChange(opened.situation.issue, { lease, actor, reason: "guardian", team });
  const { after, changes } = changeSetOf(view, opened, change);
  return { lease: { issueId: id, holder: lease.holder, status: after.status }, changes };
}

/** The issue was deleted by hand: its lease guards nothing. */
function orphanRelease(view: ProjectView, call: Call, team: TeamOnFile, { id, lease }: StaleLease): Release {
  const actor = actorOf(call);
  const { holder } = lease;
  return {
    lease: { issueId: id, holder, status: null },
    changes: {
      atMs: view.clock.nowMs(),
      durable: team.config.durability === "full",
      files: [leasePath(id), processingPath(id)].map((path) => ({ path, text: null })),
      history: [
        { actor, event: "lock_release", summary: `Lease of ${holder} on ${id} released: the issue is gone` },
      ],
      events: [{ type: "lease.expired", actor, issue: id, data: { holder, reason: "guardian" } }],
    },
  };
}
