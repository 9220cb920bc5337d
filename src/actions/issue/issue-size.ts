import { MaiError } from "../../domain/errors.ts";
import type { Issue, IssueHeader } from "../../domain/issue.ts";
import { utf8Length } from "../../domain/text.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { issuePath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import { wholeIssue } from "../reading/listed-issues.ts";

const MIB = 1024 * 1024;
/** Up to here an issue takes text of any length, in bytes. What lies between this and the limit is for short records. */
const ROOMY_BYTES = 15 * MIB;
/** Largest file that is read again: see `requireReadable()`. */
const MOST_BYTES = 16 * MIB;
/** A claim, a release or a short remark: an issue that is nearly full can still be finished. */
const SHORT_BYTES = 2048;
/** Bytes that one character of a JavaScript text takes at most. */
const BYTES_OF_CHARACTER = 3;

/**
 * Reads an issue that somebody may take; null, with a warning, where it cannot be read, or is full: then it takes no
 * record, and must not come up for everybody who asks for work.
 */
export function takeableIssue(
  view: ProjectView,
  call: Call,
  place: Pick<IssueHeader, "queue" | "id">,
): Issue | null {
  const issue = wholeIssue(view, call, place);
  const path = issuePath(place.queue, place.id);
  const text = issue === null ? "" : (view.read(path) ?? "");
  if (text.length * BYTES_OF_CHARACTER <= ROOMY_BYTES || utf8Length(text) <= MOST_BYTES - SHORT_BYTES)
    return issue;
  call.workspace.warn(`${path} is full: it takes no more records. Go on in a new issue.`);
  return null;
}

/**
 * Refuses what would make an issue, or the decisions about it, larger than mai reads.
 * @throws INVALID_TEXT
 */
export function requireRoom(view: ProjectView, id: string, files: readonly FileEdit[]): void {
  for (const { path, text } of files) {
    if (text === null || text.length * BYTES_OF_CHARACTER <= ROOMY_BYTES) continue;
    const bytes = utf8Length(text);
    const before = utf8Length(view.read(path) ?? "");
    if (bytes <= ROOMY_BYTES || (bytes <= MOST_BYTES && bytes - before <= SHORT_BYTES)) continue;
    throw new MaiError("INVALID_TEXT", `${path} would have ${bytes} bytes; at most ${ROOMY_BYTES} fit.`, {
      hint: `Put long material into a file and name the file. Go on in a new issue: mai issue new QUEUE TITLE --ref ${id} -o NAME`,
      fields: { issue_id: id, path, bytes, limit: ROOMY_BYTES },
    });
  }
}
