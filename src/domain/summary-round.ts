import { type Config, DEFAULT_AGENT } from "./config.ts";
import { MaiError } from "./errors.ts";
import { didYouMean } from "./nearest.ts";

/** How far a participant is. */
export type SummaryState = "pending" | "written";

/** A round of daily summaries; it belongs to its date, whatever day the writers have. */
export interface SummaryRound {
  /** Local date of whoever triggered it, `YYYY-MM-DD`. */
  readonly date: string;
  readonly triggeredAt: string;
  /** In the order of the report. */
  readonly participants: readonly string[];
  readonly status: ReadonlyMap<string, SummaryState>;
}

/** Starts a round: the order of the settings, or all registered agents but `default` where there is none. */
export function startRound(config: Config, date: string, triggeredAt: string): SummaryRound {
  const order = config.dailySummaryOrder;
  const agents =
    order.length > 0 ? order : [...config.agents.keys()].filter((name) => name !== DEFAULT_AGENT);
  const participants = [...new Set(agents)];
  return {
    date,
    triggeredAt,
    participants,
    status: new Map(participants.map((name) => [name, "pending"])),
  };
}

/** Tells whether a day needs a new round; west of whoever triggered the last one it may still be the day before. */
export function isLaterDay(today: string, round: SummaryRound): boolean {
  return today > round.date;
}

/** Returns the round after `agent` wrote; who was not in it joins at the end. */
export function withWritten(round: SummaryRound, agent: string): SummaryRound {
  const known = round.participants.includes(agent);
  return {
    ...round,
    participants: known ? round.participants : [...round.participants, agent],
    status: new Map([...round.status, [agent, "written"]]),
  };
}

/** Returns the state of a participant. */
export function summaryState(round: SummaryRound, agent: string): SummaryState {
  return round.status.get(agent) ?? "pending";
}

/** Returns the participants that have not written yet. */
export function pendingAgents(round: SummaryRound): readonly string[] {
  return round.participants.filter((name) => summaryState(round, name) === "pending");
}

/**
 * Returns the agent that a command line names: one that takes part or is registered; a leading `@` is dropped.
 * @param others further names that count, such as those with a summary on disk
 * @throws INVALID_AGENT with the nearest name
 */
export function summaryAgent(
  text: string,
  known: {
    readonly config: Config;
    readonly round: SummaryRound | null;
    readonly others?: readonly string[];
  },
): string {
  const name = text.replace(/^@/, "");
  const names = new Set([
    ...(known.round?.participants ?? []),
    ...known.config.agents.keys(),
    ...(known.others ?? []),
  ]);
  if (names.has(name)) return name;
  throw new MaiError("INVALID_AGENT", `There is no agent ${JSON.stringify(name)}.`, {
    hint: didYouMean(name, names, "mai agent list"),
    fields: { agent: name, agents: [...names] },
  });
}

const START_HINT = "Start today's round: mai daily-summary trigger";

/** Returns the refusal when there is no round to write to or to read. */
export function notTriggered(
  message = "No round of daily summaries was started.",
  hint: string = START_HINT,
): MaiError {
  return new MaiError("NOT_TRIGGERED", message, { hint });
}
