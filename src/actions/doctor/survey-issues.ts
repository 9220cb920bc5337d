import { parseIssueFile } from "../../codec/issue-file.ts";
import type { Config } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import type { State } from "../../domain/issue.ts";
import { archivedIssuePath, issuePath, leasePath } from "../../store/project-paths.ts";
import {
  archivedIssueIds,
  archivedQueueNames,
  issueIds,
  queueNames,
} from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { TolerantReader } from "./tolerant-reader.ts";

/** What the checks need of an issue file; few facts, for there may be very many files. */
export interface SurveyedIssue {
  readonly path: string;
  /** From the file's name. */
  readonly id: string;
  readonly queue: string;
  /** Null for a file that cannot be read as an issue. */
  readonly facts: IssueFacts | null;
  /** Why it cannot be read, null for a sound one. */
  readonly fault: string | null;
}

/** What an issue file says. */
export interface IssueFacts {
  readonly titleId: string;
  readonly queueField: string | null;
  readonly status: State;
  readonly ref: string | null;
  readonly blockedBy: readonly string[];
  readonly fence: number;
  readonly created: string;
  readonly slaDeadline: string | null;
  /** Times of the records, as written. */
  readonly recordTimes: readonly string[];
}

/** Reads every issue file of every queue, registered or not. */
export function surveyIssues(
  view: ProjectView,
  reader: TolerantReader,
  config: Config,
): readonly SurveyedIssue[] {
  return queueNames(reader, config).flatMap((queue) =>
    issueIds(reader, queue).map((id) => surveyIssue(view, reader, { path: issuePath(queue, id), queue, id })),
  );
}

/** Reads every issue file of the archive. */
export function surveyArchive(view: ProjectView, reader: TolerantReader): readonly SurveyedIssue[] {
  return archivedQueueNames(reader).flatMap((queue) =>
    archivedIssueIds(reader, queue).map((id) =>
      surveyIssue(view, reader, { path: archivedIssuePath(queue, id), queue, id }),
    ),
  );
}

function surveyIssue(
  view: ProjectView,
  reader: TolerantReader,
  { path, queue, id }: Pick<SurveyedIssue, "path" | "queue" | "id">,
): SurveyedIssue {
  const text = reader.text(path);
  if (text === null) return { path, id, queue, facts: null, fault: null };
  try {
    const leased = () => view.exists(leasePath(id));
    return { path, id, queue, facts: factsOf(text, { path, id, queue, leased }), fault: null };
  } catch (error) {
    if (!(error instanceof MaiError)) throw error;
    return { path, id, queue, facts: null, fault: error.message };
  }
}

function factsOf(text: string, place: Parameters<typeof parseIssueFile>[1]): IssueFacts {
  const { issue, document } = parseIssueFile(text, place);
  const { status, ref, blockedBy, fence, created, slaDeadline } = issue;
  return {
    titleId: document.id,
    queueField: document.fields.get("queue")?.value || null,
    ...{ status, ref, blockedBy, fence, created, slaDeadline },
    recordTimes: issue.records.map((record) => record.ts),
  };
}
