import { globMatches } from "../glob.ts";
import type { Call } from "../programs/call.ts";
import type { Suspicion } from "./finding.ts";
import { TOOLS } from "./tool-table.ts";

const HELP: readonly string[] = ["--help", "-h", "--version", "-V", "help"];

/** Stops tools that are dangerous by their very words: disks, power, processes, firewalls, accounts. */
export function detectTool(call: Call): Suspicion | undefined {
  const words = [call.name, ...call.args.map((arg) => arg.text)];
  if (call.args.length === 1 && HELP.includes(words[1] ?? "")) return undefined;
  const text = words.join(" ");
  if (/^(?:mkfs|mke2fs|mkswap|newfs|mkdosfs)/.test(call.name)) return judgeFormat(call);
  const rules = Object.hasOwn(TOOLS, call.name) ? (TOOLS[call.name] ?? []) : [];
  const hit = rules.find((rule) => matches(rule.when, text) && !matches(rule.unless ?? [], text));
  return hit && { rule: hit.rule };
}

/** A file system may be made in an ordinary file: an image. */
function judgeFormat(call: Call): Suspicion | undefined {
  const target = call.args.findLast((arg) => !arg.text.startsWith("-"))?.text;
  const isFile = target !== undefined && /\.(?:img|iso|ext[234]|raw|bin|qcow2|fs)$/.test(target);
  return isFile && !target.startsWith("/dev/")
    ? undefined
    : { rule: "disk-tool", ...(target && { subject: target }) };
}

function matches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => globMatches(pattern, text));
}
