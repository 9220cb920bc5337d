import { type Argument, type Arguments, GLOBAL_ARGUMENTS } from "../arguments.ts";
import type { CommandTree } from "../define-command.ts";
import { isOption } from "../split-arguments.ts";

/** A command line that is being typed, read as far as it goes. */
export interface TypedLine {
  /** Words of the command, or of a group, or empty; null where they lead nowhere. */
  readonly words: string | null;
  readonly args: Arguments;
  /** What is being typed, and what stands before it in the same word (`--format=`). */
  readonly current: string;
  readonly before: string;
  /** What is asked for: an option, the value of an argument, or the next word of the command. */
  readonly wants: "word" | "option" | "value" | "nothing";
  /** Argument whose value is asked for. */
  readonly argument: string | null;
  /** Options that stand there already. */
  readonly given: ReadonlySet<string>;
  /** Value of `--project`, null where none was typed. */
  readonly project: string | null;
}

/**
 * Reads what was typed, forgivingly: nothing here is refused.
 * @param typed words after the program's name; the last one is being typed, empty for a new one
 * @param argumentsOf declares the arguments of a command
 */
export async function readTypedLine(
  typed: readonly string[],
  tree: CommandTree,
  argumentsOf: (words: string) => Promise<Arguments>,
): Promise<TypedLine> {
  const joined = joinEquals(typed);
  const reader = new TypedReader(tree);
  for (const word of joined.words.slice(0, -1)) {
    if (reader.take(word)) reader.args = { ...(await argumentsOf(reader.words ?? "")), ...GLOBAL_ARGUMENTS };
  }
  return reader.line(joined.words.at(-1) ?? "", joined.split);
}

/** bash gives `--format=json` as three words; then only the part after the sign is replaced. */
function joinEquals(typed: readonly string[]): {
  readonly words: readonly string[];
  readonly split: boolean;
} {
  const words: string[] = [];
  let split = false;
  for (let index = 0; index < typed.length; index += 1) {
    const word = typed[index] ?? "";
    const last = words.at(-1);
    split = word === "=" && last !== undefined && isOption(last);
    if (!split) words.push(word);
    else {
      index += 1;
      words[words.length - 1] = `${last}=${typed[index] ?? ""}`;
    }
  }
  return { words, split };
}

class TypedReader {
  words: string | null = "";
  args: Arguments = GLOBAL_ARGUMENTS;
  readonly #tree: CommandTree;
  readonly #given = new Set<string>();
  #isCommand = false;
  /** Option that waits for its value. */
  #pending: string | null = null;
  #positionals = 0;
  #optionsEnded = false;
  #project: string | null = null;

  constructor(tree: CommandTree) {
    this.#tree = tree;
  }

  /** @returns whether this word completed the words of a command */
  take(word: string): boolean {
    if (this.#pending !== null) this.#finishOption(word);
    else if (!this.#optionsEnded && word === "--") this.#optionsEnded = true;
    else if (!this.#optionsEnded && isOption(word)) this.#takeOption(word);
    else if (this.#isCommand) this.#takePositional();
    else return this.#takeWord(word);
    return false;
  }

  line(last: string, split: boolean): TypedLine {
    const equals = last.indexOf("=");
    const facts = { words: this.words, args: this.args, given: this.#given, project: this.#project };
    const value = (argument: string | null, current: string, before: string): TypedLine => {
      const wants = argument === null ? "nothing" : "value";
      return { ...facts, wants, argument, current, before };
    };
    if (this.words === null) return { ...facts, wants: "nothing", argument: null, current: last, before: "" };
    if (this.#pending !== null) return value(this.#pending, last, "");
    if (!this.#optionsEnded && last.startsWith("-")) {
      if (equals === -1) return { ...facts, wants: "option", argument: null, current: last, before: "" };
      const before = split ? "" : last.slice(0, equals + 1);
      return value(this.#optionNamed(last.slice(0, equals)), last.slice(equals + 1), before);
    }
    if (!this.#isCommand) return { ...facts, wants: "word", argument: null, current: last, before: "" };
    return value(this.#positional(), last, "");
  }

  #takeWord(word: string): boolean {
    const words: string = this.words === "" ? word : `${this.words} ${word}`;
    this.#isCommand = Object.hasOwn(this.#tree.commands, words);
    const isKnown = this.words !== null && (this.#isCommand || Object.hasOwn(this.#tree.groups, words));
    this.words = isKnown ? words : null;
    return this.#isCommand;
  }

  #takePositional(): void {
    const spec = this.#spec(this.#positional());
    if (spec?.rest === "command") this.#optionsEnded = true;
    if (spec?.rest === undefined) this.#positionals += 1;
  }

  #takeOption(word: string): void {
    const equals = word.indexOf("=");
    const name = this.#optionNamed(equals === -1 ? word : word.slice(0, equals));
    if (name === null) return;
    this.#given.add(name);
    if (this.#spec(name)?.type === "boolean") return;
    this.#pending = name;
    if (equals !== -1) this.#finishOption(word.slice(equals + 1));
  }

  #finishOption(value: string): void {
    if (this.#pending === "project") this.#project = value;
    this.#pending = null;
  }

  #positional(): string | null {
    const names = Object.keys(this.args).filter((name) => this.#spec(name)?.type === "positional");
    return names[this.#positionals] ?? null;
  }

  #optionNamed(spelling: string): string | null {
    const found = Object.entries(this.args).find(
      ([name, spec]) =>
        spec.type !== "positional" &&
        (spelling === `--${name}` || ("alias" in spec && spelling === `-${spec.alias}`)),
    );
    return found?.[0] ?? null;
  }

  #spec(name: string | null): Argument | undefined {
    return name === null ? undefined : this.args[name];
  }
}
