import type {
  Assignment,
  Command,
  CommandArgument,
  HereDoc,
  HereString,
  Redirect,
  Redirection,
} from "unbash";
import { fileKey } from "../paths.ts";
import { type Call, type OpenFile, programName, takesOutput } from "../programs/call.ts";
import { outputOf } from "../programs/output.ts";
import { originsOfFile } from "../programs/sources.ts";
import { examine } from "../rules/examine.ts";
import { applyEffects } from "./builtins.ts";
import { expandParts, expandText, expandWord } from "./expand-word.ts";
import { emit, isOver, openInner, type Shell, spend } from "./shell.ts";
import { concat, literal, type Value } from "./value.ts";
import { assign } from "./variables.ts";

/** Runs one simple command: expands its words, opens its files, examines it, and does what it would to the shell. */
export function runCommand(node: Command, shell: Shell): void {
  spend(shell, 1);
  const words =
    node.name === undefined
      ? []
      : [...expandWord(node.name, shell), ...node.args.flatMap((arg) => expandArgument(arg, shell))];
  const redirects = openFiles(node.redirects, shell);
  const stdin = openInput(node.redirects, shell) ?? shell.stdin;
  for (const prefix of node.prefix) if (prefix.type === "Assignment") runAssignment(prefix, shell);
  if (isOver(shell)) return;
  const part = shell.source.slice(node.pos, node.end);
  const name = words[0] === undefined ? "" : programName(words[0].text);
  const call: Call = {
    name,
    words,
    args: words.slice(1),
    redirects,
    stdin,
    part,
    isAllowed: false,
    wrapped: 0,
  };
  const body = shell.functions.get(name);
  if (body === undefined) finish(call, shell);
  else callFunction(call, shell);
}

/** Lists the files that redirections open by name. */
export function openFiles(redirections: readonly Redirection[], shell: Shell): readonly OpenFile[] {
  return redirections
    .filter((redirection): redirection is Redirect => redirection.type === "Redirect")
    .flatMap(({ operator, descriptor, target }) => {
      const number = descriptor?.type === "FileDescriptor" ? descriptor.value : undefined;
      return target === undefined ? [] : [{ operator, descriptor: number, path: expandText(target, shell) }];
    });
}

/** Reads what the last redirection of standard input gives; nothing when there is none. */
export function openInput(redirections: readonly Redirection[], shell: Shell): Value | undefined {
  const inputs = redirections.filter(
    (redirection) => redirection.type !== "Redirect" || redirection.operator === "<",
  );
  return inputs.map((redirection) => readInput(redirection, shell)).at(-1);
}

function readInput(redirection: Redirect | HereString | HereDoc, shell: Shell): Value {
  if (redirection.type === "HereDoc") {
    const { parts, text } = redirection.body;
    return parts === undefined ? literal(text) : expandParts(parts, shell);
  }
  const target = redirection.target === undefined ? literal("") : expandText(redirection.target, shell);
  if (redirection.type === "HereString") return concat([target, literal("\n")]);
  const content = shell.files.get(fileKey(target.text, shell.directory));
  return content ?? { text: "\uFFFD", origins: originsOfFile(target.text, shell) };
}

function finish(call: Call, shell: Shell): void {
  const inner = examine(call, shell);
  if (isOver(shell)) return;
  const output = outputOf(inner, shell);
  applyEffects(inner, { shell, output });
  const goesElsewhere = call.redirects.some((open) => takesOutput(open) && open.path.text !== "/dev/stdout");
  if (!goesElsewhere) emit(shell, output);
}

/** A call of a function runs its body with its arguments; one that calls itself is followed once. */
function callFunction(call: Call, shell: Shell): void {
  const body = shell.functions.get(call.name);
  if (body === undefined || shell.calling.includes(call.name)) return;
  const changes = { positional: call.args, stdin: call.stdin, calling: [...shell.calling, call.name] };
  const inner = openInner(shell, changes);
  if (isOver(shell)) return;
  shell.inspection.followNode(body, inner);
  emit(shell, inner.output);
}

function expandArgument(argument: CommandArgument, shell: Shell): readonly Value[] {
  if (argument.type === "Word") return expandWord(argument, shell);
  const values = assignedValues(argument, shell);
  return [concat([literal(`${argument.name}=`), concat(values, " ")])];
}

function runAssignment(assignment: Assignment, shell: Shell): void {
  const values = assignedValues(assignment, shell);
  const before = shell.variables.get(assignment.name) ?? [];
  if (assignment.index !== undefined)
    assign(shell, { name: assignment.name, values: [...before, ...values] });
  else if (!assignment.append) assign(shell, { name: assignment.name, values });
  else if (assignment.value.type === "ArrayValue")
    assign(shell, { name: assignment.name, values: [...before, ...values] });
  else assign(shell, { name: assignment.name, values: [concat([...before, ...values])] });
}

function assignedValues(assignment: Assignment, shell: Shell): readonly Value[] {
  const { value } = assignment;
  if (value.type === "Word") return [expandText(value, shell)];
  return value.elements.flatMap((element) => expandWord(element, shell));
}
