import type { Config } from "../../domain/config.ts";
import { unfinishedBlockers } from "../../domain/dependencies.ts";
import { type Issue, isFinished } from "../../domain/issue.ts";
import type { Surroundings } from "../../domain/surroundings.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { surroundingsOf } from "./surroundings.ts";

type Waiting = Pick<Issue, "id" | "status" | "blockedBy">;

/** Adds to listed issues what each waits for, where it waits for anything; finished ones wait for nothing. */
export function withWaits<Listing extends { readonly issues: readonly { readonly issue: Waiting }[] }>(
  view: ProjectView,
  config: Config,
  listing: Listing,
): Listing {
  const around = surroundingsOf(view, config);
  const issues = listing.issues.map((entry) =>
    entry.issue.blockedBy.length === 0 ? entry : { ...entry, waitsFor: waitsFor(entry.issue, around) },
  );
  return { ...listing, issues };
}

/** Returns the ids of what an unfinished issue waits for. */
export function waitsFor(issue: Waiting, around: Surroundings): readonly string[] {
  return isFinished(issue.status) ? [] : unfinishedBlockers(issue, around.blocker).map(({ id }) => id);
}
