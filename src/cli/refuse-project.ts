import { MaiError } from "../domain/errors.ts";
import type { CommandContext } from "./define-command.ts";

/**
 * Refuses `--project` for a command that makes something in a directory, which need not be a project.
 * @param instead the command line that names the directory
 * @throws USAGE
 */
export function refuseProject({ project }: CommandContext, words: string, instead: string): void {
  if (project === null) return;
  throw new MaiError("USAGE", `--project does not go with ${words}: it names a project that is there.`, {
    hint: `Name the directory: ${instead}`,
  });
}
