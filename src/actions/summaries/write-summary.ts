import { formatSummary } from "../../codec/summary-file.ts";
import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import {
  notTriggered,
  type SummaryRound,
  summaryAgent,
  summaryState,
  withWritten,
} from "../../domain/summary-round.ts";
import { checkText } from "../../domain/text.ts";
import { changeProject } from "../../store/change/change-project.ts";
import { summaryPath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeamForChange } from "../team.ts";
import { readRoundFile, readSummaryText, roundEdit } from "./summary-files.ts";

/** What a command line says about a summary. */
export interface SummaryRequest {
  /** `.` is the operator. */
  readonly agent: string;
  readonly text: string;
  /** Whether another text that was written before gives way. */
  readonly replace: boolean;
}

/** What `daily-summary write` answers. */
export interface SummaryAnswer {
  readonly agent: string;
  readonly round: SummaryRound;
  /** Another text gave way. */
  readonly replaced: boolean;
  readonly idempotent: boolean;
}

/**
 * Writes an agent's summary into the round that was started last, whatever day the writer has. Anybody may who can
 * write the files, and any number at once.
 * @throws NOT_TRIGGERED, INVALID_AGENT, INVALID_TEXT, ALREADY_WRITTEN for another text without `replace`
 */
export function writeSummary(call: Call, request: SummaryRequest): Outcome<SummaryAnswer> {
  const text = checkText(request.text, "summary");
  const named = namedAgent(call, request.agent);
  return changeProject<SummaryAnswer>(call.workspace, "daily-summary write", (view) => {
    const { config } = readTeamForChange(view, call);
    const before = readRoundFile(view);
    if (before === null) throw notTriggered();
    const agent = summaryAgent(named, { config, round: before.round });
    const earlier = writtenText(view, before.round, agent);
    const answer = { agent, round: before.round, replaced: false };
    if (earlier === text) return { answer: { ...answer, idempotent: true }, changes: null };
    if (earlier !== null && !request.replace) throw alreadyWritten(agent, before.round.date);
    const round = withWritten(before.round, agent);
    const { date } = round;
    const actor = call.operator ?? agent;
    const replaced = earlier !== null;
    const summary = `Daily summary of ${agent} for ${date} ${replaced ? "replaced" : "written"}`;
    return {
      answer: { agent, round, replaced, idempotent: false },
      changes: {
        atMs: view.clock.nowMs(),
        durable: config.durability === "full",
        files: [
          { path: summaryPath(date, agent), text: formatSummary(agent, date, text) },
          roundEdit(round, before),
        ],
        history: [{ actor, event: "summary_write", summary }],
        // The text goes along: a summary that is replaced later is not lost.
        events: [{ type: "summary.written", actor, data: { agent, date, replaced, text } }],
      },
    };
  });
}

/** Returns the agent that a command line names; `.` is the operator. @throws OPERATOR_REQUIRED */
export function namedAgent(call: Call, text: string): string {
  return text === "." ? requireClaimant(call).operator : text;
}

/** The text that this round has of an agent; what an earlier round of the same date left is not it. */
function writtenText(view: ProjectView, round: SummaryRound, agent: string): string | null {
  return summaryState(round, agent) === "written" ? readSummaryText(view, round.date, agent) : null;
}

function alreadyWritten(agent: string, date: string): MaiError {
  return new MaiError("ALREADY_WRITTEN", `${agent} wrote another summary for ${date} already.`, {
    hint: `See it: mai daily-summary read ${agent}. Write over it: --replace`,
    fields: { agent, date },
  });
}
