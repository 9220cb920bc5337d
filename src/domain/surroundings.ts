import type { State } from "./issue.ts";

/** What a decision about one issue may ask about others; read only where it is asked for. */
export interface Surroundings {
  /** Looks up an issue that another one waits for. */
  readonly blocker: BlockerLookup;
  /** The issues that wait for one, finished or not; may lag behind edits by hand. */
  readonly dependents: (id: string) => readonly Blocker[];
  /** Every live lease of the project, by id. */
  readonly liveLeases: () => readonly LiveLease[];
  /** Tells whether a queue has the issue of this id. */
  readonly isIn: (queue: string, id: string) => boolean;
}

/** Looks up an issue that another one waits for; never fails, whatever stands there. */
export type BlockerLookup = (id: string) => Blocker;

/** An issue that another one waits for. */
export interface Blocker {
  readonly id: string;
  /** MISSING: the id leads to no issue. UNREADABLE: its file cannot be read. Both hold up: mai cannot know better. */
  readonly status: State | "MISSING" | "UNREADABLE";
  /** Null where there is no issue to ask. */
  readonly handler: string | null;
  readonly title: string | null;
  readonly blockedBy: readonly string[];
}

/** A lease that is live now. */
export interface LiveLease {
  readonly id: string;
  readonly holder: string;
}
