import { fileKey } from "../paths.ts";
import { credentialIn } from "../rules/credentials.ts";
import type { Shell } from "../shell/shell.ts";
import { type Origin, originsOf } from "../shell/value.ts";
import type { Call } from "./call.ts";
import { SHELLS } from "./program-table.ts";

/** Commands whose output comes from the network. */
const DOWNLOADERS: ReadonlySet<string> = new Set(
  "curl wget wget2 fetch aria2c axel http https xh lynx nc ncat netcat socat telnet tftp ftp lftp".split(" "),
);

/** Commands that turn text into other text which one cannot read beforehand. */
const DECODERS: Readonly<Record<string, RegExp>> = {
  base64: /(?:^| )(?:-\w*[dD]|--d)/,
  base32: /(?:^| )(?:-\w*d|--d)/,
  basenc: /(?:^| )(?:-\w*d|--d)/,
  xxd: /(?:^| )-\w*r/,
  openssl: /(?:^| )(?:-d|-base64|base64|enc)/,
  gpg: /(?:^| )(?:-\w*d|--decrypt)/,
  uudecode: /^/,
  rev: /^/,
  tr: /^/,
  gunzip: /^/,
  zcat: /^/,
  gzip: /(?:^| )-\w*d/,
  bzip2: /(?:^| )-\w*d/,
  xz: /(?:^| )-\w*d/,
};

/** Commands that take a path without giving away what is in the file. */
const NO_READERS: ReadonlySet<string> = new Set(
  "echo printf ls chmod chown chgrp rm mkdir touch test [ stat ssh-keygen ssh ssh-add ssh-copy-id find du file basename dirname realpath readlink git docker docker-compose kubectl cd export which wc md5sum sha1sum sha256sum ln mv".split(
    " ",
  ),
);

/** Commands that pick some of the lines they read. */
const PICKERS = /^(?:e?grep|fgrep|rg|ag|head|tail|sed|fzf|comm|jq)$/;

/** Commands that list every process, or every one of a user. */
const LISTS_PROCESSES =
  /^(?:ps (?:-?(?:[aA]ux\w*|ax\w*|ef\w*|e|A)\b(?!.*(?: -[Cp] | --ppid))).*|pgrep (?:-[uU] ?\S+|\.|'')|pidof (?:systemd|init))$/;

/** Commands that print the whole environment, or keys, by themselves. */
const PRINTS_SECRETS =
  /^(?:env|printenv|set|export(?: -p)?|declare(?: -[px]+)?|git credential(?:-\w+)? (?:fill|get)|git credential-store.*|gpg2? .*--export-secret-.*|security (?:find-\w+-password|dump-keychain).*|pass (?:show )?.+|op (?:read|item get) .+|secret-tool lookup .*|history|cmdkey \/list.*)$/;

/** Lists where the output of a call comes from: what flows in, and what the command adds by itself. */
export function originsOfOutput(call: Call, shell: Shell): readonly Origin[] {
  const all = originsOf([call.stdin, ...call.args]);
  const flowing = picks(call) ? all.filter((origin) => origin !== "processes") : all;
  return [...new Set([...flowing, ...(call.isAllowed ? [] : ownOrigins(call, shell))])];
}

/** Lists what a file brings with it: what the line wrote into it, or that it holds credentials. */
export function originsOfFile(path: string, shell: Shell): readonly Origin[] {
  if (credentialIn(path) !== undefined) return ["secret"];
  return shell.files.get(fileKey(path, shell.directory))?.origins ?? [];
}

/** Tells whether a command fetches from the network. */
export function isDownloader(name: string): boolean {
  return DOWNLOADERS.has(name);
}

/** `grep`, `awk '/vite/ {…}'`: what comes out are some of the lines. */
function picks(call: Call): boolean {
  if (PICKERS.test(call.name)) return true;
  return /awk$/.test(call.name) && call.args.some((arg) => /[/~=<>]|\bif\b/.test(arg.text));
}

function ownOrigins(call: Call, shell: Shell): readonly Origin[] {
  const words = [call.name, ...call.args.map((arg) => arg.text)].join(" ");
  if (PRINTS_SECRETS.test(words)) return ["secret"];
  if (LISTS_PROCESSES.test(words)) return ["processes"];
  if (SHELLS.has(call.name) && / -\w*i/.test(words)) return ["shell"];
  const read = NO_READERS.has(call.name) ? [] : call.args.flatMap((arg) => originsOfFile(arg.text, shell));
  if (isDownloader(call.name)) return [...read, "download"];
  const decodes =
    Object.hasOwn(DECODERS, call.name) && DECODERS[call.name]?.test(words.slice(call.name.length));
  return decodes ? [...read, "decoded"] : read;
}
