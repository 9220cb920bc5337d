import { MaiError } from "./errors.ts";
import type { EventDraft } from "./events.ts";
import type { IssueVerdict, Situation } from "./issue-change.ts";
import { isOwnLease } from "./lease.ts";
import { requireFence, requireLease } from "./lease-gate.ts";
import { phrasesOf } from "./phrases.ts";
import { requireRole } from "./roles.ts";
import { refuseState } from "./states.ts";

/**
 * Decides a claim: an own live lease is renewed, a missing or stale one is taken with the next fencing token.
 * @throws LOCK_HELD, PERMISSION_DENIED, STALE_FENCE, ISSUE_BLOCKED, ALREADY_COMPLETED, ISSUE_DISCARDED
 */
export function decideClaim(situation: Situation): IssueVerdict {
  const { issue, claimant, team } = situation;
  if (isOwnLiveClaim(situation)) {
    // Renewing is a write too: a process whose claim was followed by another of its own name learns so here.
    requireFence(situation);
    return { kind: "settled", renew: true };
  }
  requireRole("claim", claimant.operator, team, { issue, queue: issue.queue });
  requireFence(situation);
  const forced = requireLease(situation);
  if (issue.status === "BLOCKED") throw refuseBlocked(situation);
  if (issue.status !== "OPEN" && issue.status !== "IN_PROGRESS") throw refuseState("claim", issue);
  return claimed(situation, forced);
}

/** Returns the fencing token of the next claim: it grows whatever the lease file says. */
function nextFence(situation: Situation): number {
  return Math.max(situation.issue.fence, situation.lease?.fence ?? 0) + 1;
}

function isOwnLiveClaim({ issue, lease, claimant }: Situation): boolean {
  const working = issue.status === "IN_PROGRESS" || issue.status === "BLOCKED";
  return working && lease?.live === true && isOwnLease(lease, claimant);
}

function claimed(situation: Situation, forced: boolean): IssueVerdict {
  const { issue, lease, claimant, team } = situation;
  const phrases = phrasesOf(team.config.language);
  const fence = nextFence(situation);
  const takeover = lease === null || lease.live ? "" : phrases.tookOver(lease.holder);
  const actor = claimant.operator;
  const about = { actor, issue: issue.id, queue: issue.queue };
  const expired: EventDraft[] =
    lease === null || lease.live ? [] : [{ type: "lease.expired", ...about, data: { holder: lease.holder } }];
  return {
    kind: "change",
    change: {
      status: "IN_PROGRESS",
      handler: actor,
      record: { word: "IN_PROGRESS", text: forced ? phrases.forced : takeover },
      lease: { fence, holder: actor, session: claimant.session },
      conclusion: null,
      history: {
        actor,
        event: "issue_in_progress",
        summary: `Issue ${issue.id} status changed to IN_PROGRESS`,
        status: "in_progress",
      },
      events: [
        ...expired,
        {
          type: "issue.claimed",
          ...about,
          from: issue.status,
          to: "IN_PROGRESS",
          data: {
            fence,
            ...(claimant.session === null ? {} : { session: claimant.session }),
            ...(actor === issue.handler ? {} : { previous_handler: issue.handler }),
            ...(forced && lease !== null ? { forced: true, holder: lease.holder } : {}),
          },
        },
      ],
    },
  };
}

function refuseBlocked({ issue, claimant }: Situation): MaiError {
  const reason = issue.records.find((record) => record.word === "BLOCKED")?.text ?? "";
  return new MaiError("ISSUE_BLOCKED", `${issue.id} is BLOCKED${reason === "" ? "" : `: ${reason}`}`, {
    hint: `When the obstacle is gone: mai issue unblock ${issue.id} -o ${claimant.operator}`,
    fields: { issue_id: issue.id, status: issue.status },
  });
}
