import type { Outcome } from "../../domain/outcome.ts";
import { changeTogether } from "../../store/change/changes-together.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeamForChange } from "../team.ts";
import { answerOfKey, type KeyedCommand, keyFiles } from "./keys.ts";

/** What a batch answers; `Result` is what one of its lines came to. */
export interface BatchAnswer<Result> {
  readonly results: readonly Result[];
  readonly idempotent: boolean;
}

/**
 * Runs several operations as one change: all of them happen, in their order, or none does. With a key it acts once.
 * @param run runs every operation through the call that it gets; it may be run again, and must keep nothing
 * @throws what any of the operations throws; OPERATOR_REQUIRED for a key that nobody signs
 */
export function runBatch<Result>(
  call: Call,
  key: string | null,
  run: (inside: Call) => readonly Result[],
): Outcome<BatchAnswer<Result>> {
  const keyed: KeyedCommand | null =
    key === null ? null : { key, command: "batch", operator: requireClaimant(call).operator };
  return changeTogether(call.workspace, "batch", (workspace, view) => {
    readTeamForChange(view, call);
    const earlier = keyed === null ? null : answerOfKey<BatchAnswer<Result>>(view, keyed);
    if (earlier !== null) return { answer: { ...earlier, idempotent: true } };
    const answer = { results: run({ ...call, workspace }), idempotent: false };
    return { answer, files: keyed === null ? [] : keyFiles(keyed, answer) };
  });
}
