import { formatConfigFile, queueEntry } from "../codec/config-file.ts";
import { DEFAULT_HEARTBEAT_MINUTES } from "../domain/config.ts";
import type { ConfigFile } from "../domain/config-schema.ts";
import { MaiError } from "../domain/errors.ts";
import { agentPrefix } from "../domain/ids.ts";
import { agentName } from "../domain/names.ts";
import type { Outcome } from "../domain/outcome.ts";
import { changeProject } from "../store/change-project.ts";
import { CONFIG_PATH } from "../store/project-paths.ts";
import { readProject } from "../store/read-project.ts";
import type { Call } from "./call.ts";
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
    const { file, idPrefix, madeQueue } = withAgent(team, agent);
    const about = { actor, queue: name };
    return {
      answer: { ...agent, queue: name, idPrefix, idempotent: false },
      changes: {
        atMs: view.clock.nowMs(),
        durable: team.config.durability === "full",
        files: [{ path: CONFIG_PATH, text: formatConfigFile(file) }],
        history: [{ actor, event: "agent_add", summary: `Agent ${name} added` }],
        events: [
          { type: "agent.added", actor, data: { agent: name, heartbeat_minutes: agent.heartbeatMinutes } },
          ...(madeQueue ? [{ type: "queue.created" as const, ...about, data: { id_prefix: idPrefix } }] : []),
        ],
      },
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

function withAgent(
  team: TeamOnFile,
  agent: Agent,
): { file: ConfigFile; idPrefix: string; madeQueue: boolean } {
  const { queues, agents } = team.config;
  const own = queues.get(agent.name);
  const idPrefix =
    own?.idPrefix ?? agentPrefix(agent.name, new Set([...queues.values()].map((queue) => queue.idPrefix)));
  const queue = queueEntry({ owner: agent.name, slaMinutes: null, idPrefix });
  const file: ConfigFile = {
    ...team.file,
    agents: {
      ...entriesOf(team.file.agents, agents),
      [agent.name]: { heartbeat_minutes: agent.heartbeatMinutes },
    },
    ...(own === undefined ? { queues: { ...queueEntriesOf(team), [agent.name]: queue } } : {}),
  };
  return { file, idPrefix, madeQueue: own === undefined };
}

/** Adding to a section that the file leaves out writes the defaults out, which it would otherwise lose. */
function entriesOf(
  section: ConfigFile["agents"],
  agents: TeamOnFile["config"]["agents"],
): ConfigFile["agents"] {
  if (section !== undefined) return section;
  return Object.fromEntries(
    [...agents].map(([name, { heartbeatMinutes }]) => [name, { heartbeat_minutes: heartbeatMinutes }]),
  );
}

function queueEntriesOf(team: TeamOnFile): ConfigFile["queues"] {
  return (
    team.file.queues ??
    Object.fromEntries([...team.config.queues].map(([name, queue]) => [name, queueEntry(queue)]))
  );
}
