/**
 * Tells whether a glob of `*` (any run of units) and `?` (one) matches a whole text.
 *
 * Greedy with one step back to the latest star: no recursion, at most pattern times text.
 */
export function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const unit = pattern[inPattern];
    if (unit === "*") {
      star = inPattern++;
      resumeAt = at;
    } else if (unit === "?" || (unit !== undefined && unit === text[at])) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resumeAt;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}

/** Tells whether a word holds a character that the shell would expand against file names. */
export function hasGlob(word: string): boolean {
  return /[*?[]/.test(word);
}

/** Turns bracket expressions into `?`, so that a shell glob can be matched by {@link globMatches}. */
export function simplifyGlob(word: string): string {
  return word.replace(/\[[^\]/]*\]/g, "?");
}
