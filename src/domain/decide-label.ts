import type { IssueVerdict, Situation } from "./issue-change.ts";
import { type LabelChange, labelChangeText, remainingChange, sortedLabels } from "./labels.ts";
import { requireFence } from "./lease-gate.ts";
import { isLabelText, phrasesOf } from "./phrases.ts";
import { requireRole } from "./roles.ts";
import { refuseState } from "./states.ts";

/**
 * Decides a change of labels: like a remark it never meets a lease and never changes the state.
 * @throws PERMISSION_DENIED, STALE_FENCE, ISSUE_DISCARDED
 */
export function decideLabel(situation: Situation, asked: LabelChange): IssueVerdict {
  const { issue, claimant, team } = situation;
  const change = remainingChange(issue.labels, asked);
  const isDone = change.add.length + change.remove.length === 0;
  if (isDone && isLatestLabeller(situation)) return { kind: "settled", renew: false };
  requireRole("label", claimant.operator, team, { issue, queue: issue.queue });
  requireFence(situation);
  if (issue.status === "DISCARDED") throw refuseState("label", issue);
  if (isDone) return { kind: "settled", renew: false };
  const kept = issue.labels.filter((name) => !change.remove.includes(name));
  const labels = sortedLabels([...kept, ...change.add]);
  const text = labelChangeText(change);
  return {
    kind: "change",
    change: {
      status: issue.status,
      handler: issue.handler,
      record: { word: "AMENDED", text: phrasesOf(team.config.language).labelled(text) },
      lease: "renew",
      conclusion: null,
      edits: { labels },
      history: {
        actor: claimant.operator,
        event: "issue_amended",
        summary: `Issue ${issue.id} labels: ${text}`,
        status: "amended",
      },
      events: [
        {
          type: "issue.edited",
          actor: claimant.operator,
          issue: issue.id,
          queue: issue.queue,
          data: { changes: { labels: { from: issue.labels, to: labels } } },
        },
      ],
    },
  };
}

function isLatestLabeller({ issue, claimant }: Situation): boolean {
  const newest = issue.records[0];
  return newest?.actor === claimant.operator && newest.word === "AMENDED" && isLabelText(newest.text);
}
