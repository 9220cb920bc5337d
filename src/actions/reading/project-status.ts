import { type Config, queueOwner } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import { compareIssues } from "../../domain/issue.ts";
import { IssueCounter, type IssueCounts, sumCounts } from "../../domain/issue-counts.ts";
import type { LeaseStatus } from "../../domain/lease.ts";
import { isLaterDay, type SummaryRound } from "../../domain/summary-round.ts";
import { localDate } from "../../domain/time.ts";
import { isUnassigned } from "../../domain/unassigned.ts";
import { DEPENDENTS_DIRECTORY } from "../../store/project-paths.ts";
import { leasedIds, queueNames, readLeaseAnyway } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { surroundingsOf } from "../issue/surroundings.ts";
import { waitsFor } from "../issue/waits-for.ts";
import { readRoundFile } from "../summaries/summary-files.ts";
import { readTeam } from "../team.ts";
import { eachIssue, type ListedIssue, listedIssue, orderKey } from "./listed-issues.ts";
import { readUnfinished } from "./unfinished-issues.ts";

/** One queue with how many issues it has in each state. */
export interface QueueStatus {
  readonly name: string;
  readonly owner: string;
  readonly slaMinutes: number | null;
  readonly counts: IssueCounts;
}

/** One agent and how many live leases it holds. */
export interface AgentStatus {
  readonly name: string;
  readonly heartbeatMinutes: number;
  readonly leases: number;
}

/** A lease and the issue that it is on. */
export interface HeldLease {
  readonly issueId: string;
  readonly lease: LeaseStatus;
}

/** How a project stands. */
export interface ProjectStatus {
  readonly name: string;
  readonly path: string;
  readonly format: number;
  readonly roots: readonly string[];
  readonly agents: readonly AgentStatus[];
  /** In the order of the settings. */
  readonly queues: readonly QueueStatus[];
  readonly counts: IssueCounts;
  /** Number of unfinished issues that wait for others. */
  readonly waiting: number;
  /** Most urgent first. */
  readonly overdue: readonly ListedIssue[];
  readonly leases: readonly HeldLease[];
  /** The round that was started last; null where there is none. */
  readonly round: SummaryRound | null;
  /** Whether that round is the one of today. */
  readonly roundIsCurrent: boolean;
}

/** Reads how a project stands: roots, queues, overdue issues, leases, the round of summaries. */
export function readStatus(call: Call): ProjectStatus {
  return readProject(call.workspace, (view) => {
    const { config, roots } = readTeam(view, call);
    const filled = queueNames(view, config).map((name) => queueStatus(view, call, { config, name }));
    const leases = heldLeases(view, call, config);
    const round = roundOrWarning(view, call);
    return {
      name: config.name,
      path: call.workspace.root,
      format: config.format,
      roots: [...roots],
      agents: agentsOf(config, leases),
      queues: filled.map(({ queue }) => queue),
      counts: sumCounts(filled.map(({ queue }) => queue.counts)),
      waiting: waitingCount(view, call, config),
      overdue: inOrder(filled.flatMap(({ overdue }) => overdue)),
      leases,
      round,
      roundIsCurrent: round !== null && !isLaterDay(localDate(view.clock.nowMs(), view.clock), round),
    };
  });
}

/** Where nothing ever waited for anything, nothing is read for it. */
function waitingCount(view: ProjectView, call: Call, config: Config): number {
  if (view.list(DEPENDENTS_DIRECTORY).length === 0) return 0;
  const around = surroundingsOf(view, config);
  const issues = readUnfinished(
    view,
    { ...call, workspace: { ...call.workspace, warn: () => undefined } },
    config,
    null,
  );
  return issues.filter(({ issue }) => waitsFor(issue, around).length > 0).length;
}

/** Keeps no issue that is not overdue: finished ones may be many. */
function queueStatus(view: ProjectView, call: Call, { config, name }: { config: Config; name: string }) {
  const counts = new IssueCounter();
  const overdue: ListedIssue[] = [];
  eachIssue(view, call, { config, queues: [name], finished: "shown" }, (issue) => {
    const entry = listedIssue(view, issue);
    counts.add(entry);
    if (entry.overdue) overdue.push(entry);
  });
  const slaMinutes = config.queues.get(name)?.slaMinutes ?? null;
  const queue: QueueStatus = {
    name,
    owner: queueOwner(config, name),
    slaMinutes,
    counts: counts.counts(),
  };
  return { queue, overdue };
}

function inOrder(issues: readonly ListedIssue[]): readonly ListedIssue[] {
  return issues.toSorted((a, b) => compareIssues(orderKey(a), orderKey(b)));
}

function heldLeases(view: ProjectView, call: Call, config: Config): readonly HeldLease[] {
  return leasedIds(view).flatMap((issueId) => {
    const lease = readLeaseAnyway(view, { config, warn: call.workspace.warn }, issueId);
    return lease === null ? [] : [{ issueId, lease }];
  });
}

function agentsOf(config: Config, leases: readonly HeldLease[]): readonly AgentStatus[] {
  const named = [...config.agents].filter(([name]) => !isUnassigned(name));
  return named.map(([name, { heartbeatMinutes }]) => ({
    name,
    heartbeatMinutes,
    leases: leases.filter(({ lease }) => lease.live && lease.holder === name).length,
  }));
}

/** A round that cannot be read hides nothing else. */
function roundOrWarning(view: ProjectView, call: Call): SummaryRound | null {
  try {
    return readRoundFile(view)?.round ?? null;
  } catch (error) {
    if (!(error instanceof MaiError) || error.code !== "CORRUPT_FILE") throw error;
    call.workspace.warn(error.message);
    return null;
  }
}
