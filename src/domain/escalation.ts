import { queueOwner } from "./config.ts";
import { MaiError } from "./errors.ts";
import type { Issue, RecordWord, State } from "./issue.ts";
import type { IssueChange, Situation } from "./issue-change.ts";
import { escalatedTo, phrasesOf } from "./phrases.ts";
import { type Team, whoAreRoots } from "./roles.ts";
import { handlerText, isUnassigned } from "./unassigned.ts";
import { ownerAfterLease } from "./work-owner.ts";

/**
 * Returns whom an escalation is assigned to: the setting `escalation_handler`, else the owner of the escalation
 * queue, else the first root; never whoever escalated. Unassigned where nobody else is left: roots can take it.
 */
export function escalationHandler({ config, roots }: Team, escalating: string, nobody: string): string {
  const owner = queueOwner(config, config.escalationQueue);
  const candidates = [config.escalationHandler, isUnassigned(owner) ? null : owner, ...roots];
  return candidates.find((name) => name !== null && name !== escalating) ?? nobody;
}

/** Tells whether somebody may decide an escalation, whichever queue it was moved to since. */
export function mayDecide(operator: string, { config, roots }: Team): boolean {
  return roots.has(operator) || queueOwner(config, config.escalationQueue) === operator;
}

/**
 * Refuses the completion of an escalation by anybody but a root and the owner of the escalation queue: its creator is
 * who escalated, and does not decide on their own question.
 * @throws PERMISSION_DENIED
 */
export function requireDecider({ issue, claimant, team }: Situation): void {
  if (mayDecide(claimant.operator, team)) return;
  const { escalationQueue } = team.config;
  const owner = queueOwner(team.config, escalationQueue);
  const who = isUnassigned(owner) ? "" : ` or the owner of ${escalationQueue} (@${owner})`;
  throw new MaiError(
    "PERMISSION_DENIED",
    `@${claimant.operator} may not decide ${issue.id}: it is an escalation, which only ${whoAreRoots(team)}${who} may complete.`,
    {
      hint: `It is with ${handlerText(issue.handler)}. Wait for the decision: mai wait --issue ${issue.id} --until COMPLETED`,
      fields: { operator: claimant.operator, issue_id: issue.id, allowed: ["root", "queue_owner"] },
    },
  );
}

/** How an escalation ended, and with which words. */
export interface Decision {
  readonly id: string;
  readonly how: "completed" | "discarded";
  readonly text: string;
}

/** Returns what a decision changes in the issue that was escalated: a record, and its state if it was blocked for it. */
export function decisionChange(original: Situation, decision: Decision): IssueChange {
  const { issue, lease, team, claimant } = original;
  const isUnblocked = isBlockedSince(issue, decision.id);
  const isLive = lease?.live === true;
  const status: State = isUnblocked ? (isLive ? "IN_PROGRESS" : "OPEN") : issue.status;
  const isFree = isUnblocked && !isLive;
  const says = phrasesOf(team.config.language);
  const text = decision.how === "completed" ? says.decided(decision) : says.notDecided(decision);
  const about = { actor: claimant.operator, issue: issue.id, queue: issue.queue };
  const word: RecordWord = status === issue.status ? "AMENDED" : status === "OPEN" ? "OPEN" : "IN_PROGRESS";
  return {
    status,
    handler: isFree && lease !== null ? ownerAfterLease(issue, lease, team.config) : issue.handler,
    record: { word, text },
    lease: isFree && lease !== null ? "release" : "keep",
    conclusion: null,
    history: {
      actor: claimant.operator,
      event: isUnblocked ? "issue_open" : "issue_amended",
      summary: `Issue ${issue.id}: ${decision.id} was ${decision.how}`,
      status: status.toLowerCase(),
    },
    events: [
      isUnblocked
        ? { type: "issue.unblocked", ...about, from: issue.status, to: status, data: dataOf(decision) }
        : { type: "issue.amended", ...about, data: dataOf(decision) },
    ],
  };
}

function dataOf({ id, how, text }: Decision): Record<string, unknown> {
  return { escalation: id, decision: how, text };
}

/** Tells whether an issue is blocked, and was so already when it was escalated: nobody blocked it anew since. */
function isBlockedSince({ status, records }: Issue, escalation: string): boolean {
  if (status !== "BLOCKED") return false;
  const escalated = records.findIndex(
    ({ word, text }) => word === "ESCALATED" && escalatedTo(text) === escalation,
  );
  return escalated !== -1 && records.findIndex(({ word }) => word === "BLOCKED") > escalated;
}
