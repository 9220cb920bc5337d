import { mayDecide } from "../../domain/escalation.ts";
import type { Handover, Priority } from "../../domain/issue.ts";
import { isOwnLease, type LeaseStatus, leaseLeftMs } from "../../domain/lease.ts";
import type { Team } from "../../domain/roles.ts";
import { isUnassigned } from "../../domain/unassigned.ts";
import { currentNote } from "../../domain/work-brief.ts";
import { leasedIds, readLeaseAnyway } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { surroundingsOf } from "../issue/surroundings.ts";
import { waitsFor } from "../issue/waits-for.ts";
import { readTeam } from "../team.ts";
import { wholeIssue } from "./listed-issues.ts";
import { type LeasedIssue, readUnfinished } from "./unfinished-issues.ts";

/** What somebody should know who starts work. */
export interface Prime {
  readonly project: string;
  readonly path: string;
  readonly operator: string | null;
  readonly held: readonly {
    readonly id: string;
    readonly live: boolean;
    readonly leftMs: number | null;
    /** Why the issue is BLOCKED; null where it is not. */
    readonly blocked: string | null;
  }[];
  /** What was handed to the operator, or escalated for them to decide, and is not held by them: most urgent first. */
  readonly waiting: readonly {
    readonly id: string;
    readonly priority: Priority;
    readonly title: string;
    readonly ageMs: number;
  }[];
  /** Notes for the operator on what they handle now, most urgent first. */
  readonly handovers: readonly { readonly id: string; readonly note: Handover }[];
  readonly counts: {
    readonly open: number;
    readonly inProgress: number;
    readonly blocked: number;
    readonly overdue: number;
    /** Unfinished ones that wait for others. */
    readonly waiting: number;
    readonly yours: number;
  };
}

/** Reads what somebody should know who starts work. Takes no lock, so that it never waits. */
export function readPrime(call: Call): Prime {
  // As in a dry run: a change in flight is read as if it were finished, and left to others to finish.
  return readProject({ ...call.workspace, dryRun: true }, (view) => {
    const team = readTeam(view, call);
    const { config } = team;
    const issues = readUnfinished(view, call, config, null);
    const around = surroundingsOf(view, config);
    const inState = (state: string) => issues.filter(({ issue }) => issue.status === state).length;
    const leases = leasedIds(view).flatMap((id) => {
      const lease = readLeaseAnyway(view, { config, warn: call.workspace.warn }, id);
      return lease !== null && isOwn(lease, call)
        ? [
            {
              id,
              live: lease.live,
              leftMs: leaseLeftMs(lease),
              blocked: blockedReason(view, call, issues, id),
            },
          ]
        : [];
    });
    return {
      project: config.name,
      path: call.workspace.root,
      operator: call.operator,
      held: leases,
      waiting: waitingFor(view, call, team, issues),
      handovers: issues.flatMap(({ issue }) => {
        // A note stands below the header: only an issue of one's own is read whole for it.
        const isYours = call.operator !== null && issue.handler === call.operator;
        const whole = isYours ? wholeIssue(view, call, issue) : null;
        const note = whole === null ? null : currentNote(whole);
        return note === null ? [] : [{ id: issue.id, note }];
      }),
      counts: {
        open: inState("OPEN"),
        inProgress: inState("IN_PROGRESS"),
        blocked: inState("BLOCKED"),
        overdue: issues.filter(({ overdue }) => overdue).length,
        waiting: issues.filter(({ issue }) => waitsFor(issue, around).length > 0).length,
        yours: issues.filter(({ issue }) => call.operator !== null && issue.handler === call.operator).length,
      },
    };
  });
}

/** Returns why an issue is BLOCKED; null where it is not. */
function blockedReason(
  view: ProjectView,
  call: Call,
  issues: readonly LeasedIssue[],
  id: string,
): string | null {
  const found = issues.find(({ issue }) => issue.id === id && issue.status === "BLOCKED");
  const whole = found === undefined ? null : wholeIssue(view, call, found.issue);
  return whole?.records.find(({ word }) => word === "BLOCKED")?.text ?? (found === undefined ? null : "");
}

function waitingFor(
  view: ProjectView,
  { operator }: Call,
  team: Team,
  issues: readonly LeasedIssue[],
): Prime["waiting"] {
  if (operator === null) return [];
  const decides = mayDecide(operator, team);
  const { escalationQueue } = team.config;
  return issues
    .filter(({ issue, lease }) => {
      if (lease?.live === true || issue.status === "BLOCKED") return false;
      const isUndecided =
        issue.queue === escalationQueue && issue.ref !== null && isUnassigned(issue.handler);
      return issue.handler === operator || (decides && isUndecided);
    })
    .map(({ issue, createdMs }) => {
      const { id, priority, title } = issue;
      return { id, priority, title, ageMs: Math.max(0, view.clock.nowMs() - createdMs) };
    });
}

function isOwn(lease: LeaseStatus, { operator, session }: Call): boolean {
  return operator !== null && isOwnLease(lease, { operator, session });
}
