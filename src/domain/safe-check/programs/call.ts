import type { RedirectOperator } from "unbash";
import { globMatches, hasGlob, simplifyGlob } from "../glob.ts";
import type { Suspicion } from "../rules/finding.ts";
import type { Shell } from "../shell/shell.ts";
import { type Value, withoutUnknown } from "../shell/value.ts";

/** A file that a redirection opens. */
export interface OpenFile {
  readonly operator: RedirectOperator;
  /** The descriptor in front (`2>`), if one is written. */
  readonly descriptor: number | undefined;
  readonly path: Value;
}

/** One command about to start: its words as the command would see them, and what is open around it. */
export interface Call {
  /** The program: no directory, lower case; `?` when only a run would tell. */
  readonly name: string;
  readonly words: readonly Value[];
  readonly args: readonly Value[];
  readonly redirects: readonly OpenFile[];
  readonly stdin: Value;
  /** The command as it is written on the line. */
  readonly part: string;
  readonly isAllowed: boolean;
  /** The `allow` pattern of the project that matched it, or the command around it. */
  readonly allowedBy?: string | undefined;
  /** How many commands stand around this one (`sudo env nice …`). */
  readonly wrapped: number;
}

/** Tells whether a redirection takes what the command writes to standard output. */
export function takesOutput(open: OpenFile): boolean {
  return /^(?:>|>>|>\||&>|&>>|<>)$/.test(open.operator) && (open.descriptor ?? 1) === 1;
}

/** Looks at a call in its shell, and says what is wrong with it, if anything. */
export type Detector = (call: Call, shell: Shell) => Suspicion | undefined;

/** Programs that a glob in the place of a command (`/bin/r?`) is taken for. */
const GUARDED_NAMES =
  "rm dd mv cp sh bash dash zsh chmod chown shred mkfs wipefs curl wget nc reboot halt poweroff shutdown sudo find".split(
    " ",
  );

const LONGEST_NAME = 64;

/** Makes a call of the same surroundings with other words. */
export function withWords(call: Call, words: readonly Value[]): Call {
  const name = programName(words[0]?.text ?? "");
  return { ...call, words, args: words.slice(1), name, wrapped: call.wrapped + 1 };
}

/** Names the program that a first word starts. */
export function programName(word: string): string {
  const known = withoutUnknown(word);
  if (known === "" || known.endsWith("/")) return "?";
  const base = known.slice(known.lastIndexOf("/") + 1).toLowerCase();
  if (!hasGlob(base) || base.length > LONGEST_NAME || base === "[" || base === "[[")
    return base.replace(/\.exe$/, "");
  return GUARDED_NAMES.find((name) => globMatches(simplifyGlob(base), name)) ?? base;
}

/** Lists the texts of some values. */
export function textsOf(values: readonly Value[]): readonly string[] {
  return values.map((value) => value.text);
}
