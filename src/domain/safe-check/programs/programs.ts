import { fileKey } from "../paths.ts";
import type { Shell } from "../shell/shell.ts";
import { concat, type Value } from "../shell/value.ts";
import type { Call } from "./call.ts";
import { type Options, readOptions, valuesOf } from "./options.ts";
import {
  CODE_INTERPRETERS,
  type CodeInterpreter,
  LAUNCHERS,
  type Launcher,
  SHELLS,
} from "./program-table.ts";

/** Text that a call would run: as shell, as shell if it can be read as such, or as code of another language. */
export interface Program {
  readonly kind: "shell" | "loose" | "code";
  readonly text: Value;
  readonly positional: readonly Value[];
}

const SHELL_VALUED = "-o -O +o +O --rcfile --init-file";
const STDIN_PATHS = /^(?:-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/;

/** Lists the texts that a call would run. */
export function programsOf(call: Call, shell: Shell): readonly Program[] {
  if (SHELLS.has(call.name)) return programOfShell(call, shell);
  if (call.name === "source" || call.name === ".")
    return fileProgram(call.args, { call, shell, kind: "shell" });
  const interpreter = interpreterNamed(call.name);
  if (interpreter !== undefined) return programOfInterpreter(call, { interpreter, shell });
  if (opensShell(call)) return [{ kind: "loose", text: call.stdin, positional: [] }];
  const launcher = findLauncher(call);
  if (launcher !== undefined) return programsOfLauncher(call, launcher);
  return [...ownFile(call, shell), ...gitPrograms(call), ...spacedName(call)];
}

/** `ssh HOST`, `sudo -s`, `su -` without a command: a shell there runs what comes in. */
function opensShell(call: Call): boolean {
  if (call.stdin.text === "") return false;
  if (call.name === "ssh") return readOptions(call.args, LAUNCHERS.ssh?.valued).operands.length === 1;
  const words = call.args.map((arg) => arg.text);
  if (call.name === "su") return words.every((word) => /^-(?:|l|-login)$/.test(word));
  return call.name === "sudo" && words.length === 1 && /^-[si]+$/.test(words[0] ?? "");
}

function programOfShell(call: Call, shell: Shell): readonly Program[] {
  const valued = new Set(SHELL_VALUED.split(" "));
  let at = 0;
  let isCommand = false;
  let readsInput = false;
  for (; at < call.args.length; at++) {
    const text = call.args[at]?.text ?? "";
    if (!/^[-+]./.test(text)) break;
    if (text === "--") {
      at++;
      break;
    }
    if (valued.has(text)) at++;
    else if (/^-\w*c/.test(text)) isCommand = true;
    else if (/^-\w*s/.test(text)) readsInput = true;
    if (/^-\w+o$/.test(text)) at++;
  }
  const [first, , ...positional] = call.args.slice(at);
  if (isCommand) return first === undefined ? [] : [{ kind: "shell", text: first, positional }];
  const rest = readsInput ? [] : call.args.slice(at);
  return fileProgram(rest, { call, shell, kind: "shell" });
}

/** What a file operand holds if the line itself made the file; standard input when there is none. */
function fileProgram(
  operands: readonly Value[],
  how: { readonly call: Call; readonly shell: Shell; readonly kind: Program["kind"] },
): readonly Program[] {
  const [file, ...positional] = operands;
  if (file === undefined || STDIN_PATHS.test(file.text))
    return [{ kind: how.kind, text: how.call.stdin, positional }];
  const text = how.shell.files.get(fileKey(file.text, how.shell.directory));
  return text === undefined ? [] : [{ kind: how.kind, text, positional }];
}

function programOfInterpreter(
  call: Call,
  how: { readonly interpreter: CodeInterpreter; readonly shell: Shell },
): readonly Program[] {
  const { code, valued = "", module = [], isOperandCode } = how.interpreter;
  const options = readOptions(call.args, [...code, valued].join(" "));
  const given = valuesOf(options, code);
  if (given.length > 0) return given.map((text) => ({ kind: "code", text, positional: [] }));
  if (valuesOf(options, module).length > 0) return [];
  if (isOperandCode)
    return options.operands.slice(0, 1).map((text) => ({ kind: "code", text, positional: [] }));
  if (isSubcommand(call.name, options)) return [];
  return fileProgram(
    call.args.filter((arg) => !/^-./.test(arg.text)),
    { ...how, call, kind: "code" },
  );
}

/** `bun install`, `bun test`: no program text is read; `bun run -` reads one. */
function isSubcommand(name: string, options: Options): boolean {
  return name === "bun" && options.operands.at(-1)?.text !== "-";
}

function interpreterNamed(name: string): CodeInterpreter | undefined {
  const plain = name.replace(/[\d.]+$/, "");
  return Object.hasOwn(CODE_INTERPRETERS, plain) ? CODE_INTERPRETERS[plain] : undefined;
}

function findLauncher(call: Call): Launcher | undefined {
  const words = [call.name, ...call.args.slice(0, 2).map((arg) => arg.text)];
  return [words.join(" "), words.slice(0, 2).join(" "), call.name]
    .filter((key) => Object.hasOwn(LAUNCHERS, key))
    .map((key) => LAUNCHERS[key])[0];
}

function programsOfLauncher(call: Call, launcher: Launcher): readonly Program[] {
  const kind = launcher.isLoose ? "loose" : "shell";
  return textsOfLauncher(call, launcher).map((text) => ({ kind, text: strip(text), positional: [] }));
}

function textsOfLauncher(call: Call, launcher: Launcher): readonly Value[] {
  const { takes, options: names = [], valued = "", skip = 0 } = launcher;
  if (takes === "stdin") return [call.stdin];
  if (takes === "each") return call.args;
  const options = readOptions(call.args, [...names, valued].join(" "));
  if (takes === "option") return valuesOf(options, names);
  const rest = argsFrom(call, options.operands[skip]);
  return rest.length === 0 ? [] : [concat(rest, " ")];
}

function argsFrom(call: Call, operand: Value | undefined): readonly Value[] {
  return operand === undefined ? [] : call.args.slice(call.args.indexOf(operand));
}

/** Takes off what is no shell text in front of it: `:!` of vi, `name=` of alias, the five times of a crontab. */
function strip(value: Value): Value {
  const text = value.text.replace(/^(?::?!|[\w.-]+=(?=[^=])|(?:[\d*/,-]+[ \t]+){5}|@\w+[ \t]+)/, "");
  return { ...value, text };
}

/** A file that the line itself made, started by its path. */
function ownFile(call: Call, shell: Shell): readonly Program[] {
  const path = call.words[0]?.text ?? "";
  const text = path.includes("/") ? shell.files.get(fileKey(path, shell.directory)) : undefined;
  return text === undefined ? [] : [{ kind: "loose", text, positional: call.args }];
}

/** Settings of git whose value is a command, and values that say so by a `!`. */
const GIT_COMMAND =
  /^(?:core\.(?:pager|editor|sshCommand|fsmonitor)=|(?:alias|credential)\.[^=]*=!|!)(.+)$/is;
const GIT_COMMAND_KEY = /^(?:core\.(?:pager|editor|sshCommand|fsmonitor)|sequence\.editor)$/i;

function gitPrograms(call: Call): readonly Program[] {
  if (call.name !== "git") return [];
  return call.args.flatMap((arg, index) => {
    const isValue = GIT_COMMAND_KEY.test(call.args[index - 1]?.text ?? "");
    const command = isValue ? arg.text : GIT_COMMAND.exec(arg.text)?.[1];
    return command === undefined ? [] : [{ kind: "loose", text: { ...arg, text: command }, positional: [] }];
  });
}

/** `sudo 'rm -rf /'`: no such program exists, but it is plain what is meant. */
function spacedName(call: Call): readonly Program[] {
  const name = call.words[0];
  return name !== undefined && /\S\s/.test(name.text) ? [{ kind: "loose", text: name, positional: [] }] : [];
}
