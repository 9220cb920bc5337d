import type { Command, SyntaxNode } from "unbash";
import { forEachChild } from "unbash";
import type { Call } from "../programs/call.ts";
import { readOptions, valuesOf } from "../programs/options.ts";
import { originsOf } from "../shell/value.ts";
import type { Suspicion } from "./finding.ts";

/** Processes that carry the others. */
const CARRYING = /^(?:systemd|init|launchd|sshd|dockerd|containerd)$/;

/** A pattern that every process matches. */
const EVERY_PROCESS = /^\^?(?:\.?\*?|\.\+|\[a-z\]\*?)\$?$/;

const SIGNAL = /^-(?:[A-Za-z]+[0-9]*|[0-9]+)$/;
const HARMLESS_SIGNAL = /^-(?:0|l|L|(?:SIG)?(?:HUP|USR[12]|CHLD|WINCH))$/;

/** Stops `kill` of every process, or of the first. */
export function detectKill(call: Call): Suspicion | undefined {
  const words = call.args.map((arg) => arg.text);
  const named = words[0] === "-s" || words[0] === "-n" ? 2 : 0;
  const signal = named === 2 ? `-${words[1] ?? ""}` : (words[0] ?? "");
  const start = named === 2 ? 2 : SIGNAL.test(signal) && words.length > 1 ? 1 : 0;
  const victims = words.slice(start).filter((word) => word !== "--");
  if (HARMLESS_SIGNAL.test(signal)) return undefined;
  if (originsOf(call.args).includes("processes")) return { rule: "kill-all", subject: "all processes" };
  const victim = victims.find((word) => word === "-1" || word === "1");
  return victim === undefined
    ? undefined
    : { rule: "kill-all", subject: victim === "1" ? "process 1" : "all processes" };
}

/** Stops `pkill` and `killall` of every process, of those that carry the others, and of all that root runs. */
export function detectKillByName(call: Call): Suspicion | undefined {
  const words = call.args.map((arg) => arg.text);
  const options = readOptions(call.args, "-u -U --uid --euid --user -s --signal -t -g -P");
  const ofUser = valuesOf(options, ["-u", "-U", "--uid", "--euid", "--user"]).length > 0;
  if (ofUser && options.operands.length === 0) return { rule: "kill-all" };
  const names = words.filter((word) => !word.startsWith("-"));
  const everybody =
    call.name === "killall5" || words.includes("-u root") || /-u ?root\b/.test(words.join(" "));
  const isRegex = call.name === "pkill" || words.includes("-r");
  const isHit = names.some((name) => CARRYING.test(name) || (isRegex && EVERY_PROCESS.test(name)));
  return everybody || isHit ? { rule: "kill-all" } : undefined;
}

/** Tells whether a function starts itself again in the background or in a pipe: a fork bomb. */
export function isForkBomb(name: string, body: SyntaxNode): boolean {
  return hasStartedCall(body, (command) => command.name?.value === name);
}

/** Tells whether a node starts the running script itself in the background or in a pipe. */
export function startsItself(node: SyntaxNode): boolean {
  return hasStartedCall(node, (command) => /^(?:\.\/)?"?\$\{?0\}?"?$/.test(command.name?.text ?? ""));
}

/** Tells whether an endless loop starts something in the background without ever waiting. */
export function startsWithoutEnd(clause: SyntaxNode, body: SyntaxNode): boolean {
  const condition = onlyCommand(clause)?.name?.value ?? "";
  if (!/^(?:true|:|1)$/.test(condition)) return false;
  const waits = contains(body, (node) =>
    isCommandNamed(node, /^(?:sleep|wait|read|break|exit|return|usleep)$/),
  );
  return !waits && contains(body, (node) => node.type === "Statement" && node.background === true);
}

function hasStartedCall(node: SyntaxNode, isItself: (command: Command) => boolean): boolean {
  const isStart = (inner: SyntaxNode) =>
    (inner.type === "Statement" && inner.background === true) ||
    (inner.type === "Pipeline" && inner.commands.length > 1);
  return contains(
    node,
    (outer) => isStart(outer) && contains(outer, (inner) => inner.type === "Command" && isItself(inner)),
    isStart,
  );
}

/** Looks through the statements of a node, not into its words; stops below nodes that `isLeaf` names. */
function contains(
  node: SyntaxNode,
  isWanted: (node: SyntaxNode) => boolean,
  isLeaf: (node: SyntaxNode) => boolean = () => false,
): boolean {
  const open: SyntaxNode[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isWanted(next)) return true;
    if (next.type === "Command" || next.type === "Word" || isLeaf(next)) continue;
    forEachChild(next, (child) => open.push(child));
  }
  return false;
}

function isCommandNamed(node: SyntaxNode, name: RegExp): boolean {
  return node.type === "Command" && name.test(node.name?.value ?? "");
}

function onlyCommand(node: SyntaxNode): Command | undefined {
  const first =
    node.type === "CompoundList" && node.commands.length === 1 ? node.commands[0]?.command : undefined;
  return first?.type === "Command" ? first : undefined;
}
