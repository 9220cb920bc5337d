import { MaiError } from "../domain/errors.ts";
import { checkCommand } from "../domain/safe-check/check-command.ts";
import type { Override } from "../domain/safe-check/rules/finding.ts";
import { readProject } from "../store/reading/read-project.ts";
import type { Call } from "./call.ts";
import { readTeam } from "./team.ts";

/**
 * Checks a shell command line with the built-in rules and those of the project; null for no project.
 * Returns what the project's `allow` patterns let pass: the pattern, and the rule with reason and part.
 * @throws UNSAFE_COMMAND with rule, reason and part; CONFIG_INVALID: rules that cannot be read stop nothing
 */
export function requireSafe(call: Call | null, commandLine: string): readonly Override[] {
  const rules = call === null ? { deny: [], allow: [] } : projectRules(call);
  const verdict = checkCommand(commandLine, rules);
  if (verdict.safe) return verdict.overridden;
  const { rule, reason, part } = verdict;
  throw new MaiError("UNSAFE_COMMAND", `Unsafe (${rule}): ${reason}.`, {
    hint: `The part that is meant: ${part}`,
    fields: { safe: false, command_line: commandLine, rule, reason, part },
  });
}

function projectRules(call: Call): { readonly deny: readonly string[]; readonly allow: readonly string[] } {
  return readProject(call.workspace, (view) => readTeam(view, call).config.safeCheck);
}
