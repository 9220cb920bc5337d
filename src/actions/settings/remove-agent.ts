import { parseLease } from "../../codec/lease-file.ts";
import { changedConfigText, configTextWithout, settingsOf } from "../../codec/settings.ts";
import type { Config } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import { agentName } from "../../domain/names.ts";
import { didYouMean } from "../../domain/nearest.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { settingChanges } from "../../domain/settings.ts";
import { changeProject } from "../../store/change/change-project.ts";
import { CONFIG_PATH, leasePath } from "../../store/project-paths.ts";
import { leasedIds } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { hasEvent } from "../agent-loop/past-events.ts";
import type { Call } from "../call.ts";
import { orWarning } from "../reading/listed-issues.ts";
import { readTeamForChange, requireAdministrator, type TeamOnFile } from "../team.ts";

/** What `agent remove` answers. */
export interface RemovedAgent {
  readonly name: string;
  /** Whether a queue of its name is there, which stays. */
  readonly queueKept: boolean;
  readonly idempotent: boolean;
}

/**
 * Takes an agent out of the settings and the order of daily summaries; its queue stays.
 * @throws INVALID_AGENT, LOCK_HELD while it holds leases, live or stale, PERMISSION_DENIED
 */
export function removeAgent(call: Call, text: string): Outcome<RemovedAgent> {
  return changeProject<RemovedAgent>(call.workspace, "agent remove", (view) => {
    const team = readTeamForChange(view, call);
    const actor = requireAdministrator(call, team);
    const name = knownName(team.config, text);
    const queueKept = team.config.queues.has(name);
    if (!team.config.agents.has(name)) {
      requireRemoved(view, team.config, name);
      return { answer: { name, queueKept, idempotent: true }, changes: null };
    }
    refuseHolder(view, call, name);
    return {
      answer: { name, queueKept, idempotent: false },
      changes: {
        atMs: view.clock.nowMs(),
        durable: team.config.durability === "full",
        files: [{ path: CONFIG_PATH, text: withoutAgent(view, team, name) }],
        history: [{ actor, event: "agent_remove", summary: `Agent ${name} removed` }],
        events: [{ type: "agent.removed" as const, actor, data: { agent: name } }],
      },
    };
  });
}

/** Older versions took names that are none today; they can be removed all the same. */
function knownName(config: Config, text: string): string {
  const bare = text.replace(/^@/, "");
  return config.agents.has(bare) ? bare : agentName(bare);
}

function requireRemoved(view: ProjectView, config: Config, name: string): void {
  if (hasEvent(view, (event) => event.type === "agent.removed" && event.data?.agent === name)) return;
  const names = [...config.agents.keys()];
  throw new MaiError("INVALID_AGENT", `There is no agent ${JSON.stringify(name)}.`, {
    hint: didYouMean(name, names, "mai agent list"),
    fields: { agent: name, agents: names },
  });
}

/**
 * A stale lease counts too: its age is measured by its holder's heartbeat, and that of an agent nobody knows may be
 * longer, so that removing the agent would bring the lease back to life.
 */
function refuseHolder(view: ProjectView, call: Call, name: string): void {
  const issues = leasedIds(view).filter((id) => holderOf(view, call, id) === name);
  if (issues.length === 0) return;
  throw new MaiError("LOCK_HELD", `Agent ${name} holds ${issues.join(", ")}.`, {
    hint: `Let it finish, or release them: mai lock release ${issues[0]} --force. Stale ones: mai lock guardian`,
    fields: { holder: name, issues },
  });
}

/** Nobody can tell of a lease that cannot be read whose it is: that is told, and stops nobody. */
function holderOf(view: ProjectView, call: Call, id: string): string | null {
  const text = orWarning(call, () => view.read(leasePath(id)));
  return text === null ? null : parseLease(text).holder;
}

function withoutAgent(view: ProjectView, team: TeamOnFile, name: string): string {
  const settings = settingsOf(team.config, team.file);
  const order = team.config.dailySummaryOrder.filter((agent) => agent !== name);
  const text = configTextWithout(view.read(CONFIG_PATH) ?? "{}", settings, ["agents", name]);
  return changedConfigText(text, settings, settingChanges(settings, { daily_summary_order: order }));
}
