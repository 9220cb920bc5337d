import { DEFAULT_HEARTBEAT_MINUTES } from "../domain/config.ts";
import { MaiError } from "../domain/errors.ts";
import { agentPrefix } from "../domain/ids.ts";
import { agentName } from "../domain/names.ts";
import type { Outcome } from "../domain/outcome.ts";
import { queueEntry, type SettingChange } from "../domain/settings.ts";
import { changeProject } from "../store/change-project.ts";
import { readProject } from "../store/read-project.ts";
import type { Call } from "./call.ts";
import { settingsChangeSet } from "./change-settings.ts";
import { readTeam, readTeamForChange, requireAdministrator, type TeamOnFile } from "./team.ts";

/** An agent of the project. */
export interface Agent {
  readonly name: string;
  readonly heartbeatMinutes: number;
}

/** What `agent add` answers. */
export interface AgentAnswer extends Agent {
  readonly queue: string;
  readonly idPrefix: string;
  readonly idempotent: boolean;
}

/**
 * Registers an agent and makes its own queue.
 * @param heartbeatMinutes null for the default, which also agrees with whatever is there
 * @throws INVALID_NAME, ALREADY_EXISTS for another heartbeat, PERMISSION_DENIED
 */
export function addAgent(call: Call, text: string, heartbeatMinutes: number | null): Outcome<AgentAnswer> {
  const name = agentName(text);
  return changeProject(call.workspace, "agent add", (view) => {
    const team = readTeamForChange(view, call);
    const actor = requireAdministrator(call, team);
    const known = team.config.agents.get(name);
    if (known !== undefined)
      return { answer: existing(team, { name, ...known }, heartbeatMinutes), changes: null };
    const agent = { name, heartbeatMinutes: heartbeatMinutes ?? DEFAULT_HEARTBEAT_MINUTES };
    const { changes, idPrefix, madeQueue } = agentChanges(team, agent);
    const told = {
      history: [{ actor, event: "agent_add", summary: `Agent ${name} added` }],
      events: [
        {
          type: "agent.added" as const,
          actor,
          data: { agent: name, heartbeat_minutes: agent.heartbeatMinutes },
        },
        ...(madeQueue
          ? [{ type: "queue.created" as const, actor, queue: name, data: { id_prefix: idPrefix } }]
          : []),
      ],
    };
    return {
      answer: { ...agent, queue: name, idPrefix, idempotent: false },
      changes: settingsChangeSet({ view, call, team, actor }, changes, told),
    };
  });
}

/** Lists the agents in the order of the settings. */
export function listAgents(call: Call): readonly Agent[] {
  return readProject(call.workspace, (view) =>
    [...readTeam(view, call).config.agents].map(([name, settings]) => ({ name, ...settings })),
  );
}

function existing(team: TeamOnFile, agent: Agent, wanted: number | null): AgentAnswer {
  if (wanted !== null && wanted !== agent.heartbeatMinutes) {
    throw new MaiError(
      "ALREADY_EXISTS",
      `Agent ${agent.name} exists with a heartbeat of ${agent.heartbeatMinutes} minutes.`,
      {
        hint: `Change it: mai config set agents.${agent.name}.heartbeat_minutes ${wanted}`,
        fields: { agent: agent.name, heartbeat_minutes: agent.heartbeatMinutes },
      },
    );
  }
  const idPrefix = team.config.queues.get(agent.name)?.idPrefix ?? "";
  return { ...agent, queue: agent.name, idPrefix, idempotent: true };
}

function agentChanges(
  team: TeamOnFile,
  agent: Agent,
): { changes: readonly SettingChange[]; idPrefix: string; madeQueue: boolean } {
  const { queues } = team.config;
  const own = queues.get(agent.name);
  const taken = new Set([...queues.values()].map((queue) => queue.idPrefix));
  const idPrefix = own?.idPrefix ?? agentPrefix(agent.name, taken);
  const entry = { heartbeat_minutes: agent.heartbeatMinutes };
  const queue = queueEntry({ owner: agent.name, slaMinutes: null, idPrefix });
  const changes = [
    { path: ["agents", agent.name], from: null, to: entry },
    ...(own === undefined ? [{ path: ["queues", agent.name], from: null, to: queue }] : []),
  ];
  return { changes, idPrefix, madeQueue: own === undefined };
}
