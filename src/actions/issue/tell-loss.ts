import { MaiError } from "../../domain/errors.ts";
import type { Situation } from "../../domain/issue-change.ts";
import { lostLeaseText, withHolder } from "../../domain/lost-lease.ts";
import { localDate } from "../../domain/time.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";

/**
 * Decides, and tells an operator who lost the lease so, by a warning: with every command, also one that is refused.
 * A refusal that a present holder has to do with names that holder.
 */
export function tellingLoss<Result>(
  view: ProjectView,
  call: Call,
  situation: Situation,
  decide: () => Result,
): Result {
  const today = () => localDate(view.clock.nowMs(), view.clock);
  const lost = lostLeaseText(situation, today);
  if (lost !== null) call.workspace.warn(lost);
  try {
    return decide();
  } catch (error) {
    throw error instanceof MaiError ? withHolder(error, situation, today) : error;
  }
}
