import type { Workspace } from "../workspace.ts";
import type { CachedQueue } from "./cached-queue.ts";
import type { IndexState } from "./index-state.ts";

/** A cache is written when it would spare the next reading at least so many looks at files. */
const WORTH_KEEPING = 20;
/** Notes of changes after which the cache is written whole again, beside one for each row. */
const MANY_NOTES = 100;

/**
 * Keeps what a reading found out, if that is worth it and nothing has been committed since. Best effort, never an
 * error: a project that cannot be written, or that somebody else is writing, stays as it is.
 * @param held whether the caller has the mutex
 */
export function keepIndex(
  workspace: Workspace,
  state: IndexState | null,
  held: "mutex held" | "mutex free",
): void {
  // Where mai has never committed anything there are no numbers yet, and it leaves everything as it is.
  if (state === null || state.sequence === null || workspace.dryRun || !isWorthIt(state)) return;
  const { writeIndex }: typeof import("./write-index.ts") = require("./write-index.ts");
  writeIndex(workspace, state, held);
}

function isWorthIt(state: IndexState): boolean {
  if (state.work >= WORTH_KEEPING) return true;
  const notes = state.cache?.notes ?? 0;
  return notes >= MANY_NOTES && notes >= rowsIn(state.queues.values());
}

function rowsIn(queues: Iterable<CachedQueue>): number {
  let rows = 0;
  for (const queue of queues) rows += queue.rows.size;
  return rows;
}
