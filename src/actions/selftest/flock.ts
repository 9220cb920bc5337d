import { MaiError } from "../../domain/errors.ts";
import { tryProbeLock } from "../../store/lock/probe-lock.ts";
import { CONFIG_PATH } from "../../store/project-paths.ts";
import type { Call } from "../call.ts";

/** What one try to lock came to. */
export interface FlockAnswer {
  readonly path: string;
  /** Device and inode. */
  readonly file: string;
  readonly heldSeconds: number;
}

/**
 * Tries flock(2) once on the project's config.json, keeps it for a while, and lets it go.
 * @throws BUSY when another process has it
 */
export function tryFlock(call: Call, heldSeconds: number): FlockAnswer {
  const lock = tryProbeLock(call.workspace);
  if (!lock.got) {
    throw new MaiError("BUSY", `Another process holds ${CONFIG_PATH}: flock excludes here.`, {
      hint: "That is what should happen while 'mai selftest flock --hold' or 'mai doctor' runs elsewhere.",
      fields: { path: CONFIG_PATH, file: lock.file },
    });
  }
  call.workspace.system.sleepMs(heldSeconds * 1000);
  lock.release();
  return { path: CONFIG_PATH, file: lock.file, heldSeconds };
}
