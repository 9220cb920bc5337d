import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { localDate, parseTimestamp } from "../../domain/time.ts";
import { dayLogPath } from "../../store/logs/day-logs.ts";
import type { Call } from "../call.ts";
import type { KeptIssue } from "./archivable.ts";
import { archiveIssues } from "./archive-issues.ts";
import { archiveLogs, type LogDay, restoreLogs } from "./archive-logs.ts";
import { type Batches, unlessBegun } from "./in-batches.ts";
import type { MovedIssues } from "./move-issues.ts";
import { restoreIssues } from "./restore-issues.ts";

/** Warnings about single issues; more are counted. */
const WARNINGS = 20;

/** What `archive` answers. */
export interface ArchiveAnswer {
  /** Ids of the issues that moved. */
  readonly issues: readonly string[];
  /** Paths of the logs that were compressed or unpacked, as they are called while they are plain. */
  readonly logs: readonly string[];
  readonly kept: readonly KeptIssue[];
  /** Issues and logs that a fault kept from their turn. */
  readonly remaining: number;
}

/**
 * Moves what is finished and old out of the way: issues into `.mai/archive/`, and the logs of old days as well,
 * compressed. Issues first; each transaction is whole or not at all, and doing it again goes on.
 * @param before local date, `YYYY-MM-DD`: what was last changed on an earlier day goes
 * @throws USAGE for a date that is none, and what {@link archiveIssues} throws
 */
export function archiveBefore(call: Call, before: string): Outcome<ArchiveAnswer> {
  const { clock } = call.workspace.system;
  const beforeMs = parseTimestamp(`${before} 00:00`, clock);
  // February 31 would be read as a day of March.
  if (beforeMs === null || localDate(beforeMs, clock) !== before)
    throw new MaiError("USAGE", `--before takes a date such as 2026-04-30, not ${before}.`);
  const issues = archiveIssues(call, beforeMs);
  return answered(call, issues, () => archiveLogs(call, before));
}

/**
 * Brings archived issues back, those named or all; with none named the compressed logs too.
 * @throws what {@link restoreIssues} throws
 */
export function restoreArchive(call: Call, ids: readonly string[]): Outcome<ArchiveAnswer> {
  const issues = restoreIssues(call, ids);
  return answered(call, issues, ids.length > 0 ? null : () => restoreLogs(call));
}

function answered(
  call: Call,
  issues: MovedIssues,
  moveLogs: (() => Batches<LogDay>) | null,
): Outcome<ArchiveAnswer> {
  warnOfKept(call, issues.kept);
  const wanted = issues.remaining === 0 ? moveLogs : null;
  const logs = wanted && unlessBegun(call, issues.changed, wanted);
  const answer: ArchiveAnswer = {
    issues: issues.done,
    logs: (logs?.done ?? []).map(({ log, date }) => dayLogPath(log, date)),
    kept: issues.kept,
    remaining: issues.remaining + (logs?.remaining ?? 0),
  };
  const rows = logs === null ? [issues] : [issues, logs];
  return {
    answer,
    changed: rows.some(({ changed }) => changed),
    pending: rows.some(({ pending }) => pending),
  };
}

function warnOfKept({ workspace }: Call, kept: readonly KeptIssue[]): void {
  for (const { queue, id, reason } of kept.slice(0, WARNINGS))
    workspace.warn(`${queue}/${id} stays: ${reason}`);
  if (kept.length > WARNINGS) workspace.warn(`${kept.length - WARNINGS} more issues stay for such reasons.`);
}
