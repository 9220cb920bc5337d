import type { IssueVerdict, Situation } from "./issue-change.ts";
import { requireFence } from "./lease-gate.ts";
import { requireRole } from "./roles.ts";
import { refuseState } from "./states.ts";

/**
 * Decides a remark: it never meets a lease and never changes the state; an own lease is renewed.
 * @param remark checked text
 * @throws PERMISSION_DENIED, STALE_FENCE, ISSUE_DISCARDED
 */
export function decideAmend(situation: Situation, remark: string): IssueVerdict {
  const { issue, claimant, team } = situation;
  requireRole("amend", claimant.operator, team, { issue, queue: issue.queue });
  requireFence(situation);
  if (issue.status === "DISCARDED") throw refuseState("amend", issue);
  return {
    kind: "change",
    change: {
      status: issue.status,
      handler: issue.handler,
      record: { word: "AMENDED", text: remark },
      lease: "renew",
      conclusion: null,
      history: {
        actor: claimant.operator,
        event: "issue_amended",
        summary: `Issue ${issue.id} amended`,
        status: "amended",
      },
      events: [
        {
          type: "issue.amended",
          actor: claimant.operator,
          issue: issue.id,
          queue: issue.queue,
          data: { text: remark },
        },
      ],
    },
  };
}
