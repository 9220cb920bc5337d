import { allowedBy, isDenied } from "../patterns.ts";
import { type Call, type Detector, textsOf, withWords } from "../programs/call.ts";
import { SHELLS } from "../programs/program-table.ts";
import { type Program, programsOf } from "../programs/programs.ts";
import { unwrapCall } from "../programs/unwrap.ts";
import { readScript } from "../readable.ts";
import { stopsAtUnset } from "../shell/builtins.ts";
import { isOver, openInner, report, type Shell, spend } from "../shell/shell.ts";
import { literal, NOTHING, type Value } from "../shell/value.ts";
import { detectInCode, shellTextsIn } from "./code-rules.ts";
import { detectContainer } from "./container-rules.ts";
import { detectDelete, detectMove, detectPacking, detectSync } from "./delete-rules.ts";
import { commandsOfFind, detectFind } from "./find-command.ts";
import { type Suspicion, toFinding } from "./finding.ts";
import { detectForeignCommand, detectRemoteShell, detectSending, judgeProgram } from "./flow-rules.ts";
import { detectPackages } from "./package-rules.ts";
import { detectPermissions } from "./permission-rules.ts";
import { detectKill, detectKillByName } from "./process-rules.ts";
import { detectCrontab } from "./schedule-rules.ts";
import { detectTool } from "./tool-rules.ts";
import { detectWrites } from "./write-rules.ts";

/** Detectors that look at every command; each passes over the names it knows nothing of. */
const GENERAL: readonly Detector[] = [
  detectDelete,
  detectPermissions,
  detectWrites,
  detectTool,
  detectPackages,
  detectForeignCommand,
  detectRemoteShell,
  detectSending,
];

/** Most commands around a command (`sudo env nice …`) that are followed. */
const DEEPEST_WRAPPING = 16;

/** Detectors for one command each. */
const BY_NAME: Readonly<Record<string, Detector>> = {
  mv: detectMove,
  rsync: detectSync,
  crontab: detectCrontab,
  zip: detectPacking,
  tar: detectPacking,
  bsdtar: detectPacking,
  gtar: detectPacking,
  "7z": detectPacking,
  "7za": detectPacking,
  rar: detectPacking,
  find: detectFind,
  kill: detectKill,
  pkill: detectKillByName,
  killall: detectKillByName,
  killall5: detectKillByName,
  docker: detectContainer,
  podman: detectContainer,
  nerdctl: detectContainer,
};

/**
 * Examines a call, then the commands and the programs inside it, and reports the first finding.
 *
 * Returns the innermost call, whose output is the output of the whole (`sudo curl …` prints what curl prints).
 */
export function examine(call: Call, shell: Shell): Call {
  spend(shell, 1 + call.words.length);
  if (call.wrapped > DEEPEST_WRAPPING)
    report(shell, { rule: "unreadable", subject: "nested too deeply" }, call.part);
  if (isOver(shell)) return call;
  const { deny, allow } = shell.inspection.rules;
  const forms = [textsOf(call.words), [call.name, ...textsOf(call.args)]];
  const denied = forms.some((words) => isDenied(words, deny));
  if (denied) report(shell, { rule: "denied" }, call.part);
  const part = call.part.trim();
  const pattern = allow.includes(part) ? part : forms.map((words) => allowedBy(words, allow)).find(Boolean);
  const judged: Call =
    pattern === undefined ? call : { ...call, isAllowed: true, allowedBy: call.allowedBy ?? pattern };
  accuse(judged, shell);
  if (isOver(shell)) return judged;
  runPrograms(judged, shell);
  for (const words of startedByFind(judged, shell)) examine(withWords(judged, words), shell);
  const inner = isOver(shell) ? undefined : unwrapCall(judged);
  return inner === undefined ? judged : examine(inner, shell);
}

function accuse(call: Call, shell: Shell): void {
  const own = Object.hasOwn(BY_NAME, call.name) ? BY_NAME[call.name] : undefined;
  const suspicion = own?.(call, shell) ?? firstSuspicion(call, shell);
  if (call.allowedBy !== undefined) shell.inspection.patterns.add(call.allowedBy);
  if (suspicion !== undefined) reportOrPass(suspicion, { call, shell });
}

/** A command that the project allows passes, and the answer says which rule its pattern overrode. */
function reportOrPass(suspicion: Suspicion, where: { readonly call: Call; readonly shell: Shell }): void {
  const { call, shell } = where;
  if (call.allowedBy === undefined) report(shell, suspicion, call.part);
  else shell.inspection.overridden.push({ pattern: call.allowedBy, ...toFinding(suspicion, call.part) });
}

function firstSuspicion(call: Call, shell: Shell): Suspicion | undefined {
  for (const detect of GENERAL) {
    const suspicion = detect(call, shell);
    if (suspicion !== undefined) return suspicion;
  }
  return undefined;
}

function startedByFind(call: Call, shell: Shell): readonly (readonly Value[])[] {
  return call.name === "find" && !isOver(shell) ? commandsOfFind(call, shell) : [];
}

function runPrograms(call: Call, shell: Shell): void {
  for (const program of programsOf(call, shell)) {
    if (isOver(shell)) return;
    const suspicion = judgeProgram(program);
    if (suspicion !== undefined) reportOrPass(suspicion, { call, shell });
    if (isOver(shell)) return;
    if (program.kind === "code") runCode(program, { call, shell });
    else runText(program, { call, shell });
  }
}

function runCode(program: Program, where: { readonly call: Call; readonly shell: Shell }): void {
  const { shell } = where;
  const suspicion = detectInCode(program.text.text, shell);
  if (suspicion !== undefined) reportOrPass(suspicion, where);
  for (const text of shellTextsIn(program.text.text)) {
    runText({ kind: "loose", text: literal(text), positional: [] }, where);
  }
}

function runText(program: Program, where: { readonly call: Call; readonly shell: Shell }): void {
  const { call, shell } = where;
  const { text } = program.text;
  spend(shell, 1 + text.length / 64);
  if (text === "" || isOver(shell)) return;
  const script = readScript(text);
  if (script === undefined) {
    if (program.kind === "shell") report(shell, { rule: "unreadable" }, text);
    return;
  }
  const isInput = program.text === call.stdin;
  const inner = openInner(shell, {
    source: text,
    positional: program.positional,
    stdin: isInput ? NOTHING : call.stdin,
    ...(SHELLS.has(call.name) && { stopsAtUnset: startsStrict(call) }),
  });
  if (!isOver(shell)) shell.inspection.follow(script, inner);
  if (call.name === "eval" || call.name === "source" || call.name === ".") adopt(shell, inner);
}

/** `bash -euo pipefail -c …`: options end at the text or at the script. */
function startsStrict(call: Call): boolean {
  const words = textsOf(call.args);
  const end = words.findIndex((word) => !/^[-+]/.test(word) && !/^(?:pipefail|nounset|errexit)$/.test(word));
  return stopsAtUnset(end < 0 ? words : words.slice(0, end));
}

/** `eval` and `source` run in the shell itself: what they set stays. */
function adopt(shell: Shell, inner: Shell): void {
  for (const [name, values] of inner.variables) shell.variables.set(name, values);
  shell.directory = inner.directory;
  shell.stopsAtUnset = inner.stopsAtUnset;
}
