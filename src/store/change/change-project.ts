import type { Outcome } from "../../domain/outcome.ts";
import { checkWritePlaces, parentOf, syncDirectory } from "../directories.ts";
import { faultText, isSystemError } from "../io-error.ts";
import { keepIndex } from "../issue-cache/keep-index.ts";
import { noteChange } from "../issue-cache/note-issues.ts";
import { takeMutex } from "../lock/mutex.ts";
import { MUTEX_PATH } from "../project-paths.ts";
import type { ProjectView } from "../reading/project-view.ts";
import { readOnce } from "../reading/read-once.ts";
import { readProject } from "../reading/read-project.ts";
import type { Workspace } from "../workspace.ts";
import { touchFile } from "./apply-changes.ts";
import type { Plan } from "./change-set.ts";
import { checkWritable } from "./check-writable.ts";
import { commitRecord, recover } from "./journal.ts";
import { planRecord } from "./plan-record.ts";
import { replaceFile } from "./replace-file.ts";
import { SpareTemp } from "./spare-temp.ts";

/**
 * The one write path: takes the mutex, finishes what a crash left, lets `decide` look and decide, commits what it
 * returns, and releases. A dry run decides on a reading and stops there.
 * @param operation names the change in the journal
 * @throws whatever `decide` throws, BUSY, or a system error before the commit point: then nothing changed
 */
export function changeProject<Answer>(
  workspace: Workspace,
  operation: string,
  decide: (view: ProjectView) => Plan<Answer>,
): Outcome<Answer> {
  if (workspace.together !== undefined) return workspace.together.take(decide);
  if (workspace.dryRun) {
    const plan = readProject(workspace, decide);
    return { answer: plan.answer, changed: plan.changes !== null, pending: false };
  }
  checkWritePlaces(workspace, [MUTEX_PATH]);
  const mutex = takeMutex(workspace);
  try {
    recover(mutex.place);
    return decideAndCommit(mutex.place, operation, decide);
  } finally {
    mutex.release();
  }
}

function decideAndCommit<Answer>(
  workspace: Workspace,
  operation: string,
  decide: (view: ProjectView) => Plan<Answer>,
): Outcome<Answer> {
  const spare = new SpareTemp(workspace);
  try {
    const look = readOnce(workspace, { nowMs: () => spare.nowMs(), unfinished: null }, decide);
    keepIndex(workspace, look.view.indexState(), "mutex held");
    const { view } = look;
    const { answer, changes, renew, rewrite } = look.result();
    if (changes === null) {
      for (const path of renew ?? []) touchFile(workspace, path);
      if (rewrite !== undefined) rewriteFile(workspace, rewrite);
      return { answer, changed: false, pending: false };
    }
    const all = workspace.alongWith?.(view, changes) ?? changes;
    const record = planRecord(workspace, view, operation, all);
    checkWritable(workspace, record.changes);
    const noted = noteChange(workspace, record);
    const { pending, fault } = commitRecord(noted.workspace, record, spare.give(), noted.note);
    if (pending) warnPending(workspace, fault);
    return { answer, changed: true, pending };
  } finally {
    spare.discard();
  }
}

function rewriteFile(workspace: Workspace, { path, text, durable }: NonNullable<Plan<unknown>["rewrite"]>) {
  checkWritePlaces(workspace, [path]);
  replaceFile(workspace, path, text, durable);
  if (durable) syncDirectory(workspace, parentOf(path));
}

function warnPending(workspace: Workspace, fault: unknown): void {
  if (!isSystemError(fault) && !(fault instanceof Error)) throw fault;
  workspace.warn(`The change is committed; the next mai command finishes writing it: ${faultText(fault)}`);
}
