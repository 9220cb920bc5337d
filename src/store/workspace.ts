import type { Outcome } from "../domain/outcome.ts";
import type { ChangeSet, Plan } from "./change/change-set.ts";
import type { ProjectView } from "./reading/project-view.ts";
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
  /** Everybody may write the project, since modes have no effect there, and its maker accepted that. */
  readonly sharedModes?: "allowed";
  /** Takes what the user should know beside the answer. */
  readonly warn: (message: string) => void;
  /** Ends a wait; where there is none, the signals of the process do. */
  readonly stop?: AbortSignal;
  /** Adds housekeeping to a change that is about to be committed; in the same transaction. */
  readonly alongWith?: (view: ProjectView, changes: ChangeSet) => ChangeSet;
  /** Takes every change as a part of a greater one, under way already: nothing is locked or committed here. */
  readonly together?: ChangesInside;
}

/** A change of several parts, as its parts see it. */
export interface ChangesInside {
  /** What the parts before leave. */
  readonly view: ProjectView;
  /** Lets a part decide, and lays what it decided over the view. */
  take<Answer>(decide: (view: ProjectView) => Plan<Answer>): Outcome<Answer>;
}

/** Returns the absolute path of a file of the project. */
export function absolute(workspace: Pick<Workspace, "root">, path: string): string {
  return `${workspace.root}/${path}`;
}
