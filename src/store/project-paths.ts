/** Paths inside a project, from its root. */
export const CONFIG_PATH = ".mai/config.json";
export const SEQUENCE_PATH = ".mai/sequence.json";
export const MUTEX_PATH = ".mai/mutex";
export const JOURNAL_DIRECTORY = ".mai/journal";
export const JOURNAL_PATH = ".mai/journal/commit.json";
export const TEMP_DIRECTORY = ".mai/tmp";
export const MIRROR_DIRECTORY = "async";
/** Where a deletion takes the mirror along; recovery brings it back from there. */
export const DELETED_MIRROR_PATH = ".mai/deleted-async";
export const QUEUES_DIRECTORY = ".mai/queues";
export const LOCKS_DIRECTORY = ".mai/locks";
export const EVENTS_DIRECTORY = ".mai/events";
export const HISTORY_DIRECTORY = ".mai/history";
export const CACHE_DIRECTORY = ".mai/cache";
/** Unfinished issues, and a line for each change since. */
export const CACHE_PATH = ".mai/cache/issues";
/** Finished issues. */
export const FINISHED_CACHE_PATH = ".mai/cache/finished";
export const DECISIONS_DIRECTORY = ".mai/decisions";
export const KEYS_DIRECTORY = ".mai/keys";
export const PROCESSING_DIRECTORY = ".mai/processing";
export const DEPENDENTS_DIRECTORY = ".mai/dependents";
export const ARCHIVE_DIRECTORY = ".mai/archive";
export const ARCHIVED_QUEUES_DIRECTORY = ".mai/archive/queues";
export const ARCHIVED_DECISIONS_DIRECTORY = ".mai/archive/decisions";
export const SUMMARY_STATUS_PATH = ".mai/daily-summary/status.json";
/** What has to be a directory where it is there at all. */
export const FIXED_DIRECTORIES: readonly string[] = [
  ...[JOURNAL_DIRECTORY, TEMP_DIRECTORY, MIRROR_DIRECTORY, QUEUES_DIRECTORY, LOCKS_DIRECTORY],
  ...[EVENTS_DIRECTORY, HISTORY_DIRECTORY, CACHE_DIRECTORY, DECISIONS_DIRECTORY, KEYS_DIRECTORY],
  ...[PROCESSING_DIRECTORY, DEPENDENTS_DIRECTORY, ARCHIVE_DIRECTORY],
  ...[ARCHIVED_QUEUES_DIRECTORY, ARCHIVED_DECISIONS_DIRECTORY],
];

/** Returns the path of an issue file. */
export function issuePath(queue: string, id: string): string {
  return `${QUEUES_DIRECTORY}/${queue}/${id}.md`;
}

/** Returns whose path it is; null when it is no path of an issue file. */
export function issueOfPath(path: string): { readonly queue: string; readonly id: string } | null {
  const match = /^\.mai\/queues\/([^/]+)\/([^/]+)\.md$/.exec(path);
  return match === null ? null : { queue: match[1] ?? "", id: match[2] ?? "" };
}

/** Returns the path of a lease. */
export function leasePath(id: string): string {
  return `${LOCKS_DIRECTORY}/${id}.lock`;
}

/** Returns the path of the file that a process flocks while it holds a lease. */
export function holdPath(id: string): string {
  return `${LOCKS_DIRECTORY}/${id}.hold`;
}

/** Returns the path of the note that an issue is being worked on. */
export function processingPath(id: string): string {
  return `.mai/processing/${id}.md`;
}

/** Returns the path of the list of issues that wait for one. */
export function dependentsPath(id: string): string {
  return `${DEPENDENTS_DIRECTORY}/${id}`;
}

/** Returns the path of an issue's decisions. */
export function decisionPath(id: string): string {
  return `${DECISIONS_DIRECTORY}/${id}.md`;
}

/** Returns the path of a day's audit log; `date` is local, `YYYY-MM-DD`. */
export function historyPath(date: string): string {
  return `${HISTORY_DIRECTORY}/${date}.log`;
}

/** Returns the path of a day's events; `date` is UTC, `YYYY-MM-DD`. */
export function eventsPath(date: string): string {
  return `${EVENTS_DIRECTORY}/${date}.jsonl`;
}

/** Returns where an archived issue lies. */
export function archivedIssuePath(queue: string, id: string): string {
  return `${ARCHIVED_QUEUES_DIRECTORY}/${queue}/${id}.md`;
}

/** Returns where the decisions of an archived issue lie. */
export function archivedDecisionPath(id: string): string {
  return `${ARCHIVED_DECISIONS_DIRECTORY}/${id}.md`;
}

/** Returns the directory of a round's summaries; `date` is the round's, `YYYY-MM-DD`. */
export function summaryDirectory(date: string): string {
  return `${HISTORY_DIRECTORY}/daily-${date}`;
}

/** Returns the path of one agent's summary in the round of a date. */
export function summaryPath(date: string, agent: string): string {
  return `${summaryDirectory(date)}/${agent}.md`;
}

/** Returns the path of the report on a round. */
export function summaryReportPath(date: string): string {
  return `reports/daily-${date}-summary.md`;
}

/** Returns where people read the report on a round. */
export function summaryReportMirrorPath(date: string): string {
  return `async/daily-${date}-summary.md`;
}

/** Parts of `.mai/` that people read in `async/`. */
const MIRRORED =
  /^\.mai\/(?:queues\/(?<issue>.+)|(?<same>config\.json|decisions\/.+|history\/.+|daily-summary\/.+))$/;

/** Returns the mirror of a file, null where it has none. */
export function mirrorPath(path: string): string | null {
  const groups = MIRRORED.exec(path)?.groups;
  if (groups?.issue !== undefined) return `async/${groups.issue}`;
  return groups?.same === undefined || groups.same.endsWith(".log.bak") ? null : `async/${groups.same}`;
}

/**
 * Returns the mirror of an issue's decisions. The queue `decisions` has its issues in that very folder, so
 * decisions about those get a name of their own (docs/decisions/0004).
 */
export function decisionMirrorPath(queue: string, id: string): string {
  return queue === "decisions" ? `async/decisions/${id}.decision.md` : `async/decisions/${id}.md`;
}
