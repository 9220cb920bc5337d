import { changeDirectory, fileKey } from "../paths.ts";
import { type Call, takesOutput } from "../programs/call.ts";
import { readOptions, valuesOf } from "../programs/options.ts";
import { isDownloader, originsOfFile } from "../programs/sources.ts";
import { writtenFiles } from "../rules/write-rules.ts";
import type { Shell } from "./shell.ts";
import { isKnown, originsOf, UNKNOWN, UNSET, unknown, type Value } from "./value.ts";
import { assign } from "./variables.ts";

/** Tells whether options of `set`, or of a shell, end it at a variable that nothing sets. */
export function stopsAtUnset(options: readonly string[]): boolean {
  return options.some((word) => /^-[a-z]*u[a-z]*$/.test(word) || word === "nounset");
}

/** Commands that change the shell itself. */
const BUILTINS: Readonly<Record<string, (call: Call, shell: Shell) => void>> = {
  cd: enterDirectory,
  pushd: enterDirectory,
  export: setVariables,
  declare: setVariables,
  local: setVariables,
  readonly: setVariables,
  typeset: setVariables,
  set: setPositional,
  unset: (call, shell) => {
    for (const arg of call.args) shell.variables.delete(arg.text);
  },
  read: readVariables,
  mapfile: readLines,
  readarray: readLines,
};

/** Does to the shell what a call would: directory, variables, and which files now hold what. */
export function applyEffects(call: Call, how: { readonly shell: Shell; readonly output: Value }): void {
  const { shell, output } = how;
  if (Object.hasOwn(BUILTINS, call.name)) BUILTINS[call.name]?.(call, shell);
  for (const open of call.redirects) {
    if (takesOutput(open)) remember(shell, open.path.text, output);
  }
  const origins = originsOf([
    output,
    ...call.args.map((arg) => ({ text: "", origins: originsOfFile(arg.text, shell) })),
  ]);
  const content = call.name === "tee" ? call.stdin : { text: UNKNOWN, origins };
  for (const path of [...writtenFiles(call), ...archives(call)]) remember(shell, path.text, content);
  if (isDownloader(call.name) && !call.isAllowed) rememberDownloads(call, shell);
}

function remember(shell: Shell, path: string, content: Value): void {
  if (path !== "" && isKnown(path) && !path.startsWith("/dev/")) {
    shell.files.set(fileKey(path, shell.directory), content);
  }
}

/** `curl -O URL` and `wget URL` write a file that is named as the address ends. */
function rememberDownloads(call: Call, shell: Shell): void {
  const options = readOptions(call.args, "-o --output -O --output-document -H --header -P -d -X");
  const [directory] = valuesOf(options, ["-P"]);
  const isNamed = call.name === "curl" && valuesOf(options, ["-o", "--output"]).length > 0;
  if (isNamed) return;
  for (const arg of call.args) {
    const name = /^(?:\w+:\/\/)?[^/\s]+\/(?:.*\/)?([^/?#]+)(?:[?#].*)?$/.exec(arg.text)?.[1];
    if (name !== undefined) remember(shell, `${directory?.text ?? "."}/${name}`, unknown(["download"]));
  }
}

/** `tar czf out.tgz ~/.ssh`, `zip out.zip .env`: the archive holds what goes in. */
function archives(call: Call): readonly Value[] {
  if (!/^(?:tar|bsdtar|zip|7z|gpg|openssl|base64)$/.test(call.name)) return [];
  return call.args.filter((arg) => /\.(?:tar|tgz|zip|gz|bz2|xz|7z|zst|enc|gpg|b64)$/.test(arg.text));
}

function enterDirectory(call: Call, shell: Shell): void {
  const target = call.args.find((arg) => !/^-[LPe@]/.test(arg.text))?.text ?? "~";
  shell.directory = changeDirectory(shell.directory, target);
}

function setVariables(call: Call, shell: Shell): void {
  for (const { text, origins } of call.args) {
    const equals = text.indexOf("=");
    if (equals > 0)
      assign(shell, { name: text.slice(0, equals), values: [{ text: text.slice(equals + 1), origins }] });
  }
}

function setPositional(call: Call, shell: Shell): void {
  const words = call.args.map((arg) => arg.text);
  const end = words.indexOf("--");
  const options = end < 0 ? words : words.slice(0, end);
  if (stopsAtUnset(options)) shell.stopsAtUnset = true;
  if (options.some((word) => /^\+[a-z]*u/.test(word))) shell.stopsAtUnset = false;
  const marker = call.args.findIndex((arg) => arg.text === "--");
  if (marker >= 0) shell.positional = call.args.slice(marker + 1);
  else if (call.args[0] !== undefined && !/^[-+]/.test(call.args[0].text)) shell.positional = call.args;
}

/** `read X <<< /` and `echo / | while read X`: the words of the input go to the names, the last takes the rest. */
function readVariables(call: Call, shell: Shell): void {
  const names = readOptions(call.args, "-d -n -N -p -t -u -i -a").operands.map((name) => name.text);
  const line = call.stdin.text.split("\n")[0] ?? "";
  const words = line.split(/[ \t]+/).filter((word) => word !== "");
  names.forEach((name, index) => {
    const text = index === names.length - 1 ? words.slice(index).join(" ") : (words[index] ?? "");
    const { origins } = call.stdin;
    assign(shell, { name, values: [{ text: text === "" ? UNSET : text, origins }] });
  });
}

function readLines(call: Call, shell: Shell): void {
  const name = readOptions(call.args, "-d -n -O -s -u -C -c").operands[0]?.text ?? "MAPFILE";
  const { text, origins } = call.stdin;
  const values = text
    .trimEnd()
    .split("\n")
    .map((line) => ({ text: line, origins }));
  assign(shell, { name, values });
}
