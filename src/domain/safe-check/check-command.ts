import type { ProjectRules } from "./patterns.ts";
import { readScript } from "./readable.ts";
import type { Finding, Override } from "./rules/finding.ts";
import { followNode, followScript } from "./shell/follow.ts";
import { type Inspection, openShell, report } from "./shell/shell.ts";

/** Whether a command line looks harmless; if not, the rule it met, a sentence, and the part that met it. A safe line says what `allow` patterns let pass. */
export type Verdict =
  | { readonly safe: true; readonly overridden: readonly Override[] }
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
  const { finding, overridden, patterns } = inspect(commandLine, rules);
  if (finding !== undefined) return { safe: false, ...finding };
  const flows =
    patterns.size === 0 ? [] : explain(commandLine, { deny: rules.deny, patterns: [...patterns] });
  return { safe: true, overridden: withoutRepeats([...overridden, ...flows]) };
}

/** Most patterns whose effect on a line is looked for; each costs one more check. */
const MOST_EXPLAINED = 8;

function inspect(commandLine: string, rules: ProjectRules): Inspection {
  const inspection: Inspection = {
    rules,
    follow: followScript,
    followNode,
    finding: undefined,
    overridden: [],
    patterns: new Set(),
    steps: 0,
    depth: 0,
  };
  const shell = openShell(inspection, commandLine);
  const script = readScript(commandLine);
  if (script === undefined) report(shell, { rule: "unreadable" });
  else followScript(script, shell);
  return inspection;
}

/**
 * Finds what patterns let pass without matching the command that a rule is about: an allowed download that a
 * shell runs. Starts with no pattern and adds the one that makes the next finding go away.
 */
function explain(
  commandLine: string,
  how: { readonly deny: readonly string[]; readonly patterns: readonly string[] },
): readonly Override[] {
  const overridden: Override[] = [];
  let active: readonly string[] = [];
  const findWith = (allow: readonly string[]) => inspect(commandLine, { deny: how.deny, allow }).finding;
  for (let finding = findWith(active); finding !== undefined; finding = findWith(active)) {
    const rest = how.patterns.filter((pattern) => !active.includes(pattern));
    const { rule, part } = finding;
    const found = rest.slice(0, MOST_EXPLAINED).find((pattern) => {
      const next = findWith([...active, pattern]);
      return next?.rule !== rule || next.part !== part;
    });
    const named = found === undefined ? rest : [found];
    overridden.push(...named.map((pattern) => ({ pattern, ...(finding as Finding) })));
    if (found === undefined || active.length === MOST_EXPLAINED) break;
    active = [...active, found];
  }
  return overridden;
}

function withoutRepeats(overridden: readonly Override[]): readonly Override[] {
  const seen = new Map(overridden.map((one) => [JSON.stringify([one.pattern, one.rule, one.part]), one]));
  return [...seen.values()];
}
