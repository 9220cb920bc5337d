import { type IssueFile, parseIssueFile } from "../../codec/issue-file.ts";
import { parseLease } from "../../codec/lease-file.ts";
import { type Config, heartbeatOf } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import { type IssueReference, idOfFileName } from "../../domain/ids.ts";
import { type LeaseStatus, leaseStatus, unreadableLease } from "../../domain/lease.ts";
import { couldBeQueue } from "../../domain/odd-names.ts";
import { fileFault } from "../io-error.ts";
import {
  ARCHIVED_QUEUES_DIRECTORY,
  archivedIssuePath,
  holdPath,
  issuePath,
  LOCKS_DIRECTORY,
  leasePath,
  QUEUES_DIRECTORY,
} from "../project-paths.ts";
import type { ProjectView } from "./project-view.ts";

/** Where an issue lies. */
export interface IssueLocation {
  readonly queue: string;
  readonly id: string;
  /** Queues that hold the same id too: version 1.5 could give one id twice. */
  readonly others: readonly string[];
  /** It lies in the archive, and in no queue. */
  readonly archived: boolean;
}

/** What lists directories: a view, or a reader that lets pass what it cannot list. */
type Lister = Pick<ProjectView, "list">;

/**
 * Returns every queue: those of the config in its order, then directories with issues that it does not know. One that
 * cannot be looked into may hold some. A copy of a queue under a name such as `questions.orig` is none.
 */
export function queueNames(view: Lister, config: Config): readonly string[] {
  const known = [...config.queues.keys()];
  const onDisk = view
    .list(QUEUES_DIRECTORY)
    .filter((name) => !config.queues.has(name) && couldBeQueue(name) && mayHoldIssues(view, name));
  return [...known, ...onDisk];
}

function mayHoldIssues(view: Lister, queue: string): boolean {
  try {
    return issueIds(view, queue).length > 0;
  } catch (error) {
    if (fileFault(error) === null) throw error;
    return true;
  }
}

/** Returns the queues that issues were archived from, sorted; the settings need not know them any more. */
export function archivedQueueNames(view: Lister): readonly string[] {
  return view.list(ARCHIVED_QUEUES_DIRECTORY).filter((name) => !name.startsWith("."));
}

/**
 * Finds an issue file, in the queues first and then in the archive; null when it is nowhere. A queue that cannot be
 * looked into hides nothing that lies in another.
 * @throws a system error when it lies nowhere else
 */
export function findIssue(
  view: ProjectView,
  config: Config,
  reference: IssueReference,
): IssueLocation | null {
  const queues = reference.queue === null ? queueNames(view, config) : [reference.queue];
  const { found, fault } = whereItIs(view, queues, reference.id);
  const [queue, ...others] = preferred(found, config);
  if (queue !== undefined) return { queue, id: reference.id, others, archived: false };
  const archived = findArchivedIssue(view, reference);
  if (archived === null && fault !== null) throw fault;
  return archived;
}

/** What lies in a queue of the settings counts before a copy in a directory that they do not name. */
function preferred(found: readonly string[], config: Config): readonly string[] {
  const known = found.filter((name) => config.queues.has(name));
  return known.length === 0 ? found : known;
}

/** Looks for an issue in some queues; the fault is that of a queue which cannot be looked into. */
function whereItIs(view: ProjectView, queues: readonly string[], id: string) {
  const found: string[] = [];
  let fault: unknown = null;
  for (const name of queues) {
    try {
      if (view.exists(issuePath(name, id))) found.push(name);
    } catch (error) {
      if (fileFault(error) === null) throw error;
      fault = error;
    }
  }
  return { found, fault };
}

/** Finds an archived issue, whether or not a queue has its id too; null when the archive does not. */
export function findArchivedIssue(view: ProjectView, reference: IssueReference): IssueLocation | null {
  const { id } = reference;
  const queues = reference.queue === null ? archivedQueueNames(view) : [reference.queue];
  const [queue, ...others] = queues.filter((name) => view.exists(archivedIssuePath(name, id)));
  return queue === undefined ? null : { queue, id, others, archived: true };
}

/** An issue file by its queue and id, in the queue or in the archive. */
export interface IssuePlace {
  readonly queue: string;
  readonly id: string;
  readonly archived?: boolean;
}

/**
 * Reads an issue and its document.
 * @throws CORRUPT_FILE, NOT_FOUND when it went away meanwhile
 */
export function readIssue(view: ProjectView, place: IssuePlace): IssueFile {
  return parsed(view, place, rawText(view, place));
}

/**
 * Reads an issue if its raw text is wanted, else null: looking at text is cheaper than parsing it.
 * @throws CORRUPT_FILE, NOT_FOUND when it went away meanwhile
 */
export function readIssueIf(
  view: ProjectView,
  place: IssuePlace,
  isWanted: (raw: string) => boolean,
): IssueFile | null {
  const text = rawText(view, place);
  return isWanted(text) ? parsed(view, place, text) : null;
}

function rawText(view: ProjectView, place: IssuePlace): string {
  const text = view.read(pathOf(place));
  if (text !== null) return text;
  throw new MaiError("NOT_FOUND", `There is no issue ${place.id}.`, {
    hint: "See the valid ones: mai issue list",
    fields: { issue_id: place.id },
  });
}

function parsed(view: ProjectView, place: IssuePlace, text: string): IssueFile {
  const { queue, id } = place;
  return parseIssueFile(text, { path: pathOf(place), id, queue, leased: () => view.exists(leasePath(id)) });
}

function pathOf({ queue, id, archived }: IssuePlace): string {
  return archived === true ? archivedIssuePath(queue, id) : issuePath(queue, id);
}

/**
 * Reads the lease of an issue as it stands now; null when there is none.
 * @throws CORRUPT_FILE, or a system error: who changes an issue has to know who holds it
 */
export function readLease(view: ProjectView, config: Config, id: string): LeaseStatus | null {
  const path = leasePath(id);
  const text = view.read(path);
  if (text === null) return null;
  const lease = parseLease(text);
  return leaseStatus(lease, {
    ageMs: view.fileNowMs() - (view.modifiedMs(path) ?? 0),
    heartbeatMinutes: heartbeatOf(config, lease.holder),
    flocked: lease.hold && view.isFlocked(holdPath(id)),
  });
}

/** Reads a lease as those do who only look at it: one that cannot be read is told, and counts as held by somebody. */
export function readLeaseAnyway(
  view: ProjectView,
  { config, warn }: { readonly config: Config; readonly warn: (message: string) => void },
  id: string,
): LeaseStatus | null {
  try {
    return readLease(view, config, id);
  } catch (error) {
    const fault = fileFault(error);
    if (fault === null) throw error;
    warn(`The lease of ${id} cannot be read, so that ${id} counts as held: ${fault.message}`);
    return unreadableLease(view.fileNowMs() - (view.modifiedMs(leasePath(id)) ?? 0));
  }
}

/** Returns the ids that have a lease, sorted; whether their issues are there is another question. */
export function leasedIds(view: ProjectView): readonly string[] {
  return view.list(LOCKS_DIRECTORY).flatMap((name) => idOfFileName(name, ".lock") ?? []);
}

/** Returns the ids of a queue's issue files, unsorted. */
export function issueIds(view: Lister, queue: string): readonly string[] {
  return idsIn(view, `${QUEUES_DIRECTORY}/${queue}`);
}

/** Returns the ids of the issues that were archived from a queue, unsorted. */
export function archivedIssueIds(view: Lister, queue: string): readonly string[] {
  return idsIn(view, `${ARCHIVED_QUEUES_DIRECTORY}/${queue}`);
}

function idsIn(view: Lister, directory: string): readonly string[] {
  return view.list(directory).flatMap((name) => idOfFileName(name) ?? []);
}
