import type { Value } from "../shell/value.ts";

/** Arguments of a command, sorted into options and operands as GNU getopt does (operands may come first). */
export interface Options {
  /** `-r` for each letter of `-rf`, `--name` for each long option, and `-word` as it stands. */
  readonly given: ReadonlySet<string>;
  /** Values of the options that take one, in order. */
  readonly values: readonly { readonly option: string; readonly value: Value }[];
  readonly operands: readonly Value[];
}

/** Sorts arguments; `valued` lists, separated by blanks, the options that take a value. */
export function readOptions(args: readonly Value[], valued = ""): Options {
  const takes: ReadonlySet<string> = new Set(valued.split(" "));
  const given = new Set<string>();
  const values: { option: string; value: Value }[] = [];
  const operands: Value[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (arg === undefined) break;
    if (arg.text === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!/^-./.test(arg.text)) {
      operands.push(arg);
      continue;
    }
    const { names, attached } = splitOption(arg, takes);
    for (const name of names) given.add(name);
    const last = names.at(-1) ?? "";
    const value = attached ?? (takes.has(last) ? args[++at] : undefined);
    if (value !== undefined) values.push({ option: last, value });
  }
  return { given, values, operands };
}

/** Tells whether one of some options was given; a long one may be shortened (`--recurs`). */
export function hasOption(options: Options, ...names: readonly string[]): boolean {
  return names.some((name) => {
    if (options.given.has(name)) return true;
    if (!name.startsWith("--")) return false;
    return [...options.given].some((given) => given.length > 3 && name.startsWith(given));
  });
}

/** Lists the values of some options. */
export function valuesOf(options: Options, names: readonly string[]): readonly Value[] {
  return options.values.filter(({ option }) => names.includes(option)).map(({ value }) => value);
}

function splitOption(
  arg: Value,
  takes: ReadonlySet<string>,
): { readonly names: readonly string[]; readonly attached?: Value } {
  const { text, origins } = arg;
  if (takes.has(text)) return { names: [text] };
  if (text.startsWith("--")) {
    const equals = text.indexOf("=");
    if (equals < 0) return { names: [text] };
    return { names: [text.slice(0, equals)], attached: { text: text.slice(equals + 1), origins } };
  }
  const names: string[] = [];
  for (let at = 1; at < text.length; at++) {
    const name = `-${text[at]}`;
    names.push(name);
    if (takes.has(name) && at + 1 < text.length)
      return { names, attached: { text: text.slice(at + 1), origins } };
  }
  return { names };
}
