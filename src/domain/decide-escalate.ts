import type { Issue, State } from "./issue.ts";
import { isFinished } from "./issue.ts";
import type { IssueChange, Situation } from "./issue-change.ts";
import { requireFence } from "./lease-gate.ts";
import { escalatedTo, phrasesOf } from "./phrases.ts";
import { requireRole } from "./roles.ts";
import { refuseState } from "./states.ts";
import { MAX_TITLE_CHARACTERS, oneLine } from "./text.ts";
import { handlerText } from "./unassigned.ts";

/** An issue that an earlier escalation made; its state is null where its file is gone. */
export interface EarlierEscalation {
  readonly id: string;
  readonly state: State | null;
}

/** Returns the id of the issue that the latest escalation of this one made, null before the first. */
export function latestEscalation(issue: Issue): string | null {
  const record = issue.records.find(({ word, text }) => word === "ESCALATED" && escalatedTo(text) !== null);
  return record === undefined ? null : escalatedTo(record.text);
}

/**
 * Decides whether an escalation makes an issue; it never meets a lease.
 * @returns the earlier escalation where there is nothing left to do, else null
 * @throws PERMISSION_DENIED, STALE_FENCE, ALREADY_COMPLETED, ISSUE_DISCARDED
 */
export function decideEscalate(
  situation: Situation,
  earlier: EarlierEscalation | null,
): EarlierEscalation | null {
  const { issue, claimant, team } = situation;
  if (earlier !== null && isRepeat(situation)) return earlier;
  requireRole("escalate", claimant.operator, team, { issue, queue: issue.queue });
  requireFence(situation);
  if (earlier !== null && earlier.state !== null && !isFinished(earlier.state)) return earlier;
  if (isFinished(issue.status)) throw refuseState("escalate", issue);
  return null;
}

/** Returns what an escalation changes here, once the new issue has its id. */
export function escalationChange(
  { issue, claimant, team }: Situation,
  made: { readonly id: string; readonly queue: string },
): IssueChange {
  const actor = claimant.operator;
  return {
    status: issue.status,
    handler: issue.handler,
    record: { word: "ESCALATED", text: phrasesOf(team.config.language).escalated(made.id) },
    lease: "renew",
    conclusion: null,
    history: {
      actor,
      event: "issue_escalate",
      summary: `Issue ${issue.id} escalated as ${made.id} to ${made.queue}`,
      status: "escalated",
    },
    events: [
      {
        type: "issue.escalated",
        actor,
        issue: issue.id,
        queue: issue.queue,
        data: { new_id: made.id, escalation_queue: made.queue },
      },
    ],
  };
}

/** Returns the title of the issue that an escalation makes, cut to what a title may be. */
export function escalationTitle({ issue, team }: Situation): string {
  const characters = [...`${phrasesOf(team.config.language).escalation(issue.id)}: ${oneLine(issue.title)}`];
  if (characters.length <= MAX_TITLE_CHARACTERS) return characters.join("");
  return `${characters.slice(0, MAX_TITLE_CHARACTERS - 1).join("")}…`;
}

/** Returns its body: what a person needs before looking the issue up. */
export function escalationBody({ issue }: Situation): string {
  const reason = issue.records.find(({ word }) => word === "BLOCKED")?.text;
  return [
    `${issue.id}: ${issue.title}`,
    `queue ${issue.queue}, handler ${handlerText(issue.handler)}, ${issue.status}, ${issue.priority}`,
    ...(issue.status === "BLOCKED" && reason !== undefined && reason !== ""
      ? [`blocked: ${excerpt(reason)}`]
      : []),
  ].join("\n");
}

/** Longest reason that a body quotes, in characters: the whole stands in the issue. */
const MAX_QUOTED = 2000;

function excerpt(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_QUOTED ? text : `${characters.slice(0, MAX_QUOTED - 1).join("")}…`;
}

function isRepeat({ issue, claimant }: Situation): boolean {
  const newest = issue.records[0];
  return newest?.actor === claimant.operator && newest.word === "ESCALATED";
}
