import { requireNoCycle } from "./dependencies.ts";
import type { EventDraft } from "./events.ts";
import type { IssueVerdict, Situation } from "./issue-change.ts";
import { requireFence, requireLease } from "./lease-gate.ts";
import { phrasesOf } from "./phrases.ts";
import { requireRole } from "./roles.ts";
import { refuseState } from "./states.ts";

/** Which issues an issue is to wait for, or no longer. */
export interface DependRequest {
  /** Ids, each once. */
  readonly on: readonly string[];
  readonly remove: boolean;
}

/**
 * Decides that an issue waits for others, or no longer does: its state and its lease stay as they are. Cycles are
 * looked for here, under the mutex, so that two changes at once make none either.
 * @throws PERMISSION_DENIED, LOCK_HELD, STALE_FENCE, ISSUE_DISCARDED, CYCLE
 */
export function decideDepend(situation: Situation, request: DependRequest): IssueVerdict {
  const { issue, claimant, team, around } = situation;
  const changed = request.on.filter((id) => issue.blockedBy.includes(id) === request.remove);
  const says = phrasesOf(team.config.language);
  const text = request.remove ? says.noLongerWaits(changed) : says.waitsFor(changed);
  if (changed.length === 0 && isLatestRequest(situation, request)) return { kind: "settled", renew: false };
  requireRole("depend", claimant.operator, team, { issue, queue: issue.queue });
  requireFence(situation);
  const forced = requireLease(situation);
  if (issue.status === "DISCARDED") throw refuseState("depend", issue);
  if (changed.length === 0) return { kind: "settled", renew: false };
  if (!request.remove) requireNoCycle(issue.id, changed, around.blocker);
  const kept = issue.blockedBy.filter((id) => !changed.includes(id));
  const blockedBy = request.remove ? kept : [...kept, ...changed];
  return {
    kind: "change",
    change: {
      status: issue.status,
      handler: issue.handler,
      record: { word: "AMENDED", text: text + (forced ? says.forced : "") },
      lease: "renew",
      conclusion: null,
      edits: { blockedBy },
      history: {
        actor: claimant.operator,
        event: "issue_amended",
        summary: `Issue ${issue.id} ${request.remove ? "no longer waits" : "waits"} for ${changed.join(", ")}`,
        status: "amended",
      },
      events: [eventOf(situation, { ...request, on: changed }, { blockedBy, forced })],
    },
  };
}

function eventOf(
  { issue, claimant, lease }: Situation,
  { on, remove }: DependRequest,
  facts: { readonly blockedBy: readonly string[]; readonly forced: boolean },
): EventDraft {
  return {
    type: "issue.depends",
    actor: claimant.operator,
    issue: issue.id,
    queue: issue.queue,
    data: {
      ...(remove ? { removed: on } : { added: on }),
      blocked_by: facts.blockedBy,
      ...(facts.forced && lease !== null ? { forced: true, holder: lease.holder } : {}),
    },
  };
}

/** The newest record is this very request by this operator: a repeat, whatever roles have become since. */
function isLatestRequest({ issue, claimant, team }: Situation, { on, remove }: DependRequest): boolean {
  const says = phrasesOf(team.config.language);
  const text = remove ? says.noLongerWaits(on) : says.waitsFor(on);
  const newest = issue.records[0];
  if (newest?.actor !== claimant.operator || newest.word !== "AMENDED") return false;
  return newest.text === text || newest.text === text + says.forced;
}
