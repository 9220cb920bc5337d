import type { JournalRecord } from "../../codec/journal-record.ts";
import { MaiError } from "../../domain/errors.ts";
import { pendingRecord, recover } from "../change/journal.ts";
import { checkWritePlaces, lstatOrNull } from "../directories.ts";
import { isSystemError } from "../io-error.ts";
import { type Mutex, takeMutex, tryMutex } from "../lock/mutex.ts";
import { JOURNAL_PATH, MUTEX_PATH } from "../project-paths.ts";
import type { Workspace } from "../workspace.ts";

/** Times that a reader looks, a millisecond apart, whether a change in flight has ended. */
const SHORT_LOOKS = 8;

/** Finishes the change in flight, or waits a moment for its writer. @returns its record where it is there for longer */
export function unfinishedChange(workspace: Workspace): JournalRecord | null {
  return finished(workspace) || endsSoon(workspace) ? null : pendingRecord(workspace);
}

/** Returns the number of the change in flight; null where there is none. */
export function pendingTxid(workspace: Workspace): JournalRecord["txid"] | null {
  return pendingRecord(workspace)?.txid ?? null;
}

/** Takes the mutex, and finishes what a crash left; null where a reader may not write. */
export function mutexWhenRecovered(workspace: Workspace): Mutex<Workspace> | null {
  const mutex = workspace.dryRun ? null : mutexIfAllowed(workspace, takeMutex);
  if (mutex === null) return null;
  try {
    recover(mutex.place);
    return mutex;
  } catch (error) {
    mutex.release();
    if (leadsAway(error)) return null;
    throw error;
  }
}

/** Tries the mutex once and finishes the change in flight; false when its writer is at it, or we may not. */
function finished(workspace: Workspace): boolean {
  if (workspace.dryRun) return false;
  const mutex = mutexIfAllowed(workspace, tryMutex);
  if (mutex === null) return false;
  try {
    recover(mutex.place);
    return true;
  } catch (error) {
    const saysNo = isSystemError(error) || (error instanceof MaiError && error.code === "IO_ERROR");
    if (saysNo || leadsAway(error)) return false; // The disk says no: read it as if it were finished.
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
    if (lstatOrNull(workspace, JOURNAL_PATH) === null) return true;
  }
  return false;
}

function mutexIfAllowed(
  workspace: Workspace,
  take: (place: Workspace) => Mutex<Workspace> | null,
): Mutex<Workspace> | null {
  try {
    checkWritePlaces(workspace, [MUTEX_PATH]);
    return take(workspace);
  } catch (error) {
    if (isSystemError(error) || leadsAway(error)) return null; // A reader needs no right to write.
    throw error;
  }
}

/** A symbolic link stands where mai would write: what can be read is read all the same. */
function leadsAway(error: unknown): boolean {
  return error instanceof MaiError && error.code === "PERMISSION_DENIED";
}
