import { lstatOrNull } from "../directories.ts";
import { CONFIG_PATH, JOURNAL_PATH } from "../project-paths.ts";
import type { Workspace } from "../workspace.ts";

/** Tells whether there is no project yet: no settings, and no change in flight that could bring them. */
export function isNewProject(workspace: Pick<Workspace, "root" | "system">): boolean {
  return lstatOrNull(workspace, CONFIG_PATH) === null && lstatOrNull(workspace, JOURNAL_PATH) === null;
}
