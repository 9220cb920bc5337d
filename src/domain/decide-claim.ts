import { DEFAULT_AGENT } from "./config.ts";
import { refuseWaiting, unfinishedBlockers } from "./dependencies.ts";
import { MaiError } from "./errors.ts";
import type { EventDraft } from "./events.ts";
import type { IssueVerdict, Situation } from "./issue-change.ts";
import { isOwnLease } from "./lease.ts";
import { requireFence, requireLease } from "./lease-gate.ts";
import { requireRoom } from "./limits.ts";
import { phrasesOf } from "./phrases.ts";
import { mayDo, requireRole } from "./roles.ts";
import { refuseState } from "./states.ts";
import type { Blocker } from "./surroundings.ts";
import { isUnassigned } from "./unassigned.ts";
import { ownerAfterLease } from "./work-owner.ts";

/**
 * Decides a claim: an own live lease is renewed, a missing or stale one is taken with the next fencing token.
 * @throws LOCK_HELD, PERMISSION_DENIED, STALE_FENCE, ISSUE_BLOCKED, LIMIT_REACHED, ALREADY_COMPLETED, ISSUE_DISCARDED
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
  const early = requireReady(situation);
  // No force passes a limit: whoever may force may also raise it.
  requireRoom(team.config, { operator: claimant.operator, issue }, situation.around);
  return claimed(situation, { lease: forced, early });
}

/** Whoever takes over work does not make it their own: when this lease ends too, it goes back to the same owner. */
function ownerBefore({ issue, lease, team }: Situation): string {
  if (issue.status !== "IN_PROGRESS") return issue.handler || DEFAULT_AGENT;
  return ownerAfterLease(issue, lease, team.config) || DEFAULT_AGENT;
}

/** Returns the fencing token of the next claim: it grows whatever the lease file says. */
function nextFence(situation: Situation): number {
  return Math.max(situation.issue.fence, situation.lease?.fence ?? 0) + 1;
}

function isOwnLiveClaim({ issue, lease, claimant }: Situation): boolean {
  const working = issue.status === "IN_PROGRESS" || issue.status === "BLOCKED";
  return working && lease?.live === true && isOwnLease(lease, claimant);
}

const FORCE_HINT = "As a root you may begin before it with --force, which is recorded";

/** What a root's `--force` overrode. */
interface Forced {
  readonly lease: boolean;
  /** Blockers that were unfinished. */
  readonly early: readonly string[];
}

/**
 * Refuses an issue whose blockers are unfinished; a root may begin before them with `--force`.
 * @returns the blockers that were overridden
 */
function requireReady({ issue, around, claimant, team, force }: Situation): readonly string[] {
  const blockers = unfinishedBlockers(issue, around.blocker);
  if (blockers.length === 0) return [];
  const isRoot = team.roots.has(claimant.operator);
  if (force && isRoot) return blockers.map(({ id }) => id);
  const hint = waitingHint(blockers, issue.id, claimant.operator);
  throw refuseWaiting(issue, around.blocker, isRoot ? `${hint}. ${FORCE_HINT}` : hint);
}

function waitingHint(blockers: readonly Blocker[], id: string, operator: string): string {
  const lost = blockers.find(({ status }) => status === "MISSING");
  if (lost !== undefined) {
    return `If ${lost.id} is not to come back: mai issue depend ${id} --on ${lost.id} --remove -o ${operator}`;
  }
  return `Take another issue: mai next -o ${operator}. Or wait for it: mai wait --issue ${id}`;
}

function claimed(situation: Situation, forced: Forced): IssueVerdict {
  const { issue, lease, claimant, team } = situation;
  const phrases = phrasesOf(team.config.language);
  const fence = nextFence(situation);
  const takeover = lease === null || lease.live ? "" : phrases.tookOver(lease.holder);
  const mark = forced.lease || forced.early.length > 0 ? phrases.forced : "";
  const actor = claimant.operator;
  const about = { actor, issue: issue.id, queue: issue.queue };
  const expired: EventDraft[] =
    lease === null || lease.live ? [] : [{ type: "lease.expired", ...about, data: { holder: lease.holder } }];
  return {
    kind: "change",
    change: {
      status: "IN_PROGRESS",
      handler: actor,
      record: { word: "IN_PROGRESS", text: takeover + mark },
      lease: { fence, holder: actor, session: claimant.session, from: ownerBefore(situation) },
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
            ...(forced.lease && lease !== null ? { forced: true, holder: lease.holder } : {}),
            ...(forced.early.length === 0 ? {} : { forced: true, blocked_by: forced.early }),
          },
        },
      ],
    },
  };
}

function unblocker(handler: string): string {
  return isUnassigned(handler) ? "Its creator or a root unblocks" : `@${handler} unblocks`;
}

function refuseBlocked({ issue, claimant, team }: Situation): MaiError {
  const { operator } = claimant;
  const mayUnblock = mayDo("unblock", operator, team, { issue, queue: issue.queue });
  const reason = issue.records.find((record) => record.word === "BLOCKED")?.text ?? "";
  return new MaiError("ISSUE_BLOCKED", `${issue.id} is BLOCKED${reason === "" ? "" : `: ${reason}`}`, {
    hint: mayUnblock
      ? `When the obstacle is gone: mai issue unblock ${issue.id} -o ${operator}`
      : `${unblocker(issue.handler)} it when the obstacle is gone. Take another: mai next -o ${operator}`,
    fields: { issue_id: issue.id, status: issue.status },
  });
}
