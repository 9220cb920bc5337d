import { type ProjectStatus, readStatus } from "../actions/reading/project-status.ts";
import type { IssueCounts } from "../domain/issue-counts.ts";
import { leaseLeftMs } from "../domain/lease.ts";
import { leaseJson, listedIssueJson } from "../output/issue-json.ts";
import { statusText } from "../output/status-text.ts";
import { roundJson } from "../output/summary-json.ts";
import { defineCommand } from "./define-command.ts";
import { DEFAULT_LIMIT } from "./issue/list.ts";

/** `mai status` */
export const command = defineCommand({
  words: "status",
  summary:
    "Shows how the project stands: roots, issues by queue and state, overdue ones, leases, today's summaries. Writes nothing.",
  args: {
    verbose: { type: "boolean", alias: "v", description: "Agents, empty queues and all overdue issues too" },
  },
  errors: ["CONFIG_INVALID"],
  examples: ["mai status", "mai --json status --verbose"],
  run(cli, values) {
    const status = readStatus(cli.call({}));
    const { verbose } = values;
    const nowMs = cli.context.system.clock.nowMs();
    return { fields: statusJson(status, verbose), text: statusText(status, { verbose, nowMs }) };
  },
});

function statusJson(status: ProjectStatus, verbose: boolean): Record<string, unknown> {
  const { name, path, format, roots, agents, queues, overdue, leases } = status;
  const shown = verbose ? overdue : overdue.slice(0, DEFAULT_LIMIT);
  return {
    project: { name, path, format },
    roots,
    agents: agents.map((agent) => ({
      name: agent.name,
      heartbeat_minutes: agent.heartbeatMinutes,
      leases: agent.leases,
    })),
    queues: Object.fromEntries(queues.map((queue) => [queue.name, queueJson(queue)])),
    counts: countsJson(status.counts),
    waiting: status.waiting,
    overdue: shown.map(listedIssueJson),
    locks: leases.map(lockJson),
    total_locks: leases.length,
    daily_summary:
      status.round === null ? null : { ...roundJson(status.round), today: status.roundIsCurrent },
  };
}

function queueJson(queue: ProjectStatus["queues"][number]): Record<string, unknown> {
  const slaHours = queue.slaMinutes === null ? null : queue.slaMinutes / 60;
  return { sla_owner: queue.owner, sla_hours: slaHours, ...countsJson(queue.counts) };
}

function countsJson({ states, overdue, total }: IssueCounts): Record<string, unknown> {
  const named = Object.entries(states).map(([state, number]) => [state.toLowerCase(), number]);
  return { ...Object.fromEntries(named), overdue, total };
}

function lockJson({ issueId, lease }: ProjectStatus["leases"][number]): Record<string, unknown> {
  const leftMs = lease.live ? leaseLeftMs(lease) : 0;
  return {
    ...leaseJson(issueId, lease),
    ttl_minutes: leftMs === null ? null : Math.floor(leftMs / 6000) / 10,
  };
}
