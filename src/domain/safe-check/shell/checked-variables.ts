import type { SyntaxNode } from "unbash";
import type { Shell } from "./shell.ts";
import { UNSET, unknown, type Value } from "./value.ts";
import { assign, readScalar } from "./variables.ts";

/** Names that a test finds filled when it succeeds, and when it fails. */
export interface Checks {
  readonly ifTrue: readonly string[];
  readonly ifFalse: readonly string[];
}

const NO_CHECKS: Checks = { ifTrue: [], ifFalse: [] };

/** Longest test that is looked at: people write short ones. */
const LONGEST_TEST = 200;

const NAME = "\\$\\{?(\\w+)(?::?-)?\\}?";
/** In `[ … ]` an unquoted empty variable vanishes, and `[ -n ]` is true: only a quoted one counts. */
const FILLED = [
  new RegExp(`^(?:-[ndefs] )?"${NAME}"$`),
  new RegExp(`^"${NAME}" != (?:""|'')$`),
  new RegExp(`^(?:x"${NAME}"|"x${NAME}") != "?x"?$`),
];
const EMPTY = [
  new RegExp(`^(?:-z|! -[ndefs]) "${NAME}"$`),
  new RegExp(`^"${NAME}" ==? (?:""|'')$`),
  new RegExp(`^(?:x"${NAME}"|"x${NAME}") ==? "?x"?$`),
];

/** A list of commands that ends by leaving the script. */
const LEAVES = /(?:^|[\s;{&])(?:exit|return)(?: \S+)?\s*;?\s*\}?$/;

/** Says which variables a test, or several joined by `&&`, shows to be filled. */
export function checksOf(node: SyntaxNode, shell: Shell): Checks {
  if (node.type === "CompoundList") {
    const only = node.commands.length === 1 ? node.commands[0]?.command : undefined;
    return only === undefined ? NO_CHECKS : checksOf(only, shell);
  }
  if (node.type === "AndOr") {
    const isAll = node.operators.every((operator) => operator === "&&");
    return isAll
      ? { ifTrue: node.commands.flatMap((command) => checksOf(command, shell).ifTrue), ifFalse: [] }
      : NO_CHECKS;
  }
  return node.end - node.pos > LONGEST_TEST ? NO_CHECKS : checksIn(shell.source.slice(node.pos, node.end));
}

/** Tells whether a node ends by leaving the script. */
export function leaves(node: SyntaxNode, shell: Shell): boolean {
  return LEAVES.test(shell.source.slice(Math.max(node.pos, node.end - LONGEST_TEST), node.end).trim());
}

/** Takes variables that nothing on the line sets as filled; the answer puts them back. */
export function takeAsFilled(names: readonly string[], shell: Shell): () => void {
  const before: [string, readonly Value[] | undefined][] = [];
  for (const name of names) {
    const { text } = readScalar(name, shell);
    if (text !== "" && text !== UNSET) continue;
    before.push([name, shell.variables.get(name)]);
    assign(shell, { name, values: [unknown()] });
  }
  return () => {
    for (const [name, values] of before) {
      if (values === undefined) shell.variables.delete(name);
      else shell.variables.set(name, values);
    }
  };
}

function checksIn(source: string): Checks {
  const single = /^(?:\[|test)\s+(.*?)\s*\]?$/s.exec(source)?.[1];
  if (single !== undefined && !source.startsWith("[["))
    return { ifTrue: namesIn([single], FILLED), ifFalse: namesIn([single], EMPTY) };
  const double = /^\[\[\s+(.*)\s\]\]$/s.exec(source)?.[1]?.trim();
  if (double === undefined) return NO_CHECKS;
  const parts = double.split(/\s&&\s/).map((part) => quoted(part.trim()));
  return {
    ifTrue: double.includes("||") ? [] : namesIn(parts, FILLED),
    ifFalse: parts.length === 1 ? namesIn(parts, EMPTY) : [],
  };
}

/** `[[ -n $X ]]` needs no quotes. */
function quoted(part: string): string {
  return part.replace(/(^| )(\$\{?\w+(?::?-)?\}?)(?= |$)/g, '$1"$2"');
}

function namesIn(tests: readonly string[], shapes: readonly RegExp[]): readonly string[] {
  return tests.flatMap((test) =>
    shapes.flatMap((shape) => {
      const match = shape.exec(test.replace(/\s+/g, " "));
      return (match?.slice(1) ?? []).filter((name) => name !== undefined);
    }),
  );
}
