import type { JournalRecord } from "../../codec/journal-record.ts";
import { TornCache } from "../issue-cache/torn-cache.ts";
import type { Workspace } from "../workspace.ts";
import { type FileView, openView } from "./open-view.ts";
import type { ProjectView } from "./project-view.ts";

/** What one look at the project came to: a fault is kept, since files may have changed under it. */
export interface Look<Result> {
  readonly view: FileView;
  readonly fault: unknown;
  /** @throws the fault */
  readonly result: () => Result;
}

/** Looks at the project once; and once more, on files alone, where the cache turns out to be torn half way. */
export function readOnce<Result>(
  workspace: Workspace,
  facts: { readonly nowMs: () => number; readonly unfinished: JournalRecord | null },
  read: (view: ProjectView) => Result,
): Look<Result> {
  const { nowMs, unfinished } = facts;
  const look = attempted(openView(workspace, nowMs, unfinished), read);
  if (!(look.fault instanceof TornCache)) return look;
  return attempted(openView(workspace, nowMs, unfinished, "files"), read);
}

function attempted<Result>(view: FileView, read: (view: ProjectView) => Result): Look<Result> {
  try {
    const value = read(view);
    return { view, fault: null, result: () => value };
  } catch (fault) {
    const result = () => {
      throw fault;
    };
    return { view, fault, result };
  }
}
