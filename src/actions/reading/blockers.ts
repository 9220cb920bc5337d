import { waitingFor } from "../../domain/dependencies.ts";
import type { IssueHeader, IssueRecord } from "../../domain/issue.ts";
import { queueNames } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { surroundingsOf } from "../issue/surroundings.ts";
import { readTeam } from "../team.ts";
import { type ListedIssue, readUnfinishedIssues, wholeIssue } from "./listed-issues.ts";

/** Something that stands in the way: a BLOCKED issue, or an unfinished one of the blockers queue. */
export interface Blocker extends ListedIssue {
  /** Why, by the newest record that says BLOCKED; null where none does. */
  readonly reason: string | null;
  readonly blockedBy: string | null;
  readonly blockedSince: string | null;
  /** Unfinished issues that wait for it. */
  readonly blocks: readonly string[];
}

/** What stands in the way of a project's work. */
export interface Blockers {
  /** The queue that blockers are reported in, by the settings. */
  readonly queue: string;
  /** In order: priority, creation time, id. */
  readonly issues: readonly Blocker[];
}

/** Reads what is blocked in any queue, and what is unfinished in the blockers queue. */
export function readBlockers(call: Call): Blockers {
  return readProject(call.workspace, (view) => {
    const { config } = readTeam(view, call);
    const { blockersQueue: queue } = config;
    const issues = readUnfinishedIssues(view, call, { config, queues: queueNames(view, config) }).filter(
      ({ issue }) => issue.status === "BLOCKED" || issue.queue === queue,
    );
    const around = surroundingsOf(view, config);
    const blocks = (id: string) => waitingFor(id, around).map((issue) => issue.id);
    return {
      queue,
      issues: issues.map((entry) => ({
        ...entry,
        ...blockOf(view, call, entry.issue),
        blocks: blocks(entry.issue.id),
      })),
    };
  });
}

function blockOf(
  view: ProjectView,
  call: Call,
  issue: IssueHeader,
): Pick<Blocker, "reason" | "blockedBy" | "blockedSince"> {
  const whole = issue.status === "BLOCKED" ? wholeIssue(view, call, issue) : null;
  const record = blockingRecord(whole?.records ?? []);
  if (record === undefined) return { reason: null, blockedBy: null, blockedSince: null };
  return { reason: record.text, blockedBy: record.actor, blockedSince: record.ts };
}

/** Records are newest first. */
function blockingRecord(records: readonly IssueRecord[]): IssueRecord | undefined {
  return records.find((record) => record.word === "BLOCKED");
}
