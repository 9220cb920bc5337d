import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../../store/io-error.ts";
import { hasProject } from "../../store/places/find-project.ts";
import { type RegistryEntry, registeredProjects } from "../../store/places/home.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { readTeam } from "../team.ts";

/** A registered project, as its own settings tell it now. */
export interface ListedProject {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  /** By the project's own settings; none where they cannot be read. */
  readonly agents: readonly string[];
  readonly createdAt: string | null;
  /** `missing`: no project at that path; `unreadable`: its settings cannot be read. */
  readonly state: "here" | "missing" | "unreadable";
}

/**
 * Lists the registered projects, with an agent those that it works in.
 * @throws CONFIG_INVALID when the registry is not what mai writes
 */
export function listProjects(call: Call, agent: string | null): readonly ListedProject[] {
  const projects = registeredProjects(call.home).map((entry) => listed(call, entry));
  if (agent === null) return projects;
  const name = agent.replace(/^@/, "").toLowerCase();
  return projects.filter(({ agents }) => agents.some((known) => known.toLowerCase() === name));
}

function listed(call: Call, entry: RegistryEntry): ListedProject {
  const agents = agentsOf(call, entry.path);
  return {
    name: entry.name,
    path: entry.path,
    description: typeof entry.description === "string" ? entry.description : "",
    createdAt: typeof entry.created_at === "string" ? entry.created_at : null,
    agents: typeof agents === "string" ? [] : agents,
    state: typeof agents === "string" ? agents : "here",
  };
}

/** Looking at another project writes nothing there, so a change that a crash left in it is not finished here. */
function agentsOf(call: Call, path: string): readonly string[] | "missing" | "unreadable" {
  const { system } = call.workspace;
  if (!hasProject(system, path)) return "missing";
  const there: Call = { ...call, workspace: { ...call.workspace, root: path, dryRun: true } };
  try {
    return readProject(there.workspace, (view) => [...readTeam(view, there).config.agents.keys()]);
  } catch (error) {
    if (!(error instanceof MaiError) && !isSystemError(error)) throw error;
    call.workspace.warn(`${path}: ${error.message}`);
    return "unreadable";
  }
}
