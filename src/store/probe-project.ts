import { lstatOrNull } from "./directories.ts";
import { CONFIG_PATH } from "./project-paths.ts";
import type { Workspace } from "./workspace.ts";

/** Tells whether there is no project yet: no settings, and no `.mai` that could have a change in flight. */
export function isNewProject(workspace: Pick<Workspace, "root" | "system">): boolean {
  return lstatOrNull(workspace, ".mai") === null || lstatOrNull(workspace, CONFIG_PATH) === null;
}
