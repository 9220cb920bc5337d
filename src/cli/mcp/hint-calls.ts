import type { Argument, Arguments } from "../arguments.ts";

/** How a command of the command line is called here. */
export interface CallForm {
  readonly tool: string;
  readonly args: Arguments;
  /** Arguments that the tool takes. */
  readonly offers: readonly string[];
  /** What chooses the command among those of the tool. */
  readonly chosenBy: Readonly<Record<string, true>>;
}

/** Calls by the words of their commands, and the arguments that the server fills in for all of them. */
export interface CallForms {
  readonly byWords: ReadonlyMap<string, CallForm>;
  readonly fixed: ReadonlySet<string>;
}

/** Where a command line may begin in a hint. */
const START = /(?<=^|[\s`'"(])mai (?=[a-z])/g;
/** Most words that the name of a command has. */
const MOST_WORDS = 2;

interface Token {
  readonly text: string;
  readonly end: number;
  /** Punctuation of the sentence follows: the command line ends here. */
  readonly isLast: boolean;
}

/**
 * Rewrites a hint for clients that call tools. Hints hold command lines that can be typed as they stand; each that a
 * tool can do is read by the declaration of its command, and written as a call: `mai_show {"id":"REQ-001"}`. The rest
 * stays as it is.
 */
export function hintWithCalls(hint: string, forms: CallForms): string {
  let [out, from] = ["", 0];
  for (const { index } of hint.matchAll(START)) {
    if (index < from) continue;
    const call = callAt(hint, index + "mai ".length, forms);
    if (call === null) continue;
    out += hint.slice(from, index) + call.text;
    from = call.end;
  }
  return out + hint.slice(from);
}

function callAt(hint: string, start: number, forms: CallForms): { text: string; end: number } | null {
  const tokens = tokensFrom(hint, start);
  for (let count = MOST_WORDS; count > 0; count -= 1) {
    const words = tokens.slice(0, count);
    const form = forms.byWords.get(words.map(({ text }) => text).join(" "));
    const last = words.at(-1);
    if (form === undefined || last === undefined || words.length < count) continue;
    return withArguments(form, { last, rest: last.isLast ? [] : tokens.slice(count), fixed: forms.fixed });
  }
  return null;
}

function withArguments(
  form: CallForm,
  { last, rest, fixed }: { last: Token; rest: readonly Token[]; fixed: ReadonlySet<string> },
): { text: string; end: number } | null {
  const [first] = rest;
  if (first?.text === "--help") return { text: "tools/list", end: first.end };
  const read = readArguments(form.args, rest);
  if (read === null) return null;
  const names = Object.keys(read.given).filter((name) => !fixed.has(name));
  if (!names.every((name) => form.offers.includes(name))) return null;
  const shown = Object.fromEntries(names.map((name) => [name.replaceAll("-", "_"), read.given[name]]));
  return {
    text: `${form.tool} ${JSON.stringify({ ...shown, ...form.chosenBy })}`,
    end: read.end ?? last.end,
  };
}

/** Reads words as the arguments of a command, as far as they are some; null for an option that it does not have. */
function readArguments(
  args: Arguments,
  tokens: readonly Token[],
): { given: Readonly<Record<string, unknown>>; end: number | null } | null {
  const given: Record<string, unknown> = {};
  const positionals = Object.keys(args).filter((name) => args[name]?.type === "positional");
  let end: number | null = null;
  const left = [...tokens];
  for (let token = left.shift(); token !== undefined; token = left.shift()) {
    const isOption = token.text.startsWith("-");
    const found = namedBy(token.text, args, positionals);
    if (found === null) return isOption ? null : { given, end };
    const value = isOption && found.spec.type !== "boolean" ? (left.shift() ?? token) : token;
    give(given, { ...found, text: value.text });
    if (!isOption && found.spec.rest !== "list") positionals.shift();
    end = value.end;
    if (value.isLast) break;
  }
  return { given, end };
}

/** Returns the argument that a word begins: the option, or the next positional one. */
function namedBy(
  text: string,
  ...[args, [next]]: [Arguments, readonly string[]]
): { name: string; spec: Argument } | null {
  const name = text.startsWith("-") ? optionNamed(text, args) : next;
  const spec = name === undefined ? undefined : args[name];
  return name === undefined || spec === undefined ? null : { name, spec };
}

function give(given: Record<string, unknown>, to: { name: string; spec: Argument; text: string }): void {
  const { name, spec, text } = to;
  if (spec.type === "boolean") given[name] = true;
  else if (spec.repeat !== undefined || spec.rest === "list")
    given[name] = [...((given[name] as string[] | undefined) ?? []), text];
  else given[name] = spec.kind === "count" && /^\d+$/.test(text) ? Number(text) : text;
}

function optionNamed(spelling: string, args: Arguments): string | undefined {
  return Object.keys(args).find((name) => {
    const spec = args[name];
    if (spec === undefined || spec.type === "positional") return false;
    return spelling === `--${name}` || ("alias" in spec && spelling === `-${spec.alias}`);
  });
}

/** Splits as a shell does, as far as hints need it; a word in quotes is one. */
function tokensFrom(hint: string, start: number): readonly Token[] {
  const word = /\s*(?:"([^"]*)"|'([^']*)'|([^\s"'`()]+))/y;
  const tokens: Token[] = [];
  word.lastIndex = start;
  for (let match = word.exec(hint); match !== null; match = word.exec(hint)) {
    const quoted = match[1] ?? match[2];
    const bare = (match[3] ?? "").replace(/[.,;:?!]+$/, "");
    const end = word.lastIndex - (quoted === undefined ? (match[3] ?? "").length - bare.length : 0);
    tokens.push({ text: quoted ?? bare, end, isLast: end < word.lastIndex });
  }
  return tokens;
}
