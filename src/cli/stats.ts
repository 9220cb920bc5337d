import { type ProjectStats, readStats } from "../actions/reading/stats.ts";
import type { FlowStats } from "../domain/flow-sums.ts";
import { statsText } from "../output/stats-text.ts";
import { defineCommand } from "./define-command.ts";

/** `mai stats` */
export const command = defineCommand({
  words: "stats",
  summary:
    "Shows throughput, time to claim, time in each state and SLA misses, by queue and agent, and who is silent; worked " +
    "out from the event stream. Writes nothing.",
  args: {
    since: {
      type: "string",
      kind: "duration",
      valueHint: "D",
      description: "Only the last 12h, 7d … (all)",
    },
  },
  errors: ["CONFIG_INVALID"],
  examples: ["mai stats --since 7d", "mai --json stats"],
  run(cli, values) {
    const stats = readStats(cli.call({}), values.since);
    return { fields: statsJson(stats), text: statsText(stats) };
  },
});

function statsJson({ sinceMs, nowMs, total, queues, agents }: ProjectStats): Record<string, unknown> {
  return {
    span_seconds: seconds(nowMs - sinceMs),
    total: flowJson(total),
    queues: Object.fromEntries([...queues].map(([name, flow]) => [name, flowJson(flow)])),
    agents: agents.map(({ name, claimed, completed, events, lastSeenMs, silent }) => ({
      name,
      claimed,
      completed,
      events,
      last_seen_seconds: lastSeenMs === null ? null : seconds(nowMs - lastSeenMs),
      silent,
    })),
  };
}

function flowJson(flow: FlowStats): Record<string, unknown> {
  const { created, claimed, completed, discarded, medianToClaimMs, stateMs, slaMisses } = flow;
  return {
    created,
    claimed,
    completed,
    discarded,
    median_seconds_to_claim: medianToClaimMs === null ? null : seconds(medianToClaimMs),
    seconds_in_state: {
      open: seconds(stateMs.OPEN),
      in_progress: seconds(stateMs.IN_PROGRESS),
      blocked: seconds(stateMs.BLOCKED),
    },
    sla_misses: slaMisses,
  };
}

function seconds(ms: number): number {
  return Math.max(0, Math.round(ms / 1000));
}
