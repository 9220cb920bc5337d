import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { faultText, isSystemError } from "../../store/io-error.ts";
import type { Call } from "../call.ts";

/** What one transaction did with the head of a list. */
export interface Batch<Done> {
  /** How many of the list it looked at, at least one. */
  readonly taken: number;
  readonly done: readonly Done[];
}

/** What a row of transactions came to. */
export interface Batches<Done> {
  readonly done: readonly Done[];
  /** How many were not looked at: a fault stopped the row, and a warning says which. */
  readonly remaining: number;
  readonly changed: boolean;
  readonly pending: boolean;
}

/**
 * Works a list off, one transaction after another, each of them whole or not at all; others get the mutex in between.
 * A fault in the first one is thrown: nothing has changed. A later one ends the row with a warning, for what was
 * committed stays; the same command goes on from there.
 */
export function inBatches<Item, Done>(
  call: Call,
  items: readonly Item[],
  commit: (rest: readonly Item[]) => Outcome<Batch<Done>>,
): Batches<Done> {
  const done: Done[] = [];
  let [taken, changed, pending] = [0, false, false];
  while (taken < items.length) {
    const outcome = unlessBegun(call, changed, () => commit(items.slice(taken)));
    if (outcome === null) break;
    done.push(...outcome.answer.done);
    taken += outcome.answer.taken;
    changed ||= outcome.changed;
    pending ||= outcome.pending;
  }
  return { done, remaining: items.length - taken, changed, pending };
}

/**
 * Does a step of a command that goes on after its first transaction. A fault is an error while nothing has changed,
 * and a warning once something has: an error would say that nothing did.
 * @returns null after a fault that became a warning
 */
export function unlessBegun<Result>(call: Call, begun: boolean, step: () => Result): Result | null {
  try {
    return step();
  } catch (fault) {
    if (!begun || !(fault instanceof MaiError || isSystemError(fault))) throw fault;
    call.workspace.warn(
      `It stopped half way: ${faultText(fault)} What is done stays; run it again for the rest.`,
    );
    return null;
  }
}
