import { MaiError } from "../domain/errors.ts";
import { checkCommand } from "../domain/safe-check/check-command.ts";
import { readProject } from "../store/reading/read-project.ts";
import type { Call } from "./call.ts";
import { readTeam } from "./team.ts";

/**
 * Checks a shell command line with the built-in rules and those of the project; null for no project.
 * @throws UNSAFE_COMMAND with rule, reason and part; CONFIG_INVALID: rules that cannot be read stop nothing
 */
export function requireSafe(call: Call | null, commandLine: string): void {
  const rules = call === null ? { deny: [], allow: [] } : projectRules(call);
  const verdict = checkCommand(commandLine, rules);
  if (verdict.safe) return;
  const { rule, reason, part } = verdict;
  throw new MaiError("UNSAFE_COMMAND", `Unsafe (${rule}): ${reason}.`, {
    hint: `The part that is meant: ${part}`,
    fields: { safe: false, command_line: commandLine, rule, reason, part },
  });
}

function projectRules(call: Call): { readonly deny: readonly string[]; readonly allow: readonly string[] } {
  return readProject(call.workspace, (view) => readTeam(view, call).config.safeCheck);
}
