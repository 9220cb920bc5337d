import type { ProjectRules } from "./patterns.ts";
import { readScript } from "./readable.ts";
import { followNode, followScript } from "./shell/follow.ts";
import { type Inspection, openShell, report } from "./shell/shell.ts";

/** Whether a command line looks harmless; if not, the rule it met, a sentence, and the part that met it. */
export type Verdict =
  | { readonly safe: true }
  | { readonly safe: false; readonly rule: string; readonly reason: string; readonly part: string };

/**
 * Says whether a shell command line looks harmless.
 *
 * A seat belt, not a sandbox: it stops well-known accidents and plain evasions of its own rules, and follows only
 * what stands on the line. What it cannot read (a syntax error, NUL, more than 64 KiB, deep nesting) is not safe.
 * `deny` wins over all; `allow` wins over the built-in rules for exactly the simple commands it matches.
 * Never throws; its time grows with the length of the line and is bounded.
 */
export function checkCommand(commandLine: string, rules: ProjectRules): Verdict {
  const inspection: Inspection = {
    rules,
    follow: followScript,
    followNode,
    finding: undefined,
    steps: 0,
    depth: 0,
  };
  const shell = openShell(inspection, commandLine);
  const script = readScript(commandLine);
  if (script === undefined) report(shell, { rule: "unreadable" });
  else followScript(script, shell);
  return inspection.finding === undefined ? { safe: true } : { safe: false, ...inspection.finding };
}
