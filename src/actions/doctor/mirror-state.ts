import { isOwnName } from "../../domain/doctor/own-names.ts";
import { isIssueId } from "../../domain/ids.ts";
import { archivedDayLogPath } from "../../store/logs/day-logs.ts";
import {
  archivedDecisionPath,
  CONFIG_PATH,
  DECISIONS_DIRECTORY,
  decisionMirrorPath,
  decisionPath,
  mirrorPath,
  SUMMARY_STATUS_PATH,
  summaryReportMirrorPath,
} from "../../store/project-paths.ts";
import type { Survey } from "./survey.ts";

/** How a file of `async/` stands to its source. */
export interface MirrorState {
  readonly mirror: string;
  /** Null where there is none. */
  readonly source: string | null;
  readonly state: "missing" | "stale" | "stray" | "last_copy" | "foreign";
}

const REPORT = /^reports\/daily-(\d{4}-\d\d-\d\d)-summary\.md$/;
const HISTORY = /^async\/history\/(\d{4}-\d\d-\d\d)\.log$/;
const MADE_BY_MAI =
  /^async\/(?:config\.json|decisions\/[^/]+\.md|history\/\d{4}-\d\d-\d\d\.log|history\/daily-\d{4}-\d\d-\d\d\/[^/]+\.md|daily-summary\/status\.json|daily-\d{4}-\d\d-\d\d-summary\.md)$/;

/** Compares every file of the mirror with its source; what agrees is left out. */
export function mirrorStates(survey: Survey): readonly MirrorState[] {
  const { reader, view } = survey;
  const sources = mirrorSources(survey);
  const behind = [...sources].flatMap(([mirror, source]): readonly MirrorState[] => {
    const text = reader.text(source);
    if (text === null || text === reader.text(mirror)) return [];
    return [{ mirror, source, state: view.exists(mirror) ? "stale" : "missing" }];
  });
  const others = filesBelow(survey, "async").filter((path) => !sources.has(path));
  return [
    ...behind,
    ...others.map((mirror) => ({ mirror, source: null, state: stateOfOther(survey, mirror) })),
  ];
}

/** Returns the source of each file that `async/` should have, by its path there. */
function mirrorSources(survey: Survey): ReadonlyMap<string, string> {
  const { queues } = survey.config;
  const ownBelow = (directory: string) =>
    filesBelow(survey, directory).filter((path) => isOwnName(path, queues));
  const sources = new Map<string, string>();
  const queueOf = new Map(survey.issues.map(({ id, queue }) => [id, queue]));
  const plain = [...ownBelow(".mai/history"), CONFIG_PATH, SUMMARY_STATUS_PATH];
  for (const path of [...survey.issues.map((issue) => issue.path), ...plain]) {
    const mirror = mirrorPath(path);
    if (mirror !== null && survey.view.exists(path)) sources.set(mirror, path);
  }
  for (const path of ownBelow(DECISIONS_DIRECTORY)) {
    const id = path.slice(DECISIONS_DIRECTORY.length + 1, -3);
    if (path.endsWith(".md")) sources.set(decisionMirrorPath(queueOf.get(id) ?? "", id), path);
  }
  for (const path of filesBelow(survey, "reports")) {
    const date = REPORT.exec(path)?.[1];
    if (date !== undefined) sources.set(summaryReportMirrorPath(date), path);
  }
  return sources;
}

/** A stray may go only when what it is a copy of lies elsewhere: else it may be the last copy of something lost. */
function stateOfOther(survey: Survey, mirror: string): MirrorState["state"] {
  const [, folder = "", id = ""] = /^async\/([^/]+)\/([^/]+?)(?:\.decision)?\.md$/.exec(mirror) ?? [];
  const isIssue = isIssueId(id) && survey.reader.text(mirror)?.startsWith(`# [${id}] `) === true;
  if (isIssue && [...survey.issues, ...survey.archived].some((issue) => issue.id === id)) return "stray";
  if (folder === "decisions" && [decisionPath(id), archivedDecisionPath(id)].some(survey.view.exists))
    return "stray";
  const date = HISTORY.exec(mirror)?.[1];
  if (date !== undefined && survey.view.exists(archivedDayLogPath("history", date))) return "stray";
  return isIssue || MADE_BY_MAI.test(mirror) ? "last_copy" : "foreign";
}

/** Editors and other tools keep their own files under names with a leading dot. */
function filesBelow({ walk }: Survey, directory: string): readonly string[] {
  return walk.entries
    .filter(
      ({ path, kind }) => kind === "file" && path.startsWith(`${directory}/`) && !/\/\./.test(path.slice(1)),
    )
    .map(({ path }) => path);
}
