import { surelyLiveMs } from "../../domain/lease.ts";
import type { ChangeSet } from "../../store/change/change-set.ts";
import { isSystemError } from "../../store/io-error.ts";
import { holdPath, leasePath } from "../../store/project-paths.ts";
import { leasedIds } from "../../store/reading/issue-files.ts";
import { currentSequence } from "../../store/reading/numbers.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import { joinChanges } from "../issue/issue-change-set.ts";
import { readTeam, type TeamOnFile } from "../team.ts";
import { releaseOf } from "./release-stale-leases.ts";

/** Signs what no operator asked for. */
const GUARDIAN = "guardian";
/** Leases that one command looks at, and of those that went stale releases. */
const LOOKED_AT = 32;
const RELEASED = 3;

/**
 * Adds to a change the release of a few leases that went stale, so that no daemon is needed. Never those of issues
 * that the change itself is about; where there are many leases, each change looks at others.
 */
export function withStaleReleases(view: ProjectView, call: Call, changes: ChangeSet): ChangeSet {
  const own = new Set(changes.events.map(({ issue }) => issue));
  const paths = new Set([...changes.files.map(({ path }) => path), ...(changes.touch ?? [])]);
  const leased = leasedIds(view).filter((id) => !own.has(id) && !paths.has(leasePath(id)));
  if (leased.length === 0) return changes;
  const guardian: Call = {
    ...call,
    operator: GUARDIAN,
    session: null,
    environmentFence: null,
    // What the guardian cannot release is the business of whoever looks at it.
    workspace: { ...call.workspace, warn: () => undefined },
  };
  const team = readTeam(view, call);
  const agents = [...team.config.agents.values()];
  const freshMs = surelyLiveMs(agents.map(({ heartbeatMinutes }) => heartbeatMinutes));
  const releases: ChangeSet[] = [];
  for (const id of someOf(leased, currentSequence(view).seq)) {
    if (releases.length === RELEASED) break;
    if (!isSurelyLive(view, id, freshMs)) releases.push(...releaseOrNone(view, guardian, team, id));
  }
  return releases.length === 0 ? changes : joinChanges(changes, releases);
}

/** Most leases are young, and one look at the time of a file tells. Whether a process still holds one has to be asked. */
function isSurelyLive(view: ProjectView, id: string, freshMs: number): boolean {
  if (view.exists(holdPath(id))) return false;
  const modifiedMs = view.modifiedMs(leasePath(id));
  return modifiedMs !== null && view.fileNowMs() - modifiedMs <= freshMs;
}

/** A lease file that the disk does not give out must not stop everybody's work. */
function releaseOrNone(view: ProjectView, call: Call, team: TeamOnFile, id: string): readonly ChangeSet[] {
  try {
    return releaseOf(view, call, team, id).map(({ changes }) => changes);
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

/** A window that moves on with every change. */
function someOf(ids: readonly string[], seq: number): readonly string[] {
  if (ids.length <= LOOKED_AT) return ids;
  const start = seq % ids.length;
  return [...ids.slice(start), ...ids.slice(0, start)].slice(0, LOOKED_AT);
}
