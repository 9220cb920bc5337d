import type { Outcome } from "../../domain/outcome.ts";
import { isLaterDay, type SummaryRound, startRound } from "../../domain/summary-round.ts";
import { formatTimestamp, localDate } from "../../domain/time.ts";
import { changeProject } from "../../store/change/change-project.ts";
import { SUMMARY_STATUS_PATH } from "../../store/project-paths.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { actorOf, type Call } from "../call.ts";
import { readTeam, readTeamForChange } from "../team.ts";
import { readRoundFile, roundEdit } from "./summary-files.ts";

/** What `daily-summary trigger` answers. */
export interface TriggerAnswer {
  readonly round: SummaryRound;
  readonly idempotent: boolean;
}

/** Starts the round of today; of a day that has one it changes nothing. Anybody may who can write the files. */
export function triggerRound(call: Call): Outcome<TriggerAnswer> {
  return changeProject<TriggerAnswer>(call.workspace, "daily-summary trigger", (view) => {
    const { config } = readTeamForChange(view, call);
    const atMs = view.clock.nowMs();
    const date = localDate(atMs, view.clock);
    const before = readRoundFile(view);
    if (before !== null && !isLaterDay(date, before.round)) {
      return { answer: { round: before.round, idempotent: true }, changes: null };
    }
    const round = startRound(config, date, formatTimestamp(atMs, view.clock));
    const actor = actorOf(call);
    const summary = `Daily summary round ${date} started`;
    return {
      answer: { round, idempotent: false },
      changes: {
        atMs,
        durable: config.durability === "full",
        files: [roundEdit(round, before)],
        history: [{ actor, event: "summary_trigger", summary }],
        events: [{ type: "summary.triggered", actor, data: { date, participants: round.participants } }],
      },
    };
  });
}

/** Reads the round that was started last, null where there is none. */
export function currentRound(call: Call): SummaryRound | null {
  return readProject(call.workspace, (view) => {
    readTeam(view, call);
    return readRoundFile(view)?.round ?? null;
  });
}

/** What `daily-summary reset` answers. */
export interface ResetAnswer {
  readonly idempotent: boolean;
}

/** Drops the round, even one that cannot be read; summaries stay where they are. Without a round it changes nothing. */
export function resetRound(call: Call): Outcome<ResetAnswer> {
  return changeProject<ResetAnswer>(call.workspace, "daily-summary reset", (view) => {
    const { config } = readTeamForChange(view, call);
    if (!view.exists(SUMMARY_STATUS_PATH)) return { answer: { idempotent: true }, changes: null };
    const actor = actorOf(call);
    return {
      answer: { idempotent: false },
      changes: {
        atMs: view.clock.nowMs(),
        durable: config.durability === "full",
        files: [{ path: SUMMARY_STATUS_PATH, text: null }],
        history: [{ actor, event: "summary_reset", summary: "Daily summary round dropped" }],
        events: [{ type: "summary.reset", actor }],
      },
    };
  });
}
