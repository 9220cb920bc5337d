import { queueOwner } from "./config.ts";
import { MaiError } from "./errors.ts";
import type { Evidence } from "./evidence.ts";
import { claimants } from "./handlers.ts";
import type { Issue } from "./issue.ts";
import type { Situation } from "./issue-change.ts";
import type { Team } from "./roles.ts";

/**
 * Refuses evidence that a queue asks for and nobody gave; a root may go without it with `--force`.
 * @returns whether it was gone without
 * @throws EVIDENCE_REQUIRED
 */
export function requireEvidence(situation: Situation, evidence: readonly Evidence[]): boolean {
  const { issue, team } = situation;
  if (evidence.length > 0 || team.config.queues.get(issue.queue)?.requireEvidence !== true) return false;
  if (isForcedByRoot(situation)) return true;
  throw new MaiError("EVIDENCE_REQUIRED", `${issue.queue} takes no completion without evidence.`, {
    hint: `Give a command that must succeed, or a file: mai issue complete ${issue.id} "what came out" --evidence cmd:'make test' -o ${situation.claimant.operator}`,
    fields: { issue_id: issue.id, queue: issue.queue },
  });
}

/**
 * Refuses that somebody accepts what they claimed at any time, in a queue that wants another; a root may with `--force`.
 * @returns whether a root did
 * @throws PERMISSION_DENIED
 */
export function requireAnother(situation: Situation): boolean {
  const { issue, team, claimant } = situation;
  const workers = claimants(issue);
  if (!workers.has(claimant.operator) || !wantsAnother(team, issue)) return false;
  if (isForcedByRoot(situation)) return true;
  throw ownWork(situation, workers);
}

/** Tells whether the queue of an issue lets nobody accept what they claimed. */
export function wantsAnother(team: Team, issue: Issue): boolean {
  return team.config.queues.get(issue.queue)?.confirmerDiffers === true;
}

/** Returns the refusal that names who may accept it instead. */
export function ownWork({ issue, team, claimant }: Situation, workers: ReadonlySet<string>): MaiError {
  const accepting = [issue.creator, queueOwner(team.config, issue.queue), ...team.roots];
  const others = [...new Set(accepting)].filter((name) => name !== null && !workers.has(name));
  const [other] = others;
  return new MaiError(
    "PERMISSION_DENIED",
    `@${claimant.operator} claimed ${issue.id}, and in ${issue.queue} nobody accepts what they claimed.`,
    {
      hint:
        other === undefined
          ? "A root may with --force, which is recorded."
          : `Hand it over: mai issue transfer ${issue.id} ${other} "done, please review" -o ${claimant.operator}`,
      fields: { issue_id: issue.id, operator: claimant.operator, claimed_by: [...workers], others },
    },
  );
}

function isForcedByRoot({ force, team, claimant }: Situation): boolean {
  return force && team.roots.has(claimant.operator);
}
