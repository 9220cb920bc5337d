import type { Config } from "../domain/config.ts";
import { isIssueId } from "../domain/ids.ts";
import type { LeaseStatus } from "../domain/lease.ts";
import { readLease } from "./issue-files.ts";
import { LOCKS_DIRECTORY } from "./project-paths.ts";
import type { ProjectView } from "./project-view.ts";

const SUFFIX = ".lock";

/** A lease and the issue that it is on. */
export interface HeldLease {
  readonly issueId: string;
  readonly lease: LeaseStatus;
}

/** Returns every lease of the project, by issue id; files that are no leases are left out. */
export function allLeases(view: ProjectView, config: Config): readonly HeldLease[] {
  return view
    .list(LOCKS_DIRECTORY)
    .filter((name) => name.endsWith(SUFFIX) && isIssueId(name.slice(0, -SUFFIX.length)))
    .flatMap((name) => {
      const issueId = name.slice(0, -SUFFIX.length);
      const lease = readLease(view, config, issueId);
      return lease === null ? [] : [{ issueId, lease }];
    });
}
