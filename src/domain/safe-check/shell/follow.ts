import {
  type AndOr,
  type CommandNode,
  type Elif,
  type For,
  type Function as FunctionNode,
  forEachChild,
  type If,
  type Pipeline,
  type Redirected,
  type Script,
  type Select,
  type Statement,
  type Subshell,
  type SyntaxNode,
  type While,
  type Word,
} from "unbash";
import { isForkBomb, startsItself, startsWithoutEnd } from "../rules/process-rules.ts";
import { detectWrites } from "../rules/write-rules.ts";
import { checksOf, leaves, takeAsFilled } from "./checked-variables.ts";
import { expandWord, followSubstitutions } from "./expand-word.ts";
import { DEEPEST_NODES, emit, isOver, openInner, report, type Shell, spend } from "./shell.ts";
import { openFiles, openInput, runCommand } from "./simple-command.ts";
import { literal, NOTHING, UNSET, type Value } from "./value.ts";
import { assign } from "./variables.ts";

/** Follows a script through its commands, in the order they stand; every branch counts as taken. */
export function followScript(
  script: Script & { readonly errors?: readonly unknown[] | undefined },
  shell: Shell,
): void {
  if (script.errors !== undefined && script.errors.length > 0) report(shell, { rule: "unreadable" });
  followAll(script.commands, shell);
}

/** Follows one node of a script: every part of a block counts as run. */
export function followNode(node: SyntaxNode, shell: Shell): void {
  spend(shell, 1);
  const { inspection } = shell;
  if (inspection.depth >= DEEPEST_NODES) report(shell, { rule: "unreadable", subject: "nested too deeply" });
  if (isOver(shell)) return;
  inspection.depth++;
  const follow = FOLLOWERS[node.type] as ((node: SyntaxNode, shell: Shell) => void) | undefined;
  if (follow === undefined) followSubstitutions(node, shell);
  else follow(node, shell);
  inspection.depth--;
}

type Followers = {
  readonly [Type in SyntaxNode["type"]]?: (node: Extract<SyntaxNode, { type: Type }>, shell: Shell) => void;
};

/** How each kind of node is followed; the others (words, tests, arithmetic) only through their substitutions. */
const FOLLOWERS: Followers = {
  Command: runCommand,
  Pipeline: followPipeline,
  Statement: followStatement,
  CompoundList: followBlock,
  AndOr: followAndOr,
  BraceGroup: followBlock,
  Coproc: followBlock,
  If: followIf,
  Elif: followIf,
  While: followWhile,
  Case: followBlock,
  CaseItem: followBlock,
  ArithmeticFor: followBlock,
  For: followLoop,
  Select: followLoop,
  Redirected: followRedirected,
  Function: defineFunction,
  Subshell: followSubshell,
};

function followBlock(node: SyntaxNode, shell: Shell): void {
  forEachChild(node, (child) => followNode(child, shell));
}

/** `[ -n "$X" ] && …`, `[ -z "$X" ] && exit`: what the tests show counts for what runs after them. */
function followAndOr(node: AndOr, shell: Shell): void {
  const [first] = node.commands;
  const last = node.commands.at(-1);
  const undo: (() => void)[] = [];
  const putBack = () => {
    for (const back of undo.splice(0).reverse()) back();
  };
  node.commands.forEach((command, index) => {
    followNode(command, shell);
    const operator = node.operators[index];
    if (operator !== node.operators[index - 1]) putBack();
    const checks = checksOf(command, shell);
    const names = operator === "&&" ? checks.ifTrue : operator === "||" ? checks.ifFalse : [];
    if (names.length > 0) undo.push(takeAsFilled(names, shell));
  });
  putBack();
  if (first === undefined || last === undefined || !leaves(last, shell)) return;
  const checks = checksOf(first, shell);
  const isAll = node.operators.every((operator) => operator === "&&");
  takeAsFilled(isAll ? checks.ifFalse : node.operators.length === 1 ? checks.ifTrue : [], shell);
}

/** What the test shows counts inside; and afterwards, when one way leaves the script. */
function followIf(node: If | Elif, shell: Shell): void {
  followNode(node.clause, shell);
  const checks = checksOf(node.clause, shell);
  const afterThen = takeAsFilled(checks.ifTrue, shell);
  followNode(node.then, shell);
  afterThen();
  if (node.type === "Elif") return;
  const afterElse = takeAsFilled(checks.ifFalse, shell);
  followAll(node.elif, shell);
  if (node.else !== undefined) followNode(node.else, shell);
  afterElse();
  if (node.elif.length === 0 && leaves(node.then, shell)) takeAsFilled(checks.ifFalse, shell);
}

function followStatement(node: Statement, shell: Shell): void {
  if (node.background === true) refuseSelfStart(node, shell);
  followNode(node.command, shell);
}

function followWhile(node: While, shell: Shell): void {
  if (node.kind === "while" && startsWithoutEnd(node.clause, node.body))
    refuse("infinite-start", node, shell);
  followBlock(node, shell);
}

function followAll(nodes: readonly SyntaxNode[], shell: Shell): void {
  for (const node of nodes) {
    if (isOver(shell)) return;
    followNode(node, shell);
  }
}

/** Each stage runs in a shell of its own and reads what the one before has written. */
function followPipeline(pipeline: Pipeline, shell: Shell): void {
  if (pipeline.commands.length === 1) {
    followAll(pipeline.commands, shell);
    return;
  }
  refuseSelfStart(pipeline, shell);
  let passed = shell.stdin;
  for (const stage of pipeline.commands) passed = followStage(stage, { shell, stdin: passed });
  emit(shell, passed);
}

function followStage(stage: CommandNode, where: { readonly shell: Shell; readonly stdin: Value }): Value {
  if (isOver(where.shell)) return NOTHING;
  const inner = openInner(where.shell, { stdin: where.stdin, nesting: where.shell.nesting });
  followNode(stage, inner);
  return inner.output;
}

function followSubshell(node: Subshell, shell: Shell): void {
  const inner = openInner(shell);
  followNode(node.body, inner);
  emit(shell, inner.output);
}

function followRedirected(node: Redirected, shell: Shell): void {
  const redirects = openFiles(node.redirects, shell);
  const stdin = openInput(node.redirects, shell) ?? shell.stdin;
  const part = shell.source.slice(node.pos, node.end);
  const call = { name: "", words: [], args: [], redirects, stdin, part, isAllowed: false, wrapped: 0 };
  const suspicion = detectWrites(call, shell);
  if (suspicion !== undefined) report(shell, suspicion, part);
  const outer = shell.stdin;
  shell.stdin = stdin;
  followNode(node.command, shell);
  shell.stdin = outer;
}

function defineFunction(node: FunctionNode, shell: Shell): void {
  const name = node.name.value;
  if (isForkBomb(name, node.body)) refuse("fork-bomb", node, shell);
  const inner = openInner(shell, {
    positional: Array(9).fill(literal(UNSET)),
    calling: [...shell.calling, name],
  });
  followNode(node.body, inner);
  shell.functions.set(name, node.body);
}

/** The body runs once for each word, as the shell would do it. */
function followLoop(node: For | Select, shell: Shell): void {
  const values = node.wordlist === undefined ? shell.positional : wordsOf(node.wordlist, shell);
  for (const value of values.length === 0 ? [literal(UNSET)] : values) {
    if (isOver(shell)) return;
    assign(shell, { name: node.name.value, values: [value] });
    followNode(node.body, shell);
  }
}

function wordsOf(words: readonly Word[], shell: Shell): readonly Value[] {
  return words.flatMap((word) => expandWord(word, shell));
}

function refuseSelfStart(node: SyntaxNode, shell: Shell): void {
  if (startsItself(node)) refuse("fork-bomb", node, shell);
}

function refuse(rule: "fork-bomb" | "infinite-start", node: SyntaxNode, shell: Shell): void {
  report(shell, { rule }, shell.source.slice(node.pos, node.end));
}
