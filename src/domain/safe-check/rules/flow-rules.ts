import { fileKey } from "../paths.ts";
import type { Call, Detector, OpenFile } from "../programs/call.ts";
import { readOptions } from "../programs/options.ts";
import { SHELLS } from "../programs/program-table.ts";
import type { Program } from "../programs/programs.ts";
import { isDownloader } from "../programs/sources.ts";
import type { Shell } from "../shell/shell.ts";
import { originsOf, type Value } from "../shell/value.ts";
import { credentialIn } from "./credentials.ts";
import type { Suspicion } from "./finding.ts";

/** Commands that send to another machine. */
interface Sender {
  /** Options whose value is not sent: a key file, a certificate. */
  readonly unsent?: string;
  /** Options whose value is sent, for those that may stand glued to it (`-d@file`). */
  readonly sent?: string;
  /** Only with a word of this shape is anything sent. */
  readonly onlyWith?: RegExp;
}

const REMOTE = /^(?:[\w.-]+@)?[\w.-]+:(?!\\)|^(?:s3|gs|az|rsync|sftp|ftp|remote):\/\/|^[\w-]+:[^/\\]?/;
const BUCKET = /^(?:s3|gs|az|https?):\/\//;
const PLAIN: Sender = {};

const SENDERS: Readonly<Record<string, Sender>> = {
  curl: {
    unsent:
      "-E --cert --key --cacert --capath --netrc-file -K --config -o --output -b -c --cookie --cookie-jar --env-file",
    sent: "-d -F -T --data --data-raw --data-binary --data-urlencode --form --upload-file --json --url",
  },
  wget: {
    unsent: "--certificate --private-key --ca-certificate -O -o -a -i",
    sent: "--post-data --post-file --body-data --body-file",
  },
  http: PLAIN,
  https: PLAIN,
  xh: PLAIN,
  nc: PLAIN,
  ncat: { unsent: "--ssl-key --ssl-cert" },
  netcat: PLAIN,
  socat: PLAIN,
  telnet: PLAIN,
  ssh: { unsent: "-i -F -o -E -S" },
  scp: { unsent: "-i -F -o -S", onlyWith: REMOTE },
  rsync: { unsent: "-e --rsh --exclude --exclude-from --include --password-file", onlyWith: REMOTE },
  sftp: { unsent: "-i -F -o -b" },
  ftp: PLAIN,
  lftp: PLAIN,
  tftp: PLAIN,
  mail: PLAIN,
  mailx: PLAIN,
  mutt: PLAIN,
  sendmail: PLAIN,
  dig: PLAIN,
  nslookup: PLAIN,
  host: PLAIN,
  ping: PLAIN,
  rclone: { unsent: "--config", onlyWith: REMOTE },
  aws: { onlyWith: BUCKET },
  gsutil: { onlyWith: BUCKET },
  gcloud: { onlyWith: BUCKET },
  azcopy: { onlyWith: BUCKET },
  gh: { onlyWith: /^gist$/ },
  openssl: { onlyWith: /^s_client$/ },
  croc: PLAIN,
};

/** Variables whose value alone is a key; in a header they are used, in an address or a body they are given away. */
const KEY_VARIABLE = /\$\{?(?:AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|\w*PRIVATE_KEY\w*|SSH_KEY\w*)\b/;

/** Stops commands that send credentials: named as a file, read by a substitution, or coming down a pipe. */
export const detectSending: Detector = (call, shell) => {
  const sender = Object.hasOwn(SENDERS, call.name) ? (SENDERS[call.name] ?? PLAIN) : undefined;
  if (sender === undefined) return sendingByRedirect(call);
  const { operands, values } = readOptions(call.args, `${sender.unsent ?? ""} ${sender.sent ?? ""}`);
  if (sender.onlyWith !== undefined && !operands.some((word) => sender.onlyWith?.test(word.text)))
    return undefined;
  const given = call.args.filter((arg, index) => !isProof(arg, call.args[index - 1]));
  if (originsOf([...given, call.stdin]).includes("secret")) return { rule: "secret-sent" };
  const unsent = new Set((sender.unsent ?? "").split(" "));
  const sent = [...operands, ...values.filter(({ option }) => !unsent.has(option)).map(({ value }) => value)];
  return sent.map((word) => judge(word, shell)).find(Boolean) ?? keyVariable(call);
};

/** Stops shells that are wired to another machine. */
export const detectRemoteShell: Detector = (call) => {
  const words = call.args.map((arg) => arg.text);
  const isWired = call.redirects.some((open) => isNetworkFile(open.path.text) || isFarInput(open));
  if (SHELLS.has(call.name) && isWired) return { rule: "remote-shell" };
  const text = words.join(" ");
  if (/^(?:nc|ncat|netcat)$/.test(call.name) && /(?:^| )(?:-\w*[ec]|--exec|--sh-exec)(?: |=)/.test(text))
    return { rule: "remote-shell" };
  if (call.stdin.origins.includes("shell") && isDownloader(call.name)) return { rule: "remote-shell" };
  return call.name === "socat" && /\b(?:exec|system):/i.test(text) && /\b(?:tcp|udp|openssl)/i.test(text)
    ? { rule: "remote-shell" }
    : undefined;
};

/** Stops text from the network, or out of an encoding, in the place of a command. */
export const detectForeignCommand: Detector = (call) => {
  const [program] = call.words;
  return program && judgeProgram({ kind: "loose", text: program, positional: [] });
};

/** Stops programs whose text came from the network or out of an encoding. */
export function judgeProgram(program: Program): Suspicion | undefined {
  if (program.text.origins.includes("download")) return { rule: "download-run" };
  return program.text.origins.includes("decoded") ? { rule: "decoded-run" } : undefined;
}

/** `/dev/tcp/HOST/PORT` is a connection. */
export function isNetworkFile(path: string): boolean {
  return /^\/dev\/(?:tcp|udp)\//.test(path);
}

/** A key in the header, or user name, that is made for it: used to prove who asks, not given away. */
function isProof(arg: Value, before: Value | undefined): boolean {
  if (/^(?:-u|--user)$/.test(before?.text ?? "")) return true;
  return /^(?:-H|--header=)?(?:(?:proxy-)?authorization|cookie|(?:x-|private-)?[\w-]*(?:key|token|auth))\s*:/i.test(
    arg.text,
  );
}

/** `sh <&5`: a shell that reads what an open connection sends. */
function isFarInput(open: OpenFile): boolean {
  return open.operator === "<&" && Number(open.path.text) > 2;
}

function sendingByRedirect(call: Call): Suspicion | undefined {
  const isWired = call.redirects.some((open) => isNetworkFile(open.path.text));
  if (!isWired) return undefined;
  const hasSecret = originsOf([...call.args, call.stdin]).includes("secret");
  return hasSecret || call.args.some((arg) => credentialIn(arg.text) !== undefined)
    ? { rule: "secret-sent" }
    : undefined;
}

function judge(word: Value, shell: Shell): Suspicion | undefined {
  const path = credentialIn(word.text);
  if (path !== undefined) return { rule: "secret-sent", subject: path };
  const pieces = [word.text, ...word.text.split(/[@<]/).slice(1)];
  const isTainted = pieces.some((piece) =>
    shell.files.get(fileKey(piece, shell.directory))?.origins.includes("secret"),
  );
  return isTainted ? { rule: "secret-sent", subject: word.text } : undefined;
}

/** The source text is looked at: the value of the variable is not on the line. */
function keyVariable(call: Call): Suspicion | undefined {
  const text = call.part.replace(/(?:-H|--header|-u|--user|--aws-sigv4)[ =]?(?:"[^"]*"|'[^']*'|\S+)/g, "");
  return KEY_VARIABLE.test(text) ? { rule: "secret-sent" } : undefined;
}
