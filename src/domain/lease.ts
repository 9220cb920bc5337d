/** Heartbeat of a holder that is not registered, in minutes. */
const UNREGISTERED_HEARTBEAT_MINUTES = 17;
/** A lease lives for this many heartbeats. */
const HEARTBEATS_OF_GRACE = 1.5;

/** What a lease file says. */
export interface Lease {
  readonly holder: string;
  /** Time of the claim as written; renewal does not change it. */
  readonly claimedAt: string;
  /** Fencing token; null in files of the Python tool. */
  readonly fence: number | null;
  readonly session: string | null;
  /** Whom the issue belonged to before the claim; null in files of the Python tool and of older versions of mai. */
  readonly from: string | null;
  /** Held by a living process through flock(2) on the hold file. */
  readonly hold: boolean;
}

/** A lease as it stands at one moment; spans in milliseconds. */
export interface LeaseStatus extends Lease {
  readonly ageMs: number;
  readonly thresholdMs: number;
  readonly live: boolean;
  /** Its file cannot be read: nobody knows who holds it, or for how long. */
  readonly unreadable?: true;
}

/** Who asks: an operator, and the session that tells two processes of one name apart. */
export interface Claimant {
  readonly operator: string;
  readonly session: string | null;
}

/** Returns the age up to which a lease is live, from its holder's heartbeat (null when not registered). */
export function leaseThresholdMs(heartbeatMinutes: number | null): number {
  return (heartbeatMinutes ?? UNREGISTERED_HEARTBEAT_MINUTES) * HEARTBEATS_OF_GRACE * 60_000;
}

/** Returns the age up to which a lease is live whoever holds it, from all heartbeats of a team. */
export function surelyLiveMs(heartbeatsMinutes: Iterable<number>): number {
  let shortest = leaseThresholdMs(null);
  for (const minutes of heartbeatsMinutes) shortest = Math.min(shortest, leaseThresholdMs(minutes));
  return shortest;
}

/**
 * Tells how a lease stands.
 * @param facts.ageMs now less modification time; negative counts as 0
 * @param facts.flocked whether the hold file is flocked; asked only for a lease that says `hold`
 */
export function leaseStatus(
  lease: Lease,
  facts: { readonly ageMs: number; readonly heartbeatMinutes: number | null; readonly flocked: boolean },
): LeaseStatus {
  const ageMs = Math.max(0, facts.ageMs);
  const thresholdMs = leaseThresholdMs(facts.heartbeatMinutes);
  const live = lease.hold ? facts.flocked : ageMs <= thresholdMs;
  return { ...lease, ageMs, thresholdMs, live };
}

/** Returns what a lease counts as that cannot be read: held by somebody, so that its issue goes to nobody else. */
export function unreadableLease(ageMs: number): LeaseStatus {
  return {
    ...{ holder: "unknown", claimedAt: "", fence: null, session: null, from: null, hold: false },
    ...{ ageMs: Math.max(0, ageMs), thresholdMs: leaseThresholdMs(null), live: true, unreadable: true },
  };
}

/** Tells whether the claimant holds this lease: same name and, where the lease names a session, the same session. */
export function isOwnLease(lease: Lease, claimant: Claimant): boolean {
  return lease.holder === claimant.operator && (lease.session === null || lease.session === claimant.session);
}

/** Time that a live lease has left, in milliseconds; null while a process holds it, and for one that cannot be read. */
export function leaseLeftMs(lease: LeaseStatus): number | null {
  return lease.hold || lease.unreadable === true ? null : Math.max(0, lease.thresholdMs - lease.ageMs);
}
