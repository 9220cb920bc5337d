import { projectStats, type Stats, type TimedEvent } from "../../domain/stats.ts";
import { parseTimestamp } from "../../domain/time.ts";
import { isUnassigned } from "../../domain/unassigned.ts";
import { eventsInRange, lastCommittedSeq } from "../../store/logs/event-stream.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { readTeam } from "../team.ts";

/** The numbers of a project, and the time that they are about, in milliseconds since 1970. */
export interface ProjectStats extends Stats {
  readonly sinceMs: number;
  readonly nowMs: number;
}

/**
 * Works the numbers of the last `spanMs` milliseconds out from the event stream.
 * @param spanMs null for since the first event
 */
export function readStats(call: Call, spanMs: number | null): ProjectStats {
  const { workspace } = call;
  const { config } = readProject(workspace, (view) => readTeam(view, call));
  const nowMs = workspace.system.clock.nowMs();
  const events = [...timedEvents(call)];
  const sinceMs = spanMs === null ? Math.min(nowMs, events[0]?.atMs ?? nowMs) : nowMs - spanMs;
  const slaMinutes = new Map([...config.queues].map(([name, queue]) => [name, queue.slaMinutes]));
  const agents = [...config.agents.keys()].filter((name) => !isUnassigned(name));
  const stats = projectStats(events, { sinceMs, nowMs, slaMinutes, agents });
  return { ...stats, sinceMs, nowMs };
}

function* timedEvents({ workspace }: Call): Generator<TimedEvent> {
  const upTo = lastCommittedSeq(workspace);
  for (const event of eventsInRange(workspace, { after: 0, upTo })) {
    const atMs = parseTimestamp(event.ts, workspace.system.clock);
    if (atMs !== null) yield { ...event, atMs };
  }
}
