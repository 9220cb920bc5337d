import type { ChangeSet } from "./change-set.ts";
import type { ProjectView } from "./project-view.ts";
import type { System } from "./system.ts";

/** One project as one command sees it. */
export interface Workspace {
  /** Absolute path of the directory that holds `.mai/`. */
  readonly root: string;
  readonly system: System;
  /** Longest wait for the mutex, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Run every check, write nothing. */
  readonly dryRun: boolean;
  /** Takes what the user should know beside the answer. */
  readonly warn: (message: string) => void;
  /** Ends a wait; where there is none, the signals of the process do. */
  readonly stop?: AbortSignal;
  /** Adds housekeeping to a change that is about to be committed; in the same transaction. */
  readonly alongWith?: (view: ProjectView, changes: ChangeSet) => ChangeSet;
}

/** Returns the absolute path of a file of the project. */
export function absolute(workspace: Pick<Workspace, "root">, path: string): string {
  return `${workspace.root}/${path}`;
}
