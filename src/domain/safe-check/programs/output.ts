import { fileKey } from "../paths.ts";
import { outputOfFind } from "../rules/find-command.ts";
import type { Shell } from "../shell/shell.ts";
import { concat, isKnown, originsOf, UNKNOWN, type Value } from "../shell/value.ts";
import type { Call } from "./call.ts";
import { originsOfOutput } from "./sources.ts";

/** Commands that print nothing. */
const SILENT: ReadonlySet<string> = new Set(
  "cd pushd popd export declare local readonly typeset set shift unset alias true false : mkdir touch rm cp mv ln chmod chown sleep wait trap read exit return test [".split(
    " ",
  ),
);

/** What some commands print, as far as the line itself tells; the others print what only a run would tell. */
const PRINTERS: Readonly<Record<string, (call: Call, shell: Shell) => string>> = {
  echo: (call) => `${printEcho(call)}\n`,
  printf: printFormat,
  cat: (call, shell) => printFiles(call, shell),
  tee: (call) => call.stdin.text,
  pwd: (_call, shell) => `${shell.directory}\n`,
  which: (call) => `${call.args.at(-1)?.text ?? ""}\n`,
  type: (call) => `${call.args.at(-1)?.text ?? ""}\n`,
  command: (call) =>
    /^-[vV]$/.test(call.args[0]?.text ?? "") ? `${call.args.at(-1)?.text ?? ""}\n` : UNKNOWN,
  git: (call) => printGit(call),
  base64: (call) => decode(call.stdin.text),
  rev: (call) => (isKnown(call.stdin.text) ? [...call.stdin.text.trimEnd()].reverse().join("") : UNKNOWN),
  ls: (call) => `${call.args.find((arg) => !arg.text.startsWith("-"))?.text ?? "."}/*\n`,
  find: (call, shell) =>
    outputOfFind(call, shell)
      .map((found) => `${found.text}\n`)
      .join(""),
  dirname: (call) => directoryOf(call.args.at(-1)?.text ?? ""),
  realpath: (call) => `${call.args.at(-1)?.text ?? UNKNOWN}\n`,
  readlink: (call) => `${call.args.at(-1)?.text ?? UNKNOWN}\n`,
};

/** Says what a call writes to standard output, and where that comes from. */
export function outputOf(call: Call, shell: Shell): Value {
  const found = call.name === "find" ? originsOf(outputOfFind(call, shell)) : [];
  const origins = [...originsOfOutput(call, shell), ...found];
  if (SILENT.has(call.name)) return { text: "", origins };
  const print = Object.hasOwn(PRINTERS, call.name) ? PRINTERS[call.name] : undefined;
  return { text: print?.(call, shell) ?? UNKNOWN, origins };
}

function printGit(call: Call): string {
  if (call.args.some((arg) => arg.text === "--show-toplevel")) return ".\n";
  return call.args.some((arg) => arg.text === "--git-dir") ? ".git\n" : UNKNOWN;
}

function printEcho(call: Call): string {
  const start = call.args.findIndex((arg) => !/^-[neE]+$/.test(arg.text));
  const text = concat(start < 0 ? [] : call.args.slice(start), " ").text;
  return call.args.slice(0, start).some((arg) => arg.text.includes("e")) ? interpretEscapes(text) : text;
}

/** Fills `%s` and its like; the format is used again while there are arguments, as printf does. */
function printFormat(call: Call): string {
  const [format, ...args] = call.args
    .filter((arg, index) => index > 0 || arg.text !== "--")
    .map((arg) => arg.text);
  if (format === undefined) return "";
  const queue = [...args];
  const rounds: string[] = [];
  do {
    rounds.push(
      interpretEscapes(
        format.replace(/%[-\d.]*([sbdqcixX%])/g, (_all, kind) =>
          kind === "%" ? "%" : (queue.shift() ?? ""),
        ),
      ),
    );
  } while (queue.length > 0 && queue.length < args.length && rounds.length < 256);
  return rounds.join("");
}

function printFiles(call: Call, shell: Shell): string {
  const paths = call.args.filter((arg) => !/^-./.test(arg.text));
  if (paths.length === 0) return call.stdin.text;
  return paths
    .map(({ text }) =>
      text === "-"
        ? call.stdin.text
        : text === "/dev/null"
          ? ""
          : shell.files.get(fileKey(text, shell.directory))?.text,
    )
    .map((text) => text ?? UNKNOWN)
    .join("");
}

function interpretEscapes(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|u([0-9a-fA-F]{4})|([ntr\\]))/g,
    (_all, hex, octal, unicode, letter) => {
      if (letter !== undefined) return letter === "n" ? "\n" : letter === "\\" ? "\\" : " ";
      const code = octal === undefined ? Number.parseInt(hex ?? unicode, 16) : Number.parseInt(octal, 8);
      return code === 0 ? "" : String.fromCharCode(code);
    },
  );
}

function decode(text: string): string {
  const packed = text.replace(/\s+/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(packed) && packed.length % 4 === 0 ? atob(packed) : UNKNOWN;
}

function directoryOf(path: string): string {
  if (!path.includes("/")) return ".";
  return path.replace(/\/+[^/]*\/*$/, "") || "/";
}
