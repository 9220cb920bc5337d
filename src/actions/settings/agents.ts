import { type AgentSettings, DEFAULT_HEARTBEAT_MINUTES } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import { agentPrefix } from "../../domain/ids.ts";
import { agentName } from "../../domain/names.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { queueEntry, type SettingChange, type Settings } from "../../domain/settings.ts";
import { isUnassigned } from "../../domain/unassigned.ts";
import { changeProject } from "../../store/change/change-project.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { readTeam, readTeamForChange, requireAdministrator, type TeamOnFile } from "../team.ts";
import { settingsChangeSet } from "./change-settings.ts";

/** An agent of the project. */
export interface Agent {
  readonly name: string;
  readonly heartbeatMinutes: number;
  /** Most issues that it may hold at once, null for no limit. */
  readonly maxInProgress: number | null;
}

/** What is said about a new agent; null for nothing, which also agrees with whatever is there. */
export interface AgentRequest {
  readonly heartbeatMinutes: number | null;
  readonly maxInProgress: number | null;
}

/** What `agent add` answers. */
export interface AgentAnswer extends Agent {
  readonly queue: string;
  readonly idPrefix: string;
  readonly idempotent: boolean;
}

/**
 * Registers an agent and makes its own queue.
 * @throws INVALID_NAME, ALREADY_EXISTS for another heartbeat or limit, PERMISSION_DENIED
 */
export function addAgent(call: Call, text: string, request: AgentRequest): Outcome<AgentAnswer> {
  const name = agentName(text);
  return changeProject(call.workspace, "agent add", (view) => {
    const team = readTeamForChange(view, call);
    const actor = requireAdministrator(call, team);
    const known = team.config.agents.get(name);
    if (known !== undefined) return { answer: existing(team, agentOf(name, known), request), changes: null };
    const { maxInProgress } = request;
    const agent = {
      name,
      heartbeatMinutes: request.heartbeatMinutes ?? DEFAULT_HEARTBEAT_MINUTES,
      maxInProgress,
    };
    const { changes, idPrefix, madeQueue } = agentChanges(team, agent);
    const told = {
      history: [{ actor, event: "agent_add", summary: `Agent ${name} added` }],
      events: [
        {
          type: "agent.added" as const,
          actor,
          data: { agent: name, ...agentEntry(agent) },
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

/** Lists the agents in the order of the settings; `default`, which stands for nobody, is none. */
export function listAgents(call: Call): readonly Agent[] {
  return readProject(call.workspace, (view) =>
    [...readTeam(view, call).config.agents]
      .filter(([name]) => !isUnassigned(name))
      .map(([name, settings]) => agentOf(name, settings)),
  );
}

function agentOf(name: string, { heartbeatMinutes, maxInProgress }: AgentSettings): Agent {
  return { name, heartbeatMinutes, maxInProgress: maxInProgress ?? null };
}

/** A limit stands in the settings only where there is one. */
function agentEntry({ heartbeatMinutes, maxInProgress }: Agent): Settings {
  const limit = maxInProgress === null ? {} : { max_in_progress: maxInProgress };
  return { heartbeat_minutes: heartbeatMinutes, ...limit };
}

function existing(team: TeamOnFile, agent: Agent, wanted: AgentRequest): AgentAnswer {
  refuseOther(agent, "heartbeat_minutes", { is: agent.heartbeatMinutes, wanted: wanted.heartbeatMinutes });
  refuseOther(agent, "max_in_progress", { is: agent.maxInProgress, wanted: wanted.maxInProgress });
  const idPrefix = team.config.queues.get(agent.name)?.idPrefix ?? "";
  return { ...agent, queue: agent.name, idPrefix, idempotent: true };
}

function refuseOther(
  { name, heartbeatMinutes }: Agent,
  key: "heartbeat_minutes" | "max_in_progress",
  { is, wanted }: { readonly is: number | null; readonly wanted: number | null },
): void {
  if (wanted === null || wanted === is) return;
  const how =
    key === "heartbeat_minutes" ? `a heartbeat of ${is} minutes` : `max_in_progress ${is ?? "none"}`;
  throw new MaiError("ALREADY_EXISTS", `Agent ${name} exists with ${how}.`, {
    hint: `Change it: mai config set agents.${name}.${key} ${wanted}`,
    fields: { agent: name, heartbeat_minutes: heartbeatMinutes, [key]: is },
  });
}

function agentChanges(
  team: TeamOnFile,
  agent: Agent,
): { changes: readonly SettingChange[]; idPrefix: string; madeQueue: boolean } {
  const { queues } = team.config;
  const own = queues.get(agent.name);
  const taken = new Set([...queues.values()].map((queue) => queue.idPrefix));
  const idPrefix = own?.idPrefix ?? agentPrefix(agent.name, taken);
  const entry = agentEntry(agent);
  const queue = queueEntry({ owner: agent.name, slaMinutes: null, idPrefix });
  const changes = [
    { path: ["agents", agent.name], from: null, to: entry },
    ...(own === undefined ? [{ path: ["queues", agent.name], from: null, to: queue }] : []),
  ];
  return { changes, idPrefix, madeQueue: own === undefined };
}
