/** Most words that the braces of one word may become. */
const MOST_ALTERNATIVES = 256;

/** Deepest nesting of braces that is expanded. */
const DEEPEST_BRACES = 16;

interface Group {
  readonly start: number;
  readonly end: number;
  readonly items: readonly string[];
}

/**
 * Expands `{a,b}` in the raw text of a word, as bash does before anything else.
 *
 * Sequences (`{1..9}`) stay as they are. Returns nothing when there would be too many words.
 */
export function expandBraces(text: string, depth = 0): readonly string[] | undefined {
  if (depth > DEEPEST_BRACES) return undefined;
  const group = findGroup(text);
  if (group === undefined) return [text];
  const heads = group.items.map((item) => expandBraces(item, depth + 1));
  const tails = expandBraces(text.slice(group.end), depth + 1);
  if (tails === undefined || heads.includes(undefined)) return undefined;
  const before = text.slice(0, group.start);
  const words = heads.flatMap((head) => head ?? []);
  if (words.length * tails.length > MOST_ALTERNATIVES) return undefined;
  return words.flatMap((word) => tails.map((tail) => before + word + tail));
}

function findGroup(text: string): Group | undefined {
  for (let at = 0; at < text.length; at = skipQuoted(text, at)) {
    if (text[at] === "{" && text[at - 1] !== "$") {
      const group = readGroup(text, at);
      if (group !== undefined) return group;
    }
  }
  return undefined;
}

function readGroup(text: string, start: number): Group | undefined {
  const items: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < text.length; at = skipQuoted(text, at)) {
    const unit = text[at];
    if (unit === "{") depth++;
    else if (unit === "}" && --depth === 0) {
      items.push(text.slice(from, at));
      return items.length > 1 ? { start, end: at + 1, items } : undefined;
    } else if (unit === "," && depth === 1) {
      items.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return undefined;
}

function skipQuoted(text: string, at: number): number {
  const unit = text[at];
  if (unit === "\\") return at + 2;
  if (unit !== "'" && unit !== '"') return at + 1;
  const end = text.indexOf(unit, at + 1);
  return end < 0 ? text.length : end + 1;
}
