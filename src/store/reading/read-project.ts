import { MaiError } from "../../domain/errors.ts";
import { pendingRecord, recover } from "../change/journal.ts";
import { lstatOrNull } from "../directories.ts";
import { isSystemError } from "../io-error.ts";
import { keepIndex } from "../issue-cache/keep-index.ts";
import { type Mutex, takeMutex, tryMutex } from "../lock/mutex.ts";
import { JOURNAL_PATH, SEQUENCE_PATH } from "../project-paths.ts";
import { readBytes } from "../read-file.ts";
import { absolute, type Workspace } from "../workspace.ts";
import type { ProjectView } from "./project-view.ts";
import { readOnce } from "./read-once.ts";

/** Times that a reading is tried without the mutex. */
const FREE_TRIES = 3;
/** Times that a reader looks, a millisecond apart, whether a change in flight has ended. */
const SHORT_LOOKS = 8;

/**
 * Reads one state of the project without a lock: what every commit replaces is looked at before and after, and
 * the reading is done again when it changed. A change that a crash left unfinished is finished first, or, where
 * that is not possible, read as if it were.
 * @param read may run several times; it must not keep what an earlier run saw
 */
export function readProject<Result>(workspace: Workspace, read: (view: ProjectView) => Result): Result {
  if (workspace.together !== undefined) return read(workspace.together.view);
  for (let attempt = 0; attempt < FREE_TRIES; attempt += 1) {
    const outcome = tryReading(workspace, read);
    if (outcome.steady) return outcome.result();
  }
  const mutex = takeMutexIfAllowed(workspace);
  if (mutex === null) return tryReading(workspace, read).result();
  try {
    recover(workspace);
    const { view, result } = readOnce(
      workspace,
      { nowMs: workspace.system.clock.nowMs, unfinished: null },
      read,
    );
    keepIndex(workspace, view.issues.state, "mutex held");
    return result();
  } finally {
    mutex.release();
  }
}

/** A reading, which may have failed only because files changed under it: its fault is kept until that is known. */
interface Reading<Result> {
  readonly steady: boolean;
  readonly result: () => Result;
}

function tryReading<Result>(workspace: Workspace, read: (view: ProjectView) => Result): Reading<Result> {
  const inFlight = isInFlight(workspace) && !finished(workspace) && !endsSoon(workspace);
  const unfinished = inFlight ? pendingRecord(workspace) : null;
  const before = identity(workspace);
  const { view, result } = readOnce(workspace, { nowMs: workspace.system.clock.nowMs, unfinished }, read);
  const stillThere =
    unfinished === null ? !isInFlight(workspace) : pendingRecord(workspace)?.txid === unfinished.txid;
  const steady = stillThere && identity(workspace) === before;
  if (steady) keepIndex(workspace, view.issues.state, "mutex free");
  return { steady, result };
}

/** The content of what every commit replaces: its event number grows each time. */
function identity(workspace: Workspace): string | null {
  try {
    return readBytes(workspace.system.fs, absolute(workspace, SEQUENCE_PATH))?.toHex() ?? null;
  } catch (error) {
    // A directory or a link has no content that a commit could replace; whoever needs the numbers names it.
    if (error instanceof MaiError) return error.message;
    throw error;
  }
}

function isInFlight(workspace: Workspace): boolean {
  return lstatOrNull(workspace, JOURNAL_PATH) !== null;
}

/** Tries the mutex once and finishes the change in flight; false when its writer is at it, or we may not. */
function finished(workspace: Workspace): boolean {
  if (workspace.dryRun) return false;
  const mutex = mutexIfAllowed(() => tryMutex(workspace));
  if (mutex === null) return false;
  try {
    recover(workspace);
    return true;
  } catch (error) {
    if (isSystemError(error)) return false; // The disk says no: read it as if it were finished.
    throw error;
  } finally {
    mutex.release();
  }
}

/** Most changes take a moment, and what is whole need not be pieced together. */
function endsSoon(workspace: Workspace): boolean {
  if (workspace.dryRun) return false;
  for (let look = 0; look < SHORT_LOOKS; look += 1) {
    workspace.system.sleepMs(1);
    if (!isInFlight(workspace)) return true;
  }
  return false;
}

function takeMutexIfAllowed(workspace: Workspace): Mutex | null {
  return workspace.dryRun ? null : mutexIfAllowed(() => takeMutex(workspace));
}

function mutexIfAllowed(take: () => Mutex | null): Mutex | null {
  try {
    return take();
  } catch (error) {
    if (isSystemError(error)) return null; // A reader needs no right to write.
    throw error;
  }
}
