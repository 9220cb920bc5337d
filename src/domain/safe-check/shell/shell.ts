import type { Script, SyntaxNode } from "unbash";
import type { ProjectRules } from "../patterns.ts";
import { type Finding, type Override, type Suspicion, toFinding } from "../rules/finding.ts";
import { concat, NOTHING, type Value } from "./value.ts";

/** What one check shares: the rules, the work done so far, and the first thing found. */
export interface Inspection {
  readonly rules: ProjectRules;
  /** Follows a parsed script; here so that expansion and rules can reach back without an import cycle. */
  readonly follow: (script: Script, shell: Shell) => void;
  /** Follows one node, the body of a function. */
  readonly followNode: (node: SyntaxNode, shell: Shell) => void;
  finding: Finding | undefined;
  /** What `allow` patterns let pass. */
  readonly overridden: Override[];
  /** The `allow` patterns that matched a command. */
  readonly patterns: Set<string>;
  steps: number;
  /** How many nodes are being followed inside one another, over all scripts. */
  depth: number;
}

/** What a shell would know at one point of the line. Nothing outside the line is known. */
export interface Shell {
  readonly inspection: Inspection;
  readonly variables: Map<string, readonly Value[]>;
  readonly functions: Map<string, SyntaxNode>;
  /** Content of files that the line itself writes, by resolved path. */
  readonly files: Map<string, Value>;
  /** Names of functions being called, outermost first. */
  readonly calling: readonly string[];
  readonly nesting: number;
  /** The text that node positions point into. */
  source: string;
  positional: readonly Value[];
  /** Where `cd` has led: `.` at the start, else a path relative to it, from `~` or from `/`. */
  directory: string;
  /** `set -u`: a variable that nothing sets ends the shell. */
  stopsAtUnset: boolean;
  stdin: Value;
  output: Value;
}

/** Work after which a line counts as unreadable: a line of 64 KiB of plain words stays below it. */
export const MOST_STEPS = 200_000;

/** Deepest nesting of scripts in scripts (`sh -c`, functions, substitutions) that is followed. */
export const DEEPEST_SCRIPTS = 24;

/** Most nodes inside one another, over all scripts: far below what overflows the stack. */
export const DEEPEST_NODES = 1_000;

/** Opens the shell that a line starts in. */
export function openShell(inspection: Inspection, source: string): Shell {
  return {
    inspection,
    variables: new Map(),
    functions: new Map(),
    files: new Map(),
    calling: [],
    nesting: 0,
    source,
    positional: [],
    directory: ".",
    stopsAtUnset: false,
    stdin: NOTHING,
    output: NOTHING,
  };
}

/** Opens a shell inside another: it sees all, and changes to its variables and directory stay within. */
export function openInner(shell: Shell, changes: Partial<Shell> = {}): Shell {
  spend(shell, 1 + shell.variables.size);
  const nesting = shell.nesting + 1;
  if (nesting > DEEPEST_SCRIPTS) report(shell, { rule: "unreadable", subject: "nested too deeply" });
  return { ...shell, variables: new Map(shell.variables), output: NOTHING, nesting, ...changes };
}

/** Adds to what the shell has written to standard output. */
export function emit(shell: Shell, value: Value): void {
  shell.output = concat([shell.output, value]);
}

/** Records the first finding of the check; later ones change nothing. */
export function report(shell: Shell, suspicion: Suspicion, part = shell.source): void {
  shell.inspection.finding ??= toFinding(suspicion, part);
}

/** Counts work, and reports the line as unreadable when it is too much. */
export function spend(shell: Shell, steps: number): void {
  shell.inspection.steps += steps;
  if (shell.inspection.steps > MOST_STEPS)
    report(shell, { rule: "unreadable", subject: "too much to follow" });
}

/** Tells whether the check is over because something was found. */
export function isOver(shell: Shell): boolean {
  return shell.inspection.finding !== undefined;
}
