import type { FlowStats } from "../domain/flow-sums.ts";
import type { AgentStats, Stats } from "../domain/stats.ts";
import { formatSpan } from "../domain/time.ts";
import { alignColumns } from "./columns.ts";

const BAR_CELLS = 12;

/** Renders the numbers of a project for people, with small bars. Times in milliseconds since 1970. */
export function statsText(stats: Stats & { readonly sinceMs: number; readonly nowMs: number }): string {
  const { total, nowMs, sinceMs } = stats;
  return [
    `last ${formatSpan(nowMs - sinceMs)}: ${flowText(total)}`,
    `time to claim: ${total.medianToClaimMs === null ? "nothing claimed" : `${shortSpan(total.medianToClaimMs)} (median)`}`,
    ...stateLines(total),
    ...queueLines(stats),
    ...agentLines(stats.agents, nowMs),
  ].join("\n");
}

function flowText({ created, claimed, completed, discarded, slaMisses }: FlowStats): string {
  const misses = slaMisses === 1 ? "1 SLA miss" : `${slaMisses} SLA misses`;
  return `${created} created, ${claimed} claimed, ${completed} completed, ${discarded} discarded, ${misses}`;
}

function stateLines({ stateMs }: FlowStats): readonly string[] {
  const rows = [
    ["open", stateMs.OPEN],
    ["in progress", stateMs.IN_PROGRESS],
    ["blocked", stateMs.BLOCKED],
  ] as const;
  const most = Math.max(...rows.map(([, ms]) => ms));
  return [
    "time in each state:",
    ...alignColumns(rows.map(([name, ms]) => [`  ${name}`, bar(ms, most), shortSpan(ms)])),
  ];
}

function queueLines({ queues }: Stats): readonly string[] {
  if (queues.size === 0) return [];
  const most = Math.max(...[...queues.values()].map(({ completed }) => completed));
  const rows = [...queues].map(([name, flow]) => [`  ${name}`, bar(flow.completed, most), flowText(flow)]);
  return ["queues, by completed:", ...alignColumns(rows)];
}

function agentLines(agents: readonly AgentStats[], nowMs: number): readonly string[] {
  if (agents.length === 0) return [];
  const most = Math.max(...agents.map(({ completed }) => completed));
  const rows = agents.map((agent) => [
    `  @${agent.name}`,
    bar(agent.completed, most),
    `${agent.claimed} claimed, ${agent.completed} completed`,
    seenText(agent, nowMs),
  ]);
  return ["agents, by completed:", ...alignColumns(rows)];
}

function seenText({ silent, lastSeenMs }: AgentStats, nowMs: number): string {
  if (lastSeenMs === null) return "SILENT, never seen";
  return `${silent ? "SILENT, " : ""}last seen ${formatSpan(nowMs - lastSeenMs)} ago`;
}

function bar(value: number, most: number): string {
  const cells = most === 0 ? 0 : Math.ceil((value / most) * BAR_CELLS);
  return "█".repeat(cells) + "·".repeat(BAR_CELLS - cells);
}

function shortSpan(ms: number): string {
  return ms === 0 ? "0s" : formatSpan(ms);
}
