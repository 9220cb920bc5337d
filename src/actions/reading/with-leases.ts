import type { Config } from "../../domain/config.ts";
import { leasedIds, readLeaseAnyway } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import type { ListedIssue } from "./listed-issues.ts";

/** Adds to the listed issues who holds each, and how old each is: only what is shown is looked at. */
export function withLeases<Listing extends { readonly issues: readonly ListedIssue[] }>(
  view: ProjectView,
  call: Call,
  config: Config,
  listing: Listing,
): Listing {
  const leased = new Set(leasedIds(view));
  const nowMs = view.clock.nowMs();
  const facts = { config, warn: call.workspace.warn };
  const issues = listing.issues.map((entry) => {
    const { id } = entry.issue;
    const lease = leased.has(id) ? readLeaseAnyway(view, facts, id) : null;
    return { ...entry, nowMs, ageMs: Math.max(0, nowMs - entry.createdMs), lease };
  });
  return { ...listing, issues };
}
