import { leaseLeftMs } from "./lease.ts";
import type { Obstacle } from "./takeable.ts";
import { formatSpan } from "./time.ts";
import { handlerText } from "./unassigned.ts";

/** Says in a sentence why somebody does not get an issue. */
export function obstacleText(id: string, obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case "finished":
      return `${id} is finished.`;
    case "blocked":
      return `${id} is BLOCKED.`;
    case "given_back":
      return `${id} is free, but you gave it back.`;
    case "not_allowed":
      return `You may not claim ${id}.`;
    case "unreadable":
      return `${id} cannot be read.`;
    case "held_by":
      return `${id} is held by @${obstacle.holder}${leftText(obstacle)}.`;
    case "assigned_to":
      return `${id} is assigned to ${handlerText(obstacle.handler)}.`;
    case "waiting_for":
      return `${id} waits for ${obstacle.ids.join(", ")}.`;
    case "limit":
      return `${id} would pass the limit max_in_progress of ${obstacle.limit.name} (${obstacle.limit.max}).`;
    case "queue_rule":
      return `${id} is an escalation: a root or the owner of ${obstacle.queue} decides it.`;
  }
}

/** Returns the same as data; keys as in JSON, spans in seconds. */
export function obstacleData(id: string, obstacle: Obstacle): Record<string, unknown> {
  return { issue_id: id, why: obstacle.kind, ...detailsOf(obstacle) };
}

function detailsOf(obstacle: Obstacle): Record<string, unknown> {
  switch (obstacle.kind) {
    case "held_by": {
      const leftMs = leaseLeftMs(obstacle.lease);
      return { holder: obstacle.holder, seconds_left: leftMs === null ? null : Math.ceil(leftMs / 1000) };
    }
    case "assigned_to":
      return { handler: obstacle.handler };
    case "waiting_for":
      return { waits_for: obstacle.ids };
    case "limit":
      return {
        limit: { of: obstacle.limit.of, name: obstacle.limit.name, max_in_progress: obstacle.limit.max },
      };
    case "queue_rule":
      return { queue: obstacle.queue };
    default:
      return {};
  }
}

function leftText({ lease }: Extract<Obstacle, { kind: "held_by" }>): string {
  const leftMs = leaseLeftMs(lease);
  return leftMs === null ? " (a running process)" : ` (${formatSpan(leftMs)} left)`;
}
