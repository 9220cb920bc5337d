import { parseSummary } from "../../codec/summary-file.ts";
import {
  formatSummaryStatus,
  parseSummaryStatus,
  type SummaryStatusFile,
} from "../../codec/summary-status.ts";
import type { SummaryRound } from "../../domain/summary-round.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { SUMMARY_STATUS_PATH, summaryDirectory, summaryPath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";

/** Reads the round that was triggered last, null where there is none. @throws CORRUPT_FILE */
export function readRoundFile(view: ProjectView): SummaryStatusFile | null {
  const text = view.read(SUMMARY_STATUS_PATH);
  return text === null ? null : parseSummaryStatus(text, SUMMARY_STATUS_PATH);
}

/** Returns the file of a round. */
export function roundEdit(round: SummaryRound, before: SummaryStatusFile | null): FileEdit {
  return { path: SUMMARY_STATUS_PATH, text: formatSummaryStatus(round, before) };
}

/** Reads the text of one summary, null where there is none. */
export function readSummaryText(view: ProjectView, date: string, agent: string): string | null {
  const file = view.read(summaryPath(date, agent));
  return file === null ? null : parseSummary(file);
}

/** Returns who has a summary on disk for a date. */
export function summaryWriters(view: ProjectView, date: string): readonly string[] {
  return view
    .list(summaryDirectory(date))
    .filter((name) => name.endsWith(".md") && !name.startsWith("."))
    .map((name) => name.slice(0, -3));
}
