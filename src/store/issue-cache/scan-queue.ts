import { requireNoConflict } from "../../codec/conflict-markers.ts";
import { headOfIssueFile } from "../../codec/issue-document.ts";
import { parseIssueHeader } from "../../codec/issue-file.ts";
import { idOfFileName, isIssueId } from "../../domain/ids.ts";
import { lstatOrNull, namesIn } from "../directories.ts";
import { fileFault, isSystemError } from "../io-error.ts";
import { issuePath, leasePath, QUEUES_DIRECTORY } from "../project-paths.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { ABSENT, type CachedRow } from "./cached-queue.ts";
import { type FileIdentity, identityOf, readStart } from "./read-start.ts";

type Place = Pick<Workspace, "root" | "system">;

/** Returns the names of the directories that issues lie in. */
export function queueDirectories(place: Place): readonly string[] {
  return namesIn(place, QUEUES_DIRECTORY).filter((name) => !name.startsWith("."));
}

/** Returns the ids of the issue files in a queue's directory, and the whole names of what else lies there. */
export function issueKeysIn(place: Place, queue: string): readonly string[] {
  return namesIn(place, `${QUEUES_DIRECTORY}/${queue}`)
    .filter((name) => !name.startsWith("."))
    .map((name) => idOfFileName(name) ?? name);
}

/** Returns the state of a queue's directory, which changes with each file that comes, goes or is replaced. */
export function directoryIdentity(place: Place, queue: string): FileIdentity {
  const identity = identityAt(() =>
    // Not lstat: a directory may be a link, and then what it leads to matters.
    place.system.fs.statSync(absolute(place, `${QUEUES_DIRECTORY}/${queue}`), { throwIfNoEntry: false }),
  );
  return identity ?? { mark: ABSENT, changedMs: 0 };
}

/** Returns the state of an issue file; null when there is none. */
export function issueIdentity(place: Place, queue: string, id: string): FileIdentity | null {
  const stat = lstatOrNull(place, issuePath(queue, id));
  return stat === null ? null : identityOf(stat);
}

/** Row of a name that is no issue's: it is known so that it can be told, and never read. */
const ODD: CachedRow = {
  ...{ mark: null, header: null, changedMs: 0, isFresh: true, fault: null, dependsOnLease: false },
};

/** Reads the header of an issue from its file; null when it went away. A system error that is not about this file is thrown. */
export function scanIssue(place: Place, queue: string, id: string): CachedRow | null {
  if (!isIssueId(id)) return ODD;
  const path = issuePath(queue, id);
  return orFault(() => {
    const start = readStart(place.system.fs, absolute(place, path), (text) => {
      // What is read of a file anyway is looked through; a conflict further down is found by who reads it whole.
      requireNoConflict(text, path);
      return headOfIssueFile(text);
    });
    if (start === null) return null;
    const { mark, changedMs } = start.identity;
    return { ...rowOfText(place, start.text, { queue, id }), mark, changedMs };
  });
}

/** Reads the header of an issue from a text that is not on disk yet, or is already something else there. */
export function rowOfText(
  place: Place,
  text: string,
  { queue, id }: { readonly queue: string; readonly id: string },
): CachedRow {
  return orFault(() => {
    let dependsOnLease = false;
    const leased = () => {
      dependsOnLease = true;
      return lstatOrNull(place, leasePath(id)) !== null;
    };
    const head = headOfIssueFile(text) ?? text;
    const header = parseIssueHeader(head, { path: issuePath(queue, id), queue, id, leased });
    return { mark: null, header, changedMs: 0, isFresh: true, fault: null, dependsOnLease };
  });
}

/** A file that cannot be read is a row that says why. */
export function orFault<Row extends CachedRow | null>(read: () => Row): Row | CachedRow {
  try {
    return read();
  } catch (error) {
    const fault = fileFault(error);
    if (fault === null) throw error;
    return { mark: null, header: null, changedMs: 0, isFresh: true, fault, dependsOnLease: false };
  }
}

function identityAt(stat: () => Parameters<typeof identityOf>[0] | undefined): FileIdentity | null {
  try {
    const found = stat();
    return found === undefined ? null : identityOf(found);
  } catch (error) {
    if (isSystemError(error, "ENOENT") || isSystemError(error, "ENOTDIR")) return null;
    throw error;
  }
}
