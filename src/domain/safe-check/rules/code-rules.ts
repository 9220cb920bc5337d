import type { Shell } from "../shell/shell.ts";
import { literal } from "../shell/value.ts";
import { isCredentialPath } from "./credentials.ts";
import { firstLoss } from "./delete-rules.ts";
import type { Suspicion } from "./finding.ts";
import { writeDanger } from "./targets.ts";

/** String literals of most languages; one that is never closed reaches to the end, which keeps this linear. */
const LITERAL =
  /"((?:[^"\\]|\\[\s\S])*)(?:"|\\?$)|'((?:[^'\\]|\\[\s\S])*)(?:'|\\?$)|`((?:[^`\\]|\\[\s\S])*)(?:`|\\?$)|%x[({[]([^)}\]]*)/g;

const STARTS_SHELL =
  /(?:\b(?:system|popen|run|call|check_call|check_output|execSync|execFile\w*|exec|spawn\w*|shell_exec|passthru|qx|getoutput|execl\w*|execv\w*|execute|getline|do shell script)\b|%x|`)/i;

const REMOVES =
  /\b(?:rmtree|rmSync|rmdirSync|rm_rf|rm_r|rimraf|remove_tree|removedirs|RemoveAll|emptyDirSync|removeSync|unlinkSync|unlink|remove|rm|rmdir|delete)\b!?\s*\(?\s*(?:[\w.]+\s*\(\s*|glob\s+|<)*["'`<]([^"'`>]{0,4096})["'`>]/g;

const REMOVES_OBJECT = /\bPath\(\s*["']([^"']*)["']\s*\)(?:\.\w+\(\))*\.(?:unlink|rmdir|rmtree)/g;
const REMOVES_HOME =
  /\b(?:rmtree|rmSync|rm_rf|rm)\(\s*(?:os\.)?(?:homedir\(\)|Path\.home\(\)|environ\[.HOME.\]|process\.env\.HOME|ENV\[.HOME.\])\s*[,)]/;

const WRITES =
  /\b(?:open|fopen|writeFile(?:Sync)?|appendFile(?:Sync)?|createWriteStream|file_put_contents|truncate(?:Sync)?|Path)\s*\(?\s*["']([^"']*)["']\s*(?:,\s*["'](?:[wax+>]|r\+)|,|\)\.write_)/g;
const WRITES_PERL = /\bopen\b[^;]{0,200}?["'](?:\+?>{1,2})["']?\s*,?\s*["']?([^"';)]+)/g;

const EVALUATES = /(?:^|[^.\w])(?:exec|eval|system|instance_eval|Function)\b/;
const DOWNLOADS =
  /urlopen|requests\.get|urllib|httpx\.get|\bfetch\s*\(|LWP|open-uri|URI\.open|https?\.get|file_get_contents\s*\(\s*.https?:|urlretrieve/;
const DECODES =
  /b64decode|\batob\b|fromhex|decode_base64|base64_decode|['"]base64['"]|unhexlify|codecs\.decode|marshal|\bunpack\b/;
const SENDS =
  /requests\.(?:post|put)|urlopen|https?\.request|\bfetch\s*\(|\bsocket\b|smtplib|axios|Net::HTTP|curl_exec|httpx\.(?:post|put)|LWP|sendall/;
const WHOLE_ENVIRONMENT =
  /os\.environ(?!\s*(?:\[|\.(?:get|setdefault|pop)))|process\.env(?![.[\w])|[%\\]ENV\b|ENV\.to_h|\$_ENV\b/;
const SHELL_ON_SOCKET = /dup2|IO\.popen|pty\.spawn|\/bin\/(?:ba|da|z)?sh|cmd\.exe/;
const FORKS =
  /\bfork\b[^;\n]{0,40}\bwhile\b|\bwhile\b[^\n]{0,60}\bfork\b|\bloop\b[^\n]{0,20}\bfork\b|\bfork\b[^\n]{0,20}\bfork\b|\bfork\(\)\s+for\b/;
const KILLS_ALL = /\bkill(?:pg)?\s*\(?\s*(?:-1\s*,|["']?(?:SIG)?KILL["']?\s*,\s*-1|9\s*,\s*-1)/;

/** What one look at code of another language needs. */
interface Look {
  readonly code: string;
  readonly literals: readonly string[];
  readonly shell: Shell;
}

/** Checks on code, in the order of how much they say. */
const CHECKS: readonly ((look: Look) => Suspicion | undefined)[] = [
  detectRemoval,
  detectWriting,
  ({ code }) => (FORKS.test(code) ? { rule: "fork-bomb" } : undefined),
  ({ code }) => (KILLS_ALL.test(code) ? { rule: "kill-all" } : undefined),
  ({ code }) =>
    /sock(?:et|open)/i.test(code) && SHELL_ON_SOCKET.test(code) ? { rule: "remote-shell" } : undefined,
  ({ code }) => (EVALUATES.test(code) && DOWNLOADS.test(code) ? { rule: "download-run" } : undefined),
  ({ code }) => (EVALUATES.test(code) && DECODES.test(code) ? { rule: "decoded-run" } : undefined),
  detectSending,
];

/** Looks at code of another language for what its calls and its string literals give away. */
export function detectInCode(code: string, shell: Shell): Suspicion | undefined {
  const look = { code, literals: literalsOf(code), shell };
  return CHECKS.map((check) => check(look)).find(Boolean);
}

/** Lists the literals that the code may hand to a shell: each by itself, and all as one list of words. */
export function shellTextsIn(code: string): readonly string[] {
  if (!STARTS_SHELL.test(code)) return [];
  const literals = literalsOf(code);
  return literals.length > 1 ? [...literals, literals.map(quoteSpaced).join(" ")] : literals;
}

function literalsOf(code: string): readonly string[] {
  return [...code.matchAll(LITERAL)].map((match) =>
    (match[1] ?? match[2] ?? match[3] ?? match[4] ?? "").replace(/\\(["'`\\/])/g, "$1"),
  );
}

function quoteSpaced(text: string): string {
  return /[\s'"]/.test(text) ? "_" : text;
}

function detectRemoval({ code, shell }: Look): Suspicion | undefined {
  if (REMOVES_HOME.test(code)) return { rule: "delete-protected", subject: "the home directory" };
  const targets = [...code.matchAll(REMOVES), ...code.matchAll(REMOVES_OBJECT)].map((match) =>
    literal(match[1] ?? ""),
  );
  const loss = firstLoss(targets, {
    minded: ["root", "system", "top", "home", "kept", "here", "above", "repository", "shared"],
    directory: shell.directory,
  });
  return (
    loss ??
    writing(
      targets.map((target) => target.text),
      shell,
    )
  );
}

function detectWriting({ code, shell }: Look): Suspicion | undefined {
  const paths = [...code.matchAll(WRITES), ...code.matchAll(WRITES_PERL)].map((match) =>
    (match[1] ?? "").trim(),
  );
  return writing(paths, shell);
}

function writing(paths: readonly string[], shell: Shell): Suspicion | undefined {
  return paths
    .map((path): Suspicion | undefined => {
      const rule = writeDanger(path, shell.directory);
      return rule && { rule, subject: path };
    })
    .find(Boolean);
}

function detectSending({ code, literals }: Look): Suspicion | undefined {
  if (!SENDS.test(code)) return undefined;
  const secret = literals.find((text) => isCredentialPath(text));
  if (secret !== undefined) return { rule: "secret-sent", subject: secret };
  return WHOLE_ENVIRONMENT.test(code) ? { rule: "secret-sent", subject: "the whole environment" } : undefined;
}
