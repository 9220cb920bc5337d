import { formatSummaryReport } from "../../codec/summary-file.ts";
import { FORMAT } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { notTriggered, type SummaryRound, summaryAgent } from "../../domain/summary-round.ts";
import { localDate } from "../../domain/time.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { ChangeSet } from "../../store/change/change-set.ts";
import { isSystemError } from "../../store/io-error.ts";
import { summaryReportMirrorPath, summaryReportPath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { actorOf, type Call } from "../call.ts";
import { readTeam, type TeamOnFile } from "../team.ts";
import { readRoundFile, readSummaryText, summaryWriters } from "./summary-files.ts";
import { namedAgent } from "./write-summary.ts";

/** One agent's summary; `text` is null for who has not written. */
export interface AgentSummary {
  readonly agent: string;
  readonly text: string | null;
}

/** What `daily-summary read` answers for one agent. */
export interface SummaryReading {
  readonly agent: string;
  readonly date: string;
  readonly text: string;
}

/** What `daily-summary read --all` answers. */
export interface SummaryReport {
  readonly date: string;
  /** In the order of the round, then who has a file beside it. */
  readonly summaries: readonly AgentSummary[];
  /** Path of the report from the project's root; null where it could not be written. */
  readonly path: string | null;
  readonly report: string;
}

/**
 * Reads one agent's summary.
 * @param date null for the round that was started last, else today
 * @throws INVALID_AGENT, NOT_FOUND where it has written none
 */
export function readSummary(call: Call, agentText: string, date: string | null): SummaryReading {
  const named = namedAgent(call, agentText);
  return readProject(call.workspace, (view) => {
    const { config } = readTeam(view, call);
    const round = readRoundFile(view)?.round ?? null;
    const day = dateOf(view, round, date);
    const agent = summaryAgent(named, { config, round, others: summaryWriters(view, day) });
    const text = readSummaryText(view, day, agent);
    if (text !== null) return { agent, date: day, text };
    throw new MaiError("NOT_FOUND", `${agent} has written no summary for ${day}.`, {
      ...(round?.date === day ? { hint: `Write it: mai daily-summary write ${agent} "…"` } : {}),
      fields: { agent, date: day },
    });
  });
}

/**
 * Reads every summary of a round and writes the report on it, unless that stands there already. Who may not write
 * gets the report all the same, with a warning.
 * @throws NOT_TRIGGERED where that date has neither a round nor a summary
 */
export function reportSummaries(call: Call, date: string | null): Outcome<SummaryReport> {
  const read = (view: ProjectView) => gathered(view, readTeam(view, call), date);
  try {
    return changeProject(call.workspace, "daily-summary read", (view) => {
      const team = readTeam(view, call);
      const answer = gathered(view, team, date);
      if (team.config.format > FORMAT) return { answer: unwritten(call, answer), changes: null };
      return { answer, changes: reportChanges(view, call, { answer, team }) };
    });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { answer: unwritten(call, readProject(call.workspace, read)), changed: false, pending: false };
  }
}

/** Writing goes to the round that was started last, so reading does too. */
function dateOf(view: ProjectView, round: SummaryRound | null, date: string | null): string {
  return date ?? round?.date ?? localDate(view.clock.nowMs(), view.clock);
}

function gathered(view: ProjectView, { config }: TeamOnFile, wanted: string | null): SummaryReport {
  const round = readRoundFile(view)?.round ?? null;
  const date = dateOf(view, round, wanted);
  const participants = round?.date === date ? round.participants : [];
  const agents = [...new Set([...participants, ...summaryWriters(view, date)])];
  if (agents.length === 0 && round?.date !== date) throw noSummaries(date, wanted);
  const summaries = agents.map((agent) => ({ agent, text: readSummaryText(view, date, agent) }));
  const report = formatSummaryReport(date, summaries, config.language);
  return { date, summaries, report, path: summaryReportPath(date) };
}

function noSummaries(date: string, wanted: string | null): MaiError {
  const message = `There are no summaries for ${date}.`;
  if (wanted === null) return notTriggered(message);
  return notTriggered(message, "The round that was started last: mai daily-summary read");
}

function reportChanges(
  view: ProjectView,
  call: Call,
  { answer, team }: { answer: SummaryReport; team: TeamOnFile },
): ChangeSet | null {
  const { date, report } = answer;
  const path = summaryReportPath(date);
  const mirror = summaryReportMirrorPath(date);
  if (view.read(path) === report && view.read(mirror) === report) return null;
  const actor = actorOf(call);
  return {
    atMs: view.clock.nowMs(),
    durable: team.config.durability === "full",
    files: [{ path, text: report, mirror }],
    history: [{ actor, event: "summary_report", summary: `Daily summary report for ${date} written` }],
    events: [{ type: "summary.reported", actor, data: { date, path } }],
  };
}

function unwritten(call: Call, answer: SummaryReport): SummaryReport {
  call.workspace.warn(`The report ${answer.path} could not be written.`);
  return { ...answer, path: null };
}
