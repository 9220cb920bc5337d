import type { Config } from "../../domain/config.ts";
import { isIssueId } from "../../domain/ids.ts";
import { type Issue, isFinished } from "../../domain/issue.ts";
import type { Blocker, LiveLease, Surroundings } from "../../domain/surroundings.ts";
import { fileFault } from "../../store/io-error.ts";
import { issuePath } from "../../store/project-paths.ts";
import { findIssue, leasedIds, readIssue, readLeaseAnyway } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readDependents } from "./dependents.ts";

/** Lets decisions ask about other issues and leases; each is read when it is first asked for, and once. */
export function surroundingsOf(view: ProjectView, config: Config): Surroundings {
  const blockers = new Map<string, Blocker>();
  let live: readonly LiveLease[] | null = null;
  const blocker = (id: string) => {
    const known = blockers.get(id) ?? readBlocker(view, config, id);
    blockers.set(id, known);
    return known;
  };
  return {
    blocker,
    dependents: (id) =>
      readDependents(view, id)
        .map(blocker)
        .filter(({ blockedBy }) => blockedBy.includes(id)),
    liveLeases() {
      live ??= readLiveLeases(view, config);
      return live;
    },
    isIn: (queue, id) => view.exists(issuePath(queue, id)),
  };
}

/** Where version 1.5 gave one id to two queues, both have to be finished. */
function readBlocker(view: ProjectView, config: Config, id: string): Blocker {
  const nothing: Blocker = { id, status: "MISSING", handler: null, title: null, blockedBy: [] };
  const location = isIssueId(id) ? findIssue(view, config, { id, queue: null }) : null;
  if (location === null) return nothing;
  try {
    const places = location.others.map((queue) => ({ queue, id, archived: location.archived }));
    const issues = [location, ...places].map((place) => readIssue(view, place).issue);
    const issue = issues.find(({ status }) => !isFinished(status)) ?? issues[0];
    return issue === undefined ? nothing : blockerOf(issue);
  } catch (error) {
    if (fileFault(error) === null) throw error;
    return { ...nothing, status: "UNREADABLE" };
  }
}

/** Returns an issue as others see it that wait for it. */
export function blockerOf(issue: Pick<Issue, "id" | "status" | "handler" | "title" | "blockedBy">): Blocker {
  const { id, status, handler, title, blockedBy } = issue;
  return { id, status, handler, title, blockedBy };
}

function readLiveLeases(view: ProjectView, config: Config): readonly LiveLease[] {
  return leasedIds(view).flatMap((id) => {
    // Whoever lists leases tells of it; here it only counts.
    const lease = readLeaseAnyway(view, { config, warn: () => undefined }, id);
    return lease?.live === true ? [{ id, holder: lease.holder }] : [];
  });
}
