import { type Blocker, readBlockers } from "../../actions/reading/blockers.ts";
import { listedIssueJson } from "../../output/issue-json.ts";
import { issueLines } from "../../output/issue-text.ts";
import { defineCommand } from "../define-command.ts";

/** `mai queue blockers` */
export const command = defineCommand({
  words: "queue blockers",
  summary:
    "Shows what stands in the way: BLOCKED issues of every queue with their reasons, and unfinished issues of the " +
    "blockers queue (setting blockers_queue). Writes nothing.",
  args: {},
  errors: [],
  examples: ["mai queue blockers", "mai --json queue blockers"],
  run(cli) {
    const { queue, issues } = readBlockers(cli.call({}));
    return {
      fields: { blockers_queue: queue, issues: issues.map(blockerJson), total: issues.length },
      text: issues.length === 0 ? "Nothing is blocked." : blockerText(issues),
    };
  },
});

function blockerJson(blocker: Blocker): Record<string, unknown> {
  const { reason, blockedBy, blockedSince, blocks } = blocker;
  const why = { reason, blocked_by: blockedBy, blocked_since: blockedSince };
  return { ...listedIssueJson(blocker), ...why, blocks };
}

function blockerText(issues: readonly Blocker[]): string {
  const lines = issueLines(issues);
  return issues
    .flatMap(({ reason, blockedBy, blockedSince, blocks }, index) => {
      const line = lines[index] ?? "";
      const waiting = blocks.length === 0 ? [] : [`    waiting for it: ${blocks.join(", ")}`];
      if (reason === null) return [line, ...waiting];
      const why = reason === "" ? "no reason given" : reason.replaceAll("\n", "\n    ");
      return [line, `    @${blockedBy}, ${blockedSince}: ${why}`, ...waiting];
    })
    .join("\n");
}
