import { requireCountable } from "../../codec/sequence-file.ts";
import { type Config, queueSettings } from "../../domain/config.ts";
import { hashId, sequentialId, sequentialNumber } from "../../domain/ids.ts";
import { fileFault } from "../../store/io-error.ts";
import { archivedIssuePath, issuePath } from "../../store/project-paths.ts";
import {
  archivedIssueIds,
  archivedQueueNames,
  issueIds,
  queueNames,
} from "../../store/reading/issue-files.ts";
import { currentSequence } from "../../store/reading/numbers.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";

/**
 * Gives out the next id of a queue's prefix: one past the last one given out, or, for a prefix that was never
 * counted, past the highest that is there or archived. A number whose file exists is passed over; in a queue that cannot be
 * looked into, what was counted keeps numbers apart, and nothing but a look would keep hashes apart.
 * @throws CORRUPT_FILE where no number is left
 */
export function allocateId(
  view: ProjectView,
  call: Call,
  config: Config,
  queue: string,
): { readonly id: string; readonly ids: Readonly<Record<string, number>> } {
  const { idPrefix } = queueSettings(config, queue);
  const queues = queueNames(view, config);
  const archived = archivedQueueNames(view);
  const exists =
    config.idStyle === "hash" ? view.exists : (path: string) => orUnseen(() => view.exists(path));
  const isTaken = (id: string) =>
    queues.some((name) => exists(issuePath(name, id))) ||
    archived.some((name) => exists(archivedIssuePath(name, id)));
  if (config.idStyle === "hash") return { id: freeHashId(call, idPrefix, isTaken), ids: {} };
  const last = currentSequence(view).ids[idPrefix] ?? highestNumber(view, queues, idPrefix);
  const number = freeNumber(last, (next) => isTaken(sequentialId(idPrefix, next)));
  return { id: sequentialId(idPrefix, number), ids: { [idPrefix]: number } };
}

function freeNumber(last: number, isTaken: (number: number) => boolean): number {
  for (let number = last + 1; ; number += 1) {
    requireCountable(number);
    if (!isTaken(number)) return number;
  }
}

function orUnseen(look: () => boolean): boolean {
  try {
    return look();
  } catch (error) {
    if (fileFault(error) === null) throw error;
    return false;
  }
}

function freeHashId(call: Call, prefix: string, isTaken: (id: string) => boolean): string {
  for (;;) {
    const id = hashId(prefix, call.workspace.system.randomBytes(3));
    if (!isTaken(id)) return id;
  }
}

function highestNumber(view: ProjectView, queues: readonly string[], prefix: string): number {
  const archived = archivedQueueNames(view).flatMap((queue) => archivedIssueIds(view, queue));
  const ids = [...queues.flatMap((queue) => issueIds(view, queue)), ...archived];
  return ids.reduce((highest, id) => Math.max(highest, sequentialNumber(id, prefix) ?? 0), 0);
}
