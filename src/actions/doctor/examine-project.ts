import { compareFindings, type Finding, finding } from "../../domain/doctor/finding.ts";
import { MaiError } from "../../domain/errors.ts";
import { pendingRecord } from "../../store/change/journal.ts";
import { isSystemError } from "../../store/io-error.ts";
import { JOURNAL_PATH, MUTEX_PATH } from "../../store/project-paths.ts";
import { openView } from "../../store/reading/open-view.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { runChecks } from "./checks.ts";
import { probeFlock } from "./probe-flock.ts";
import { surveyProject } from "./survey.ts";

/** Reads everything of a project and says what is wrong, the worst first. It changes nothing. */
export async function examineProject(call: Call): Promise<readonly Finding[]> {
  const interrupted = interruptedChange(call);
  const found = readAnyway(call, (view) => runChecks(surveyProject(call, view)));
  const probed = await probeFlock(call);
  return [...changeFindings(call, interrupted), ...found, ...probed].toSorted(compareFindings);
}

/** A reading of one state where that can be had, else of the files as they are. */
function readAnyway<Result>(call: Call, read: (view: ProjectView) => Result): Result {
  try {
    return readProject(call.workspace, read);
  } catch (error) {
    if (!(error instanceof MaiError) && !isSystemError(error)) throw error;
    return read(plainView(call));
  }
}

function plainView({ workspace }: Call): ProjectView {
  return openView(workspace, workspace.system.clock.nowMs, null);
}

/** Number and name of a change that a crash left; null when there is none, or its writer is at it. */
function interruptedChange(call: Call): { readonly txid: number; readonly operation: string } | null {
  try {
    const record = pendingRecord(call.workspace);
    return record === null || plainView(call).isFlocked(MUTEX_PATH) ? null : record;
  } catch (error) {
    if (!(error instanceof MaiError) && !isSystemError(error)) throw error;
    return null; // The checks say what cannot be read.
  }
}

/** Reading finishes what a crash left, where it may write. */
function changeFindings(call: Call, interrupted: ReturnType<typeof interruptedChange>): readonly Finding[] {
  if (interrupted === null) return [];
  const { operation, txid } = interrupted;
  const isThere = pendingRecord(call.workspace)?.txid === txid;
  return isThere
    ? [finding("change_unfinished", JOURNAL_PATH, `A crash interrupted '${operation}'.`)]
    : [finding("change_finished", JOURNAL_PATH, `A crash interrupted '${operation}'; it is finished now.`)];
}
