import { type IssueFilter, matchesFilter } from "../../domain/issue-filter.ts";
import { takeVerdict } from "../../domain/takeable.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { takerOf } from "../agent-loop/taker.ts";
import type { Call } from "../call.ts";
import { surroundingsOf } from "../issue/surroundings.ts";
import { waitsFor, withWaits } from "../issue/waits-for.ts";
import { readTeam } from "../team.ts";
import { holdsWords, type IssueListing } from "./read-issues.ts";
import { readUnfinished } from "./unfinished-issues.ts";
import { withLeases } from "./with-leases.ts";

/** What could be claimed now (with an operator: what they could take); or what cannot go on: it is BLOCKED, or waits for others. */
export type Readiness = "ready" | "blocked";

/**
 * Lists the unfinished issues that are ready, or that cannot go on, most urgent first.
 * @throws INVALID_QUEUE
 */
export function listByReadiness(
  call: Call,
  filter: IssueFilter,
  asked: { readonly readiness: Readiness; readonly limit: number },
): IssueListing {
  return readProject(call.workspace, (view) => {
    const team = readTeam(view, call);
    const { config } = team;
    const around = surroundingsOf(view, config);
    const claimant = call.operator === null ? null : { operator: call.operator, session: call.session };
    const taker = takerOf(view, call, { team, claimant, scope: claimant === null ? "any" : "usual", around });
    const issues = readUnfinished(view, call, config, filter.queue).filter((entry) => {
      const { issue } = entry;
      return (
        matchesFilter(issue, filter) &&
        holdsWords(view, call, issue, filter.search) &&
        (asked.readiness === "ready"
          ? takeVerdict(entry, taker).can
          : issue.status === "BLOCKED" || waitsFor(issue, around).length > 0)
      );
    });
    const shown = issues.slice(0, Math.max(0, asked.limit));
    return withWaits(view, config, withLeases(view, call, config, { issues: shown, total: issues.length }));
  });
}
