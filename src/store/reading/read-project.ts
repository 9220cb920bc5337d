import { MaiError } from "../../domain/errors.ts";
import { lstatOrNull } from "../directories.ts";
import { keepIndex } from "../issue-cache/keep-index.ts";
import { JOURNAL_PATH, SEQUENCE_PATH } from "../project-paths.ts";
import { readBytes } from "../read-file.ts";
import { absolute, type Workspace } from "../workspace.ts";
import type { ProjectView } from "./project-view.ts";
import { readOnce } from "./read-once.ts";

/** Times that a reading is tried without the mutex. */
const FREE_TRIES = 3;

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
  const mutex = slowPaths().mutexWhenRecovered(workspace);
  if (mutex === null) return tryReading(workspace, read).result();
  try {
    const { view, result } = readOnce(
      workspace,
      { nowMs: workspace.system.clock.nowMs, unfinished: null },
      read,
    );
    keepIndex(mutex.place, view.indexState(), "mutex held");
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
  const unfinished = isInFlight(workspace) ? slowPaths().unfinishedChange(workspace) : null;
  const before = identity(workspace);
  const { view, result } = readOnce(workspace, { nowMs: workspace.system.clock.nowMs, unfinished }, read);
  const stillThere =
    unfinished === null ? !isInFlight(workspace) : slowPaths().pendingTxid(workspace) === unfinished.txid;
  const steady = stillThere && identity(workspace) === before;
  if (steady) keepIndex(workspace, view.indexState(), "mutex free");
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

/** Loaded late: there rarely is a change in flight. */
function slowPaths() {
  const { unfinishedChange, pendingTxid, mutexWhenRecovered }: typeof import("./change-in-flight.ts") =
    require("./change-in-flight.ts");
  return { unfinishedChange, pendingTxid, mutexWhenRecovered };
}

function isInFlight(workspace: Workspace): boolean {
  return lstatOrNull(workspace, JOURNAL_PATH) !== null;
}
