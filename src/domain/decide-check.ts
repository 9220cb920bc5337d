import { type NumberedItem, numberedItems } from "./acceptance.ts";
import { MaiError } from "./errors.ts";
import { type Issue, isFinished } from "./issue.ts";
import type { IssueVerdict, Situation } from "./issue-change.ts";
import { requireFence } from "./lease-gate.ts";
import { isCheckText, phrasesOf } from "./phrases.ts";
import { requireRole } from "./roles.ts";
import { refuseState } from "./states.ts";

/** Items by their numbers, from 1, and whether they are done. */
export interface CheckRequest {
  readonly numbers: readonly number[];
  readonly done: boolean;
}

/**
 * Decides ticks on a check list: like a remark it never meets a lease and never changes the state.
 * @throws PERMISSION_DENIED, STALE_FENCE, ALREADY_COMPLETED, ISSUE_DISCARDED, NOT_FOUND for an item that there is not
 */
export function decideCheck(situation: Situation, request: CheckRequest): IssueVerdict {
  const { issue, claimant, team } = situation;
  const { numbers, done } = request;
  const chosen = numberedItems(issue).filter(({ n }) => numbers.includes(n));
  const changed = chosen.filter((item) => item.done !== done);
  const isDone = changed.length === 0 && numbers.every((number) => chosen.some(({ n }) => n === number));
  if (isDone && isLatestChecker(situation)) return { kind: "settled", renew: false };
  requireRole("check", claimant.operator, team, { issue, queue: issue.queue });
  requireFence(situation);
  if (isFinished(issue.status)) throw refuseState("check", issue);
  requireItems(issue, numbers);
  if (isDone) return { kind: "settled", renew: false };
  return { kind: "change", change: changeOf(situation, changed, done) };
}

function changeOf(situation: Situation, changed: readonly NumberedItem[], done: boolean) {
  const { issue, claimant, team } = situation;
  const says = phrasesOf(team.config.language);
  const phrase = done ? says.checked : says.unchecked;
  const named = changed.map(({ n }) => n);
  return {
    status: issue.status,
    handler: issue.handler,
    record: {
      word: "AMENDED" as const,
      text: changed.map(({ n, text }) => phrase(`${n} ${text}`)).join("\n"),
    },
    lease: "renew" as const,
    conclusion: null,
    edits: {
      acceptance: issue.acceptance.map((item, index) =>
        named.includes(index + 1) ? { ...item, done } : item,
      ),
    },
    history: {
      actor: claimant.operator,
      event: "issue_amended",
      summary: `Issue ${issue.id} ${done ? "checked" : "unchecked"}: ${named.join(", ")}`,
      status: "amended",
    },
    events: [
      {
        type: "issue.checked" as const,
        actor: claimant.operator,
        issue: issue.id,
        queue: issue.queue,
        data: { items: changed.map(({ n, text }) => ({ n, text, done })) },
      },
    ],
  };
}

function requireItems(issue: Issue, numbers: readonly number[]): void {
  const count = issue.acceptance.length;
  const missing = numbers.find((number) => number < 1 || number > count);
  if (missing === undefined) return;
  throw new MaiError(
    "NOT_FOUND",
    count === 0
      ? `${issue.id} has no check list.`
      : `${issue.id} has no item ${missing}: they are 1 to ${count}.`,
    {
      hint: `See it: mai issue show ${issue.id}`,
      fields: { issue_id: issue.id, item: missing, items: count },
    },
  );
}

function isLatestChecker({ issue, claimant }: Situation): boolean {
  const newest = issue.records[0];
  return newest?.actor === claimant.operator && newest.word === "AMENDED" && isCheckText(newest.text);
}
