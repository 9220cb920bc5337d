import type { EventDraft, HistoryDraft } from "./events.ts";
import type { Evidence } from "./evidence.ts";
import type { AcceptanceItem, Handover, Issue, Priority, RecordWord, State } from "./issue.ts";
import type { Claimant, LeaseStatus } from "./lease.ts";
import type { Team } from "./roles.ts";
import type { Surroundings } from "./surroundings.ts";

/** All that a decision about one issue may look at: read under the mutex, nothing else. */
export interface Situation {
  readonly team: Team;
  readonly claimant: Claimant;
  readonly issue: Issue;
  readonly lease: LeaseStatus | null;
  /** A root asks to override somebody's live lease. */
  readonly force: boolean;
  /** Fencing token that the caller believes is current. */
  readonly fence: number | null;
  readonly around: Surroundings;
  /** Returns the issue that was escalated as this one; null where this is no escalation. Read when it is asked for. */
  readonly origin: () => Issue | null;
}

/** New values of fields that `edit` may change; `slaDeadline` follows the queue. */
export interface FieldEdits {
  readonly title?: string;
  readonly body?: string;
  readonly context?: string;
  readonly priority?: Priority;
  readonly ref?: string | null;
  readonly blockedBy?: readonly string[];
  readonly labels?: readonly string[];
  readonly acceptance?: readonly AcceptanceItem[];
  /** As it was before; a new note goes with a transfer. */
  readonly handover?: Handover | null;
  readonly queue?: string;
  /** Follows the queue, as the deadline does. */
  readonly keptRules?: readonly string[];
  readonly slaDeadline?: string | null;
}

/** A lease to be written by this change. */
export interface LeaseTaken {
  readonly fence: number;
  readonly holder: string;
  readonly session: string | null;
  /** Whom the issue belongs to again when the lease ends. */
  readonly from: string;
  /** A living process holds it through flock(2). */
  readonly hold?: boolean;
}

/** What one operation does to an issue; the action turns it into files. */
export interface IssueChange {
  readonly status: State;
  readonly handler: string;
  readonly record: { readonly word: RecordWord; readonly text: string };
  readonly lease: "keep" | "renew" | "release" | LeaseTaken;
  /** Text of a decision to append, null for none. */
  readonly conclusion: string | null;
  /** What proves it. */
  readonly evidence?: readonly Evidence[];
  readonly edits?: FieldEdits;
  /** A note that goes with a transfer; its time is that of the record. */
  readonly handover?: Omit<Handover, "ts">;
  readonly history: HistoryDraft;
  readonly events: readonly EventDraft[];
}

/** Outcome of a decision: a change, or nothing to do (then a lease may still be renewed). */
export type IssueVerdict =
  | { readonly kind: "settled"; readonly renew: boolean }
  | { readonly kind: "change"; readonly change: IssueChange };
