import { pendingAgents, type SummaryRound, summaryState } from "../domain/summary-round.ts";

/** Returns the JSON of a round; without one every part is empty. */
export function roundJson(round: SummaryRound | null): Record<string, unknown> {
  if (round === null) {
    return { date: null, triggered_at: null, participants: [], status: {}, waiting_for: [], complete: false };
  }
  const { date, triggeredAt, participants } = round;
  const pending = pendingAgents(round);
  return {
    date,
    triggered_at: triggeredAt,
    participants,
    status: Object.fromEntries(participants.map((name) => [name, summaryState(round, name)])),
    waiting_for: pending,
    complete: pending.length === 0,
  };
}

/** Renders in a few words how far a round is. */
export function roundProgress(round: SummaryRound): string {
  const pending = pendingAgents(round);
  const count = round.participants.length;
  return `${count - pending.length} of ${count} written${pending.length === 0 ? "" : `; waiting for ${pending.join(", ")}`}`;
}
