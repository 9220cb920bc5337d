import type { Issue, IssueHeader } from "../../domain/issue.ts";
import type { Claimant } from "../../domain/lease.ts";
import type { Team } from "../../domain/roles.ts";
import type { Surroundings } from "../../domain/surroundings.ts";
import type { Taker, TakeScope } from "../../domain/takeable.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import { escalationOrigin } from "../issue/escalation-origin.ts";
import { takeableIssue } from "../issue/issue-size.ts";
import { surroundingsOf } from "../issue/surroundings.ts";

/** Who asks, and which work for. */
export interface Asking {
  readonly team: Team;
  /** Null for nobody in particular. */
  readonly claimant: Claimant | null;
  readonly scope: TakeScope;
  readonly around?: Surroundings;
}

/** Lets the question who can take what be asked of a project; each issue is read whole at most once. */
export function takerOf(view: ProjectView, call: Call, asking: Asking): Taker {
  const { team, claimant, scope, around = surroundingsOf(view, team.config) } = asking;
  const read = new Map<IssueHeader, Issue | null>();
  return {
    ...{ team, claimant, scope, around },
    whole(issue) {
      const known = read.get(issue);
      if (known !== undefined) return known;
      const whole = takeableIssue(view, call, issue);
      read.set(issue, whole);
      return whole;
    },
    isEscalation: (issue) => escalationOrigin(view, team.config, issue) !== null,
  };
}
