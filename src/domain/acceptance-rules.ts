import { type Config, queueOwner } from "./config.ts";
import { MaiError } from "./errors.ts";
import type { Evidence } from "./evidence.ts";
import { claimants } from "./handlers.ts";
import type { Issue } from "./issue.ts";
import type { Situation } from "./issue-change.ts";
import type { Team } from "./roles.ts";

/** Rules of acceptance that an issue keeps when it leaves a queue, by their names in the settings. */
const KEPT_RULES = { require_evidence: "requireEvidence", confirmer_differs: "confirmerDiffers" } as const;
/** Name of a rule of acceptance in the settings and in issue files. */
export type AcceptanceRule = keyof typeof KEPT_RULES;
const RULE_NAMES = Object.keys(KEPT_RULES) as AcceptanceRule[];

/**
 * Returns the rules under which an issue is accepted: those of its queue, and those of every queue that it has left.
 * Without the latter, moving an issue and moving it back would get around them.
 */
export function acceptanceRules(
  config: Config,
  issue: Pick<Issue, "queue" | "keptRules">,
): ReadonlySet<AcceptanceRule> {
  const queue = config.queues.get(issue.queue);
  return new Set(
    RULE_NAMES.filter((name) => queue?.[KEPT_RULES[name]] === true || issue.keptRules.includes(name)),
  );
}

/** Returns what an issue has to keep in mind when it leaves its queue; the same list where nothing is added. */
export function rulesKept(config: Config, issue: Pick<Issue, "queue" | "keptRules">): readonly string[] {
  const added = [...acceptanceRules(config, issue)].filter((name) => !issue.keptRules.includes(name));
  return added.length === 0 ? issue.keptRules : [...issue.keptRules, ...added];
}

/**
 * Refuses a completion without the evidence that the rules require; a root may complete without it by `--force`.
 * @returns whether a root did
 * @throws EVIDENCE_REQUIRED
 */
export function requireEvidence(situation: Situation, evidence: readonly Evidence[]): boolean {
  const { issue, team } = situation;
  if (evidence.length > 0 || !wantsEvidence(team, issue)) return false;
  if (isForcedByRoot(situation)) return true;
  throw new MaiError("EVIDENCE_REQUIRED", `${issue.id} cannot be completed without evidence.`, {
    hint: `Give a command that must succeed, or a file: mai issue complete ${issue.id} "what came out" --evidence cmd:'make test' -o ${situation.claimant.operator}`,
    fields: { issue_id: issue.id, queue: issue.queue },
  });
}

/**
 * Refuses that somebody accepts what they claimed at any time, where the rules require another; a root may by `--force`.
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

/** Tells whether an issue must be accepted by somebody who never claimed it. */
export function wantsAnother(team: Team, issue: Issue): boolean {
  return acceptanceRules(team.config, issue).has("confirmer_differs");
}

/** Tells whether an issue is completed only with evidence. */
export function wantsEvidence(team: Team, issue: Issue): boolean {
  return acceptanceRules(team.config, issue).has("require_evidence");
}

/** Returns the refusal that names who may accept it instead. */
export function ownWork({ issue, team, claimant }: Situation, workers: ReadonlySet<string>): MaiError {
  const accepting = [issue.creator, queueOwner(team.config, issue.queue), ...team.roots];
  const others = [...new Set(accepting)].filter((name) => name !== null && !workers.has(name));
  const [other] = others;
  return new MaiError(
    "PERMISSION_DENIED",
    `@${claimant.operator} claimed ${issue.id} and cannot accept it: its rules require another person.`,
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
