import { DEFAULT_AGENT, queueOwner } from "./config.ts";
import { MaiError } from "./errors.ts";
import type { Issue, IssueRecord } from "./issue.ts";
import type { Situation } from "./issue-change.ts";
import { operatorName } from "./names.ts";
import { didYouMean } from "./nearest.ts";
import { isClaimText, transferredTo } from "./phrases.ts";
import { possibleHandlers, type Team } from "./roles.ts";
import { isUnassigned, meansNobody } from "./unassigned.ts";

/**
 * Returns the handler that a command line names: `@Code Reviewer` is the agent code-reviewer, and `none` or
 * `unassigned` is nobody, unless somebody is called exactly that. Whether the handler exists is not checked.
 * @throws INVALID_NAME
 */
export function namedHandler(team: Team, text: string): string {
  const name = operatorName(text.trim());
  if (possibleHandlers(team).has(name)) return name;
  if (meansNobody(name)) return DEFAULT_AGENT;
  const asAgent = name.toLowerCase().replaceAll(" ", "-");
  return team.config.agents.has(asAgent) ? asAgent : name;
}

/**
 * Refuses a handler that is nobody.
 * @throws INVALID_AGENT with the nearest name
 */
export function requireHandler(team: Team, handler: string): void {
  const known = possibleHandlers(team);
  if (isUnassigned(handler) || known.has(handler)) return;
  throw new MaiError("INVALID_AGENT", `@${handler} is not a registered agent, a queue owner or a root.`, {
    hint: didYouMean(handler, known, "mai agent list"),
    fields: { agent: handler, known: [...known] },
  });
}

/**
 * Returns whom a rejected issue goes back to: the latest person but the operator who handled it, by its field and
 * then by its records of claims and transfers; else whoever answers for the queue.
 */
export function previousHandler({ issue, claimant, team }: Situation): string {
  const latest = [issue.handler, ...issue.records.map(handlerOf)];
  const other = latest.find((name) => name !== null && name !== "" && name !== claimant.operator);
  return other ?? queueOwner(team.config, issue.queue);
}

/** Returns everybody who ever claimed the issue, by its records. */
export function claimants(issue: Issue): ReadonlySet<string> {
  const claims = issue.records.filter(({ word, text }) => word === "IN_PROGRESS" && isClaimText(text));
  return new Set(claims.map(({ actor }) => actor));
}

/** Returns who handled the issue from this record on, null where it does not say. */
function handlerOf(record: IssueRecord): string | null {
  if (record.word === "IN_PROGRESS" && isClaimText(record.text)) return record.actor;
  return record.word === "OPEN" ? transferredTo(record.text) : null;
}
