import { globMatches } from "./glob.ts";
import { isKnown } from "./shell/value.ts";

/** The project's own rules: patterns over the words of one simple command. */
export interface ProjectRules {
  readonly deny: readonly string[];
  readonly allow: readonly string[];
}

/**
 * Tells whether a `deny` pattern matches a simple command.
 *
 * The pattern is a glob over the words joined by single blanks; `*` also crosses blanks, so that one pattern
 * stops a command whatever follows. Errs on the side of stopping.
 */
export function isDenied(words: readonly string[], deny: readonly string[]): boolean {
  const text = words.join(" ");
  return deny.some((pattern) => globMatches(splitWords(pattern).join(" "), text));
}

/**
 * Finds the `allow` pattern that matches a simple command.
 *
 * Word for word: `*` stays inside one word, and a last word `**` stands for any number of further words. So
 * `rm -rf /data/*` does not allow `rm -rf /data/x /etc`. Nor does `*` match a step up (`..`) or what only a run
 * would tell.
 */
export function allowedBy(words: readonly string[], allow: readonly string[]): string | undefined {
  return allow.find((pattern) => matchesWordForWord(splitWords(pattern), words));
}

function matchesWordForWord(pattern: readonly string[], words: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === "**";
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  if (fixed.length === 0 || (isOpen ? words.length < fixed.length : words.length !== fixed.length))
    return false;
  return fixed.every((part, index) => wordMatches(part, words[index] ?? ""));
}

function wordMatches(pattern: string, word: string): boolean {
  const climbs = word.split("/").includes("..") && !pattern.includes("..");
  return !climbs && isKnown(word) && globMatches(pattern, word);
}

function splitWords(pattern: string): readonly string[] {
  return pattern.split(/\s+/).filter((word) => word !== "");
}
