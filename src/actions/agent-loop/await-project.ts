import { isHeldByProcess } from "../../store/lock/hold-file.ts";
import { ProjectWatch } from "../../store/places/watch-project.ts";
import type { Workspace } from "../../store/workspace.ts";

/** Share of the time that looking may take while a project is busy: one part in so many. */
const PAUSE_PER_LOOK = 4;
/** What was written around mai (by hand, by the Python tool) is noticed by looking again after this, in milliseconds. */
const SHORTEST_REVISIT_MS = 5000;
/** A look that takes long is repeated more rarely: it may cost one part in so many. */
const REVISIT_PER_LOOK = 1000;

/** What one look at the project found, and when it is worth another although nobody commits anything. */
export interface Look<Found> {
  readonly found: Found | null;
  /** When the next lease goes stale, in milliseconds since 1970; null for never. */
  readonly dueMs: number | null;
  /** Issues that a process holds: when it dies, nobody commits anything. */
  readonly heldIds: readonly string[];
}

/**
 * Looks at the project until it finds something: at once, after each commit, when a lease goes stale, when a process
 * lets go of an issue. Sleeps in between.
 * @param timeoutMs null for no end
 * @throws TIMEOUT, INTERRUPTED, and whatever `look` throws
 */
export async function awaitFound<Found>(
  workspace: Workspace,
  timeoutMs: number | null,
  look: () => Look<Found>,
): Promise<Found> {
  const watch = new ProjectWatch(workspace, timeoutMs);
  try {
    for (;;) {
      const mark = watch.mark();
      const startMs = performance.now();
      const { found, dueMs, heldIds } = look();
      if (found !== null) return found;
      const tookMs = performance.now() - startMs;
      const revisitMs =
        workspace.system.clock.nowMs() + Math.max(SHORTEST_REVISIT_MS, tookMs * REVISIT_PER_LOOK);
      await watch.pause(tookMs * PAUSE_PER_LOOK);
      await watch.changed(mark, {
        atMs: Math.min(dueMs ?? Number.POSITIVE_INFINITY, revisitMs),
        isRaised: () => heldIds.some((id) => !isHeldByProcess(workspace, id)),
      });
    }
  } finally {
    watch.close();
  }
}
