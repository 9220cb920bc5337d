import type { EventDraft, HistoryDraft } from "../../domain/events.ts";

/** New text of one file, null to remove it. */
export interface FileEdit {
  readonly path: string;
  readonly text: string | null;
  /** Where people read it, when that is not the usual place in `async/`; null for nowhere. */
  readonly mirror?: string | null;
  /** The file holds the text compressed. */
  readonly gzip?: true;
}

/** All that one command changes; it happens whole or not at all. */
export interface ChangeSet {
  /** The time that records, audit lines and events bear, in milliseconds since 1970. */
  readonly atMs: number;
  readonly files: readonly FileEdit[];
  readonly history: readonly HistoryDraft[];
  /** At least one: its number is what readers notice a change by. */
  readonly events: readonly EventDraft[];
  /** Leases whose time starts again. */
  readonly touch?: readonly string[];
  /** Last numbers given out by this change, per id prefix. */
  readonly ids?: Readonly<Record<string, number>>;
  /** Smallest number that counts as given out to events: only mending a project needs it. */
  readonly lastSeq?: number;
  readonly durable: boolean;
}

/** A decision: what to answer, and what to change (null for nothing). */
export interface Plan<Answer> {
  readonly answer: Answer;
  readonly changes: ChangeSet | null;
  /** Leases to renew although nothing else changes. */
  readonly renew?: readonly string[];
  /** A lease to write anew although nothing else changes: one file, so that it needs no journal. */
  readonly rewrite?: { readonly path: string; readonly text: string; readonly durable: boolean };
}
