import { type ListedProject, listProjects } from "../../actions/projects/list-projects.ts";
import { alignColumns } from "../../output/columns.ts";
import { defineCommand } from "../define-command.ts";

/** `mai project list` */
export const command = defineCommand({
  words: "project list",
  summary:
    "Lists the registered projects with their agents, read from each project's own settings. Writes nothing.",
  args: { agent: { type: "string", valueHint: "NAME", description: "Only projects that it works in" } },
  errors: ["CONFIG_INVALID"],
  examples: ["mai project list", "mai project list --agent alice"],
  run(cli, values) {
    const projects = listProjects(cli.callAt(null, {}), values.agent);
    return {
      fields: { projects: projects.map(projectJson), total: projects.length },
      text: projects.length === 0 ? "No projects." : alignColumns(projects.map(row)).join("\n"),
    };
  },
});

function projectJson({ createdAt, state, ...project }: ListedProject): Record<string, unknown> {
  return { ...project, created_at: createdAt, state };
}

function row({ name, path, agents, state }: ListedProject): readonly string[] {
  return [name, path, state === "here" ? agents.join(", ") : state];
}
