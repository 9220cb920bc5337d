import { heartbeatOf } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import type { IssueChange, Situation } from "../../domain/issue-change.ts";
import { type Lease, leaseThresholdMs } from "../../domain/lease.ts";
import type { Team } from "../../domain/roles.ts";

/** Leases are renewed this many times in their life, and at least so often. */
const RENEWALS_PER_LIFE = 3;
const LONGEST_RENEWAL_MS = 300_000;

/** An issue that this process holds. */
export interface HeldIssue {
  readonly issueId: string;
  readonly fence: number;
  readonly holder: string;
  readonly session: string | null;
  /** How often its lease is renewed, in milliseconds. */
  readonly renewalMs: number;
}

/** How a hold stands: still there, given back (by the command itself), or taken, null for nobody that is known. */
export type HoldState =
  | { readonly kind: "held" | "given back" }
  | { readonly kind: "taken"; readonly by: string | null };

/** The state of a hold that nothing has happened to. */
export const HELD: HoldState = { kind: "held" };

/** Tells of a lease that was taken from a running command. */
export function lostText(issueId: string, state: HoldState): string {
  const by = state.kind === "taken" && state.by !== null ? ` by @${state.by}` : "";
  return `The lease of ${issueId} was taken${by} before the command ended.`;
}

/** How often it is renewed is known with the claim: nothing is read, and can fail, between that and the command. */
export function heldIssue({ config }: Team, lease: Omit<HeldIssue, "renewalMs">): HeldIssue {
  const lifeMs = leaseThresholdMs(heartbeatOf(config, lease.holder));
  return { ...lease, renewalMs: Math.min(LONGEST_RENEWAL_MS, lifeMs / RENEWALS_PER_LIFE) };
}

/** Returns who holds a lease. */
export function nameOf({ holder, session }: Lease): {
  readonly holder: string;
  readonly session: string | null;
} {
  return { holder, session };
}

/** Returns a claim whose lease says that a living process holds it. */
export function withHold(change: IssueChange): IssueChange {
  if (typeof change.lease !== "object") return change;
  const events = change.events.map((event) =>
    event.type === "issue.claimed" ? { ...event, data: { ...event.data, hold: true } } : event,
  );
  return { ...change, lease: { ...change.lease, hold: true }, events };
}

/** Tells whether a lease still is this one. */
export function isLeaseOf(lease: Lease | null, held: HeldIssue): boolean {
  return (
    lease?.hold === true &&
    lease.holder === held.holder &&
    lease.session === held.session &&
    (lease.fence ?? held.fence) === held.fence
  );
}

/** Returns the refusal of an issue that another process holds. */
export function heldByProcess({ issue, lease }: Situation): MaiError {
  const holder = lease?.holder ?? null;
  const whose = holder === null ? "" : ` of @${holder}`;
  return new MaiError("LOCK_HELD", `A running process${whose} holds ${issue.id}.`, {
    hint: "Take another issue, or wait until that process has ended.",
    fields: { issue_id: issue.id, holder, seconds_left: null },
  });
}
